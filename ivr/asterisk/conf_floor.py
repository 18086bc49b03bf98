"""The floor: what becomes of callers while no server takes them; all of it is Asterisk's own doing."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.conf_watch import NO_SERVER
from ivr.asterisk.steps import steps
from ivr.numbers import PhoneNumber, parse_number
from ivr.trunks import Trunk, written

FLOOR_CONTEXT = "floor"
FALLBACK_CONTEXT = "fallback"

ANEW = "anew"
"""The extension of the floor for a caller of whom no server knows anything: the call is offered as a new one."""

TAKE_SECONDS = 8
"""How long a caller rings for a server that is linked and does nothing."""

LOST_SECONDS = 60
"""A limit that is over so long after the call was offered is the call's own: the server had taken it."""

RING_SECONDS = 40
"""How long the fallback's phone may ring, at each address of each trunk."""

LONGEST_SECONDS = 14_400
"""A call that no server has lasts no longer than one that a server has."""

_WAITED = "${EPOCH} - ${FLOOR_SINCE}"
"""In seconds by the clock on the wall, Asterisk's dialplan has no other: less than nothing where it was set back."""

_CAME = "${STRFTIME(,,%s%3q)}"
"""The time in milliseconds: callers who come within one second are told apart."""


def offered(blueprint: Blueprint, more: str = "") -> tuple[str, ...]:
    """Steps that hand the call to the server; at `ended` where it was taken, and is over, else they go on.

    A server that is linked and frozen takes nothing, and would leave callers in silence. So the call has
    a few seconds first; the server gives it more as it takes it. When they are over Asterisk goes on at `T`.
    """
    return (
        "Set(OFFERED_AT=${EPOCH})",
        f"Set(TIMEOUT(absolute)={TAKE_SECONDS})",
        f"Stasis({blueprint.application},${{OFFER}}{more})",
        'GotoIf($["${STASISSTATUS}" = "SUCCESS"]?ended)',
    )


def out_of_time() -> str:
    """`T`: a call's limit is over. A server that did nothing leaves the call to the floor; a call of hours ends."""
    return steps(
        "T",
        f"GotoIf($[${{EPOCH}} - 0${{OFFERED_AT}} > {LOST_SECONDS}]?over)",
        f"Goto({FLOOR_CONTEXT},begin,1)",
        "(over)Hangup()",
    )


def floor_contexts(blueprint: Blueprint) -> str:
    """Say that we are on our way, and wait with music: a server that comes meanwhile gets the call.

    A caller for whom none comes goes to the fallback. A phone of ours does not: who rings a colleague is told that we
    are sorry. A call that comes here again, since a frozen server had it for a moment, waits on and hears no prompt.
    """
    floor = blueprint.floor
    says = (f"Playback({floor.on_our_way})",) if floor.on_our_way else ()
    waits = (
        *says,
        f"(wait)StartMusicOnHold({floor.music})",
        "(turn)Wait(1)",
        f"GotoIf({NO_SERVER}?waited)",
        "StopMusicOnHold()",
        *offered(blueprint, f",floor=$[{_CAME} - ${{CAME}}]"),
        "Set(TIMEOUT(absolute)=0)",
        f"StartMusicOnHold({floor.music})",
        f"(waited)GotoIf($[{_WAITED} >= 0 & {_WAITED} < {floor.wait_seconds}]?turn)",
        "StopMusicOnHold()",
    )
    goes_out = (f'GotoIf($["${{IS_PHONE}}" = ""]?{FALLBACK_CONTEXT},out,1)',)
    contexts = [
        f"[{FLOOR_CONTEXT}]",
        steps(
            "begin",
            "Set(TIMEOUT(absolute)=0)",
            *(('GotoIf($["${FLOOR_SINCE}" != ""]?wait)',) if floor.wait_seconds else ()),
            "Answer()",
            "Set(FLOOR_SINCE=${EPOCH})",
            f"Set(CAME={_CAME})",
            *(waits if floor.wait_seconds else ()),
            *(goes_out if blueprint.fallback_ways else ()),
            "Goto(sorry,1)",
            "(ended)Hangup()",
        ),
        steps("freed", "StopMusicOnHold()", "Set(FLOOR_SINCE=)", "Goto(begin,1)"),
        steps(ANEW, "StopMusicOnHold()", "Set(FLOOR_SINCE=)", "Goto(to-server,offer,1)"),
        steps("sorry", f"Playback({blueprint.fallback_prompt})", "Hangup(41)"),
        out_of_time(),
    ]
    if floor.fallback is not None and blueprint.fallback_ways:
        contexts.append(_fallback(blueprint, floor.fallback))
    return "\n".join(contexts)


def _fallback(blueprint: Blueprint, number: PhoneNumber) -> str:
    """One number outside, which the settings name, over one trunk after the other; music until somebody is there.

    Nothing that a caller sent is in what is dialled. Where a carrier names another number (302), that is not called.
    """
    tries = [step for trunk in blueprint.fallback_ways for step in _tries(blueprint, trunk, number)]
    return "\n".join(
        (
            f"[{FALLBACK_CONTEXT}]",
            steps(
                "out",
                f"Set(TIMEOUT(absolute)={LONGEST_SECONDS})",
                "Set(CALLERID(name)=)",
                *tries,
                f"Goto({FLOOR_CONTEXT},sorry,1)",
                "(over)Hangup()",
            ),
        )
    )


def _tries(blueprint: Blueprint, trunk: Trunk, number: PhoneNumber) -> Iterator[str]:
    said = trunk.said
    own = written(parse_number(said.own_number), said.number_form) if said.own_number else ""
    yield f"Set(CALLERID(num)={own})"
    for host in trunk.hosts:
        uri = trunk.uri(host, written(number, said.number_form)).replace(";", "\\;")
        first = f"{RING_SECONDS}^{said.first_answer_seconds}"
        yield f"Dial(PJSIP/{trunk.name}/{uri},{first},im({blueprint.floor.music}))"
        yield 'GotoIf($["${DIALSTATUS}" = "ANSWER"]?over)'
