"""The dialplan: the floor under the server, which needs no server to say what is wrong."""

from __future__ import annotations

from ivr.asterisk.plan import EMERGENCY_NUMBERS, AsteriskPlan

# What a caller dials and their phone's Call-ID are strangers' text. Both become arguments, parted
# by commas, of an application whose parser counts brackets and quotes: let through only what can be
# neither. (`\x2d` is a hyphen, which FILTER takes for a range when it stands as itself.)
_DIALLED = r"${FILTER(0-9a-zA-Z+*#._\x2d,${EXTEN})}"
_CALL_ID = r"${FILTER(0-9a-zA-Z@._+*!%~:/\x2d,${CHANNEL(pjsip,call-id)})}"
_CALL_TIME = r"${FILTER(0-9TZ:+.\x2d,${PJSIP_HEADER(read,X-Sim-Now)})}"

# A number, or a name of two letters or more. A pattern that matched one letter would also match
# Asterisk's own extensions: after a hang-up it looks for `h`, step by step, and would hand the dead
# call to the server again.
_NUMBER = "_[0-9+*#]!"
_NAME = "_[a-zA-Z][0-9a-zA-Z]!"


def extensions_conf(plan: AsteriskPlan) -> str:
    """`from-trunk` for callers, `from-phone` for phones, `nowhere` for what may not call in."""
    return "\n".join(
        [
            "[general]\nstatic = yes\nwriteprotect = yes\nautofallthrough = yes\n",
            "[nowhere]\n",
            "[from-trunk]",
            *_all_to_server(plan, with_call_time=plan.test_facts and plan.on_loopback),
            "[from-phone]",
            "; An exact number is matched before any pattern: these calls never reach the server.",
            *(f"exten => {number},1,Goto(emergency,{number},1)" for number in EMERGENCY_NUMBERS),
            *_all_to_server(plan, with_call_time=False),
            "[emergency]",
            *(_emergency(plan, number) for number in EMERGENCY_NUMBERS),
        ]
    )


def _emergency(plan: AsteriskPlan, number: str) -> str:
    """No trunk takes emergency calls: say so at once, and without answering.

    A phone that gets a refusal, unlike one that was answered, may try its mobile network by itself.
    """
    return _steps(
        number,
        f"Log(WARNING,emergency call to {number} from phone ${{CHANNEL(endpoint)}} refused: "
        "no trunk takes emergency calls)",
        "Progress()",
        f"Playback({plan.emergency_prompt},noanswer)",
        "Hangup(34)",
    )


def _all_to_server(plan: AsteriskPlan, *, with_call_time: bool) -> list[str]:
    return [
        _to_server(plan, dialled, with_call_time=with_call_time) for dialled in (_NUMBER, _NAME)
    ]


def _to_server(plan: AsteriskPlan, dialled: str, *, with_call_time: bool) -> str:
    """Hand the call to the server; should that fail, say sorry and hang up (41, try later)."""
    arguments = f"{plan.application},call,{_DIALLED},{_CALL_ID}"
    timed = [
        f"Set(CALL_TIME={_CALL_TIME})",
        'GotoIf($["${CALL_TIME}" = ""]?now)',
        f"Stasis({arguments},${{CALL_TIME}})",
        "Goto(after)",
    ]
    return _steps(
        dialled,
        f"Set(TIMEOUT(absolute)={plan.longest_call_seconds})",
        *(timed if with_call_time else ()),
        f"(now)Stasis({arguments})",
        '(after)GotoIf($["${STASISSTATUS}" = "SUCCESS"]?ended)',
        "Answer()",
        f"Playback({plan.fallback_prompt})",
        "Hangup(41)",
        "(ended)Hangup()",
    )


def _steps(dialled: str, first: str, *rest: str) -> str:
    """An extension: `(label)` in front of a step names it."""
    lines = [f"exten => {dialled},1,{first}"]
    for step in rest:
        label, bracket, application = step.partition(")") if step[0] == "(" else ("", "", step)
        lines.append(f" same => n{label}{bracket},{application}")
    return "\n".join([*lines, ""])
