"""The dialplan: the floor under the server, which needs no server to say what is wrong."""

from __future__ import annotations

from ivr.asterisk.blueprint import EMERGENCY_NUMBERS, Blueprint

# What a caller dials and their phone's Call-ID are strangers' text. Both become arguments, parted
# by commas, of an application whose parser counts brackets and quotes: let through only what can be
# neither. (`\x2d` is a hyphen, which FILTER takes for a range when it stands as itself; `\x3b` and
# `\x3d` are `;` and `=`, for the parameters of a number.)
_DIALLED = r"${FILTER(0-9a-zA-Z+*#._\x2d\x3b\x3d,${EXTEN})}"
_CALL_ID = r"${FILTER(0-9a-zA-Z@._+*!%~:/\x2d,${CHANNEL(pjsip,call-id)})}"
_CALL_TIME = r"${FILTER(0-9TZ:+.\x2d,${PJSIP_HEADER(read,X-Sim-Now)})}"

# Every text that a request-URI can hold, `s` where it holds none. It would match Asterisk's own
# extensions too: after a hang-up it looks for `h`, and would begin the dead call anew. So the
# contexts that calls come into have an `h` of their own, which does nothing, and leave at once for
# a context where no pattern stands.
_ANYTHING = "_."
_NOTHING_AFTER = "exten => h,1,Hangup()\n"

TAKE_SECONDS = 8
"""How long a caller rings for a server that is linked and does nothing."""

# How phones write an emergency number: after a code such as `#31#` (hide my number), with plus, zeros
# for an outside line, Norway's code in any form, a key that ends dialling, parameters. No number
# that anybody can have looks like this. FILTER has taken out dots, hyphens and brackets before.
_BARE = r"${FILTER(0-9a-zA-Z+*#\x3b\x3d,${EXTEN})}"
_SPELT = r"^([*#][0-9]+[*#]+)?[+0]*(47)?0*{number}[*#]*(\;.*)?$"


def extensions_conf(blueprint: Blueprint) -> str:
    """`from-trunk` for callers, `from-phone` for phones, `nowhere` for what may not call in."""
    trunk_tells_time = blueprint.test_facts and blueprint.on_loopback
    return "\n".join(
        [
            "[general]\nstatic = yes\nwriteprotect = yes\nautofallthrough = yes\n",
            "[nowhere]\n",
            "[from-trunk]",
            _NOTHING_AFTER,
            _steps(_ANYTHING, f"Set(DIALLED={_DIALLED})", "Goto(to-server,trunk,1)"),
            "[from-phone]",
            _NOTHING_AFTER,
            _from_phone(),
            "[to-server]",
            _to_server(blueprint, "trunk", with_call_time=trunk_tells_time),
            _to_server(blueprint, "phone", with_call_time=False),
            _steps("T", *_floor(blueprint)),
            "[emergency]",
            *(_emergency(number) for number in EMERGENCY_NUMBERS),
        ]
    )


def _from_phone() -> str:
    """Emergency numbers are looked for before the server hears of the call, which need not be there."""
    return _steps(
        _ANYTHING,
        f"Set(DIALLED={_DIALLED})",
        f"Set(BARE={_BARE})",
        *(
            f'GotoIf(${{REGEX("{_SPELT.format(number=number)}" ${{BARE}})}}?emergency,{number},1)'
            for number in EMERGENCY_NUMBERS
        ),
        "Goto(to-server,phone,1)",
    )


def _emergency(number: str) -> str:
    """No trunk takes emergency calls: refuse at once (34, which is SIP's 503), without a word.

    A phone that gets a refusal, unlike one that was answered, may try its mobile network by itself;
    a prompt before it would cost seconds.
    """
    return _steps(
        number,
        f"Log(WARNING,emergency call to {number} from phone ${{CHANNEL(endpoint)}} refused: "
        "no trunk takes emergency calls)",
        "Hangup(34)",
    )


def _to_server(blueprint: Blueprint, came_from: str, *, with_call_time: bool) -> str:
    """Hand the call to the server; should that fail, or it not take the call, the floor.

    A server that is linked and frozen takes nothing, and would leave callers in silence. So the call has
    a few seconds first; the server gives it more as it takes it. When they are over Asterisk goes on at `T`.
    """
    arguments = f"{blueprint.application},call,${{DIALLED}},{_CALL_ID}"
    timed = [
        f"Set(CALL_TIME={_CALL_TIME})",
        'GotoIf($["${CALL_TIME}" = ""]?now)',
        f"Stasis({arguments},${{CALL_TIME}})",
        "Goto(after)",
    ]
    return _steps(
        came_from,
        f"Set(TIMEOUT(absolute)={TAKE_SECONDS})",
        *(timed if with_call_time else ()),
        f"(now)Stasis({arguments})",
        '(after)GotoIf($["${STASISSTATUS}" = "SUCCESS"]?ended)',
        *_floor(blueprint),
        "(ended)Hangup()",
    )


def _floor(blueprint: Blueprint) -> tuple[str, ...]:
    """Say sorry and hang up (41, try later)."""
    return "Answer()", f"Playback({blueprint.fallback_prompt})", "Hangup(41)"


def _steps(dialled: str, first: str, *rest: str) -> str:
    """An extension: `(label)` in front of a step names it."""
    lines = [f"exten => {dialled},1,{first}"]
    for step in rest:
        label, bracket, application = step.partition(")") if step[0] == "(" else ("", "", step)
        lines.append(f" same => n{label}{bracket},{application}")
    return "\n".join([*lines, ""])
