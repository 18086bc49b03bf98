"""The dialplan: the floor under the server, which needs no server to say what is wrong."""

from __future__ import annotations

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.conf_emergency import EMERGENCY_CONTEXT, emergency_context
from ivr.asterisk.conf_floor import FLOOR_CONTEXT, floor_contexts, offered, out_of_time
from ivr.asterisk.conf_trunks import context_of
from ivr.asterisk.conf_watch import NO_SERVER, watch_context
from ivr.asterisk.steps import steps
from ivr.numbers import EMERGENCY_NUMBERS
from ivr.trunks import Trunk

# What a caller dials and their phone's Call-ID are strangers' text. Both become arguments, parted
# by commas, of an application whose parser counts brackets and quotes: let through only what can be
# neither. (`\x2d` is a hyphen, which FILTER takes for a range when it stands as itself; `\x3b` and
# `\x3d` are `;` and `=`, for the parameters of a number.)
_FILTERED = r"${{FILTER(0-9a-zA-Z+*#._\x2d\x3b\x3d,{})}}"
_DIALLED = _FILTERED.format("${EXTEN}")
_CALL_ID = r"${FILTER(0-9a-zA-Z@._+*!%~:/\x2d,${CHANNEL(pjsip,call-id)})}"
_SENT_FROM = r"${FILTER(0-9a-fA-F.:[],${CHANNEL(pjsip,remote_addr)})}"
_FORWARDED = r"${FILTER(0-9+,${REDIRECTING(from-num)})}"
_CALL_TIME = r"${FILTER(0-9TZ:+.\x2d,${PJSIP_HEADER(read,X-Sim-Now)})}"

_HEADER = {"to": "To", "called-party": "P-Called-Party-ID"}
"""Where a carrier says what was dialled, if not in the request's own URI."""

# Every text that a request-URI can hold, `s` where it holds none. It would match Asterisk's own
# extensions too: after a hang-up it looks for `h`, and would begin the dead call anew. So the
# contexts that calls come into have an `h` of their own, which does nothing, and leave at once for
# a context where no pattern stands.
_ANYTHING = "_."
_NOTHING_AFTER = "exten => h,1,Hangup()\n"

# How phones write an emergency number: after a code such as `#31#` (hide my number), with plus, zeros
# for an outside line, Norway's code in any form, a key that ends dialling, parameters. No number
# that anybody can have looks like this. FILTER has taken out dots, hyphens and brackets before.
_BARE = r"${FILTER(0-9a-zA-Z+*#\x3b\x3d,${EXTEN})}"
_SPELT = r"^([*#][0-9]+[*#]+)?[+0]*(47)?0*{number}[*#]*(\;.*)?$"


def extensions_conf(blueprint: Blueprint) -> str:
    """A context for each way in: loopback, each trunk, phones; and `nowhere` for what may not call in."""
    trunk_tells_time = blueprint.test_facts and blueprint.on_loopback
    return "\n".join(
        [
            "[general]\nstatic = yes\nwriteprotect = yes\nautofallthrough = yes\n",
            "[nowhere]\n",
            "[from-trunk]",
            _NOTHING_AFTER,
            steps(_ANYTHING, f"Set(DIALLED={_DIALLED})", "Goto(to-server,trunk,1)"),
            *(_trunk(trunk) for trunk in blueprint.trunks),
            "[from-phone]",
            _NOTHING_AFTER,
            _from_phone(),
            "[to-server]",
            _to_server("trunk", with_call_time=trunk_tells_time),
            _to_server("phone", with_call_time=False),
            steps(
                "offer",
                f"GotoIf({NO_SERVER}?{FLOOR_CONTEXT},begin,1)",
                *offered(blueprint),
                f"Goto({FLOOR_CONTEXT},begin,1)",
                "(ended)Hangup()",
            ),
            out_of_time(),
            floor_contexts(blueprint),
            watch_context(),
            emergency_context(blueprint),
        ]
    )


def _trunk(trunk: Trunk) -> str:
    """What was dialled stands where the carrier says; a caller who hides the number has none, from here on.

    A header that is not there, or not to be read (a `tel:` URI, a comma in a name), leaves the request's own number.
    Who passed the call on is said by a trunk that is believed only.
    """
    header = _HEADER.get(trunk.said.dialled_number)
    read = (
        f"Set(TOLD=${{PJSIP_HEADER(read,{header})}})",
        "GotoIf(${ISNULL(${TOLD})}?known)",
        "Set(TOLD=${PJSIP_PARSE_URI(${TOLD},user)})",
        f"Set(DIALLED={_FILTERED.format('${TOLD}')})",
        'GotoIf($["${DIALLED}" != ""]?known)',
        f"Set(DIALLED={_DIALLED})",
    )
    believed = () if trunk.said.trust_caller else ("Set(REDIRECTING(from-num,i)=)",)
    found = steps(
        _ANYTHING,
        f"Set(DIALLED={_DIALLED})",
        *believed,
        *(read if header else ()),
        '(known)GotoIf($["${CALLERID(num-pres):0:6}" != "prohib"]?shown)',
        "Set(CALLERID(num)=)",
        "Set(CALLERID(name)=)",
        "Set(CALLERID(ani-num)=)",
        "(shown)Goto(to-server,trunk,1)",
    )
    return "\n".join((f"[{context_of(trunk)}]", _NOTHING_AFTER, found))


def _from_phone() -> str:
    """Emergency numbers are looked for before the server hears of the call, which need not be there."""
    return steps(
        _ANYTHING,
        f"Set(DIALLED={_DIALLED})",
        f"Set(BARE={_BARE})",
        *(
            f'GotoIf(${{REGEX("{_SPELT.format(number=number)}" ${{BARE}})}}?{EMERGENCY_CONTEXT},{number},1)'
            for number in EMERGENCY_NUMBERS
        ),
        "Goto(to-server,phone,1)",
    )


def _to_server(came_from: str, *, with_call_time: bool) -> str:
    """What the server is told of the call, now or when one comes; then the call is offered to it."""
    told = f",time={_CALL_TIME}" if with_call_time else ""
    phone = ("Set(IS_PHONE=1)",) if came_from == "phone" else ()
    return steps(
        came_from,
        f"Set(OFFER=call,${{DIALLED}},{_CALL_ID},from={_SENT_FROM},forwarded={_FORWARDED}{told})",
        *phone,
        "Goto(offer,1)",
    )
