"""What to do about a carrier's answer: for each SIP status, a sentence that names the key of `[[trunk]]`. Pure."""

from __future__ import annotations

TO_A_CALL: dict[int, str] = {
    200: "it took the call and agreed on no sound, so nobody was heard: compare `codecs` with its sheet",
    400: "it could not read our call: ask it what it missed; `number_form` and `identity` are the usual reasons",
    401: "it asks for a password and does not take ours: compare `account`, `login` and `password_file` with its sheet",
    402: "it wants to be paid first: look at the account there",
    403: "it does not let this call out: `own_number` must be a number of yours there, written as in `number_form`; or "
    "it does not know this server's address, or the account may not call such numbers",
    404: "it knows no such number, or not so written: compare `number_form` with its sheet",
    407: "it asks for a password and does not take ours: compare `account`, `login` and `password_file` with its sheet",
    408: "its machine gave up waiting for the other side: try another number; if none works, ask the carrier",
    410: "the number is not in use any more",
    415: "it takes none of our `codecs`: compare them with its sheet",
    480: "the number is known and nobody is there: the trunk works",
    484: "the number is too short, or not so written: compare `number_form` with its sheet",
    486: "the number is busy: the trunk works",
    488: "it takes none of our `codecs`, or wants speech encrypted, or not encrypted: compare both with its sheet",
    500: "its machine is in trouble: try again, then ask the carrier",
    502: "its way on is in trouble: try again, then ask the carrier",
    503: "it takes no more calls now: too many at once (`calls_out_at_once`), or out of service; ask the carrier",
    504: "its way on is in trouble: try again, then ask the carrier",
    600: "the number is busy: the trunk works",
    603: "the call was declined: by the person, or by the carrier, which may not like the `own_number` that we show",
    606: "it takes none of our `codecs`: compare them with its sheet",
}

NO_ANSWER = (
    "nothing answered: compare the addresses and ports with its sheet, and let UDP packets to and from them through "
    "the firewall"
)

SIGNED_OUT = (
    "not signed in: its callers do not come in; compare `account`, `login`, `password_file`, `registrar` and `domain` "
    "with its sheet"
)

NO_SOUND = (
    "no sound came from the other side: let the ports of `sip.rtp` through the firewall, and behind a router set "
    "`sip.external_address` and `sip.local_networks`"
)

NO_KEY = "no key was heard: if you pressed one, its keys come otherwise; try `digits` = `info`, `inband` or `auto`"


def mend_for_call(status: int | None) -> str:
    """What to do where a call was not taken; None: no answer came."""
    if status is None:
        return NO_ANSWER
    known = TO_A_CALL.get(status)
    if known is not None:
        return known
    if 300 <= status < 400:
        return "it names another number instead, which is not called: ask the carrier why"
    return f"ask the carrier what its {status} means"
