"""Scripts as SIPp scenarios: what is said on the wire, message by message. Pure text.

SIPp's XML reader knows CDATA and nothing else for messages, so what comes from a script is refused where it is made
(`script.py`) rather than escaped here; only a URI's user part is escaped, as a URI wants it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ivr.sipp.messages import (
    ANSWER,
    OFFER,
    agents_bye,
    callers_request,
    register,
    response,
)
from ivr.sipp.script import (
    PRESS_SECONDS,
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    Credentials,
    Pause,
    Press,
    PutDown,
    ScriptStep,
    Speak,
)
from ivr.sipp.sounds import EVENT_STREAM, SILENCE_FILE, TONE_FILE, key_file

LONGEST_REGISTRATION_SECONDS = 3600

_NEVER_MS = 3_600_000


def caller_scenario(script: CallerScript) -> str:
    """A call: INVITE, the steps, BYE sent or received. A call that ends as scripted logs its Call-ID."""
    invite = callers_request("INVITE", 1, script, headers=script.headers, body=OFFER)
    return _scenario(
        "caller",
        _send(invite, retransmit=True),
        '<recv response="100" optional="true"/>',
        '<recv response="180" optional="true"/>',
        '<recv response="183" optional="true"/>',
        '<recv response="200" rtd="true"/>',
        _send(callers_request("ACK", 1, script)),
        _between(script),
        *(line for step in script.steps for line in _step(step, script)),
        _note("[call_id]"),
    )


def agent_scenario(script: AgentScript) -> str:
    """A phone that takes any number of calls, one after another or at once, and answers OPTIONS at any time."""
    story = {
        Behaviour.ANSWERS: _answers,
        Behaviour.BUSY: lambda _: _refuses("486 Busy Here"),
        Behaviour.DECLINES: lambda _: _refuses("603 Decline"),
        Behaviour.NEVER_ANSWERS: _never_answers,
    }[script.behaviour]
    return _scenario(
        "agent",
        '<recv request="OPTIONS" optional="true" next="qualified"/>',
        '<recv request="INVITE" rrs="true"/>',
        *story(script),
        '<label id="qualified"/>',
        _send(response("200 OK", tagged=True)),
        '<label id="end"/>',
    )


def registration_scenario(account: Credentials, *, expires_seconds: int) -> str:
    """REGISTER with digest; the contact is the address that SIPp itself listens on. 0 seconds takes it back."""
    credentials = f"[authentication username={account.name} password={account.password}]"
    return _scenario(
        "registration",
        _send(register(account, 1, expires_seconds), retransmit=True),
        '<recv response="100" optional="true"/>',
        '<recv response="401" auth="true"/>',
        _send(register(account, 2, expires_seconds, credentials), retransmit=True),
        '<recv response="100" optional="true"/>',
        '<recv response="200"/>',
    )


def _step(step: ScriptStep, script: CallerScript) -> Iterator[str]:
    match step:
        case Pause(seconds):
            yield _pause(seconds)
        case Press(key):
            yield _stream(f"{key_file(key)},1,{EVENT_STREAM}")
            yield _pause(PRESS_SECONDS)
            yield _between(script)
        case Speak(recording):
            yield _stream(f"{recording},1,8,PCMA/8000")
            yield _pause(step.seconds)
            yield _between(script)
        case PutDown():
            yield _send(callers_request("BYE", 2, script), retransmit=True)
            yield '<recv response="200"/>'
        case AwaitHangUp():
            yield '<recv request="BYE"/>'
            yield _send(response("200 OK"))


def _between(script: CallerScript) -> str:
    """What the caller sends between the steps."""
    return _stream(f"{SILENCE_FILE if script.quiet else TONE_FILE},-1,8,PCMA/8000")


def _answers(script: AgentScript) -> Iterator[str]:
    yield _send(response("180 Ringing", tagged=True))
    yield _cancelled_within(script.answers_after, otherwise="answer")
    yield from _gives_up()
    yield '<label id="answer"/>'
    yield _send(response("200 OK", tagged=True, body=ANSWER), retransmit=True)
    if script.hangs_up_after is None:
        yield '<recv request="ACK"/>'
        yield _note("[call_id]")
        yield '<recv request="BYE"/>'
        yield _send(response("200 OK"), following="end")
    else:
        yield from _hangs_up(script.hangs_up_after)


def _hangs_up(after_seconds: float) -> Iterator[str]:
    yield """\
<recv request="ACK"><action>
  <ereg regexp=".*" search_in="hdr" header="From:" assign_to="caller"/>
  <ereg regexp=".*" search_in="hdr" header="To:" assign_to="agent"/>
</action></recv>"""
    yield _note("[call_id]")
    limit = max(_milliseconds(after_seconds), 1)
    yield f'<recv request="BYE" timeout="{limit}" ontimeout="hang-up"/>'
    yield _send(response("200 OK"), following="end")
    yield '<label id="hang-up"/>'
    yield _send(agents_bye(), retransmit=True)
    yield '<recv response="200" next="end"/>'


def _never_answers(_script: AgentScript) -> Iterator[str]:
    yield _send(response("180 Ringing", tagged=True))
    yield f'<recv request="CANCEL" timeout="{_NEVER_MS}"/>'
    yield from _gives_up()


def _refuses(status: str) -> Iterator[str]:
    yield _send(response(status, tagged=True), retransmit=True)
    yield '<recv request="ACK" next="end"/>'


def _cancelled_within(seconds: float, *, otherwise: str) -> str:
    """Ring, and hear a CANCEL meanwhile: SIPp is deaf to it in a pause."""
    limit = max(_milliseconds(seconds), 1)
    return f'<recv request="CANCEL" timeout="{limit}" ontimeout="{otherwise}"/>'


def _gives_up() -> Iterator[str]:
    yield _send(response("200 OK", tagged=True))
    terminated = response("487 Request Terminated", tagged=True, cseq="[last_cseq_number] INVITE")
    yield _send(terminated, retransmit=True)
    yield '<recv request="ACK" next="end"/>'


def _send(message: str, *, retransmit: bool = False, following: str | None = None) -> str:
    attributes = ' retrans="500"' * retransmit + (f' next="{following}"' if following else "")
    return f"<send{attributes}><![CDATA[\n\n{message}\n]]></send>"


def _stream(what: str) -> str:
    return f'<nop><action><exec rtp_stream="{what}"/></action></nop>'


def _note(text: str) -> str:
    return f'<nop><action><log message="{text}"/></action></nop>'


def _pause(seconds: float) -> str:
    return f'<pause milliseconds="{_milliseconds(seconds)}"/>'


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _scenario(name: str, *lines: str) -> str:
    body = "\n".join(lines)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="{name}">\n{body}\n</scenario>\n'
    )
