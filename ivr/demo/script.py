"""Who calls in the demonstration, and what each of them does."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.sipp.script import (
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    Pause,
    Press,
    PutDown,
    ScriptStep,
)

BERGEN = "+4755301000"
TRONDHEIM = "+4773802000"
NATIONAL = "+4721000000"
ANYBODY = "+4722000000"
"""Somebody else who has a telephone at the same carrier."""

DIALLED = (BERGEN, TRONDHEIM, NATIONAL)
"""The customer's numbers at the carrier."""

MONDAY = "2026-11-23T10:00"
SUNDAY = "2026-11-22T22:00"


@dataclass(frozen=True, slots=True)
class Story:
    """One call of the demonstration."""

    title: str
    caller: str
    dialled: str
    call_time: str
    steps: tuple[ScriptStep, ...]
    quiet: bool = False

    @property
    def script(self) -> CallerScript:
        return CallerScript(
            dialled=self.dialled,
            caller_number=self.caller,
            steps=self.steps,
            headers={"X-Sim-Now": self.call_time},
            quiet=self.quiet,
        )


STORIES = (
    Story(
        "A Bergen customer presses 1: customer service has been national since 2025",
        "+4790000001",
        BERGEN,
        MONDAY,
        (Pause(3), Press("1"), Pause(8), PutDown()),
    ),
    Story(
        "A Bergen customer presses 2: pick-up stays in Bergen",
        "+4790000002",
        BERGEN,
        MONDAY,
        (Pause(3), Press("2"), Pause(8), PutDown()),
    ),
    Story(
        "A caller presses a wrong key, then nothing, and still reaches a person",
        "+4790000003",
        BERGEN,
        MONDAY,
        (Pause(3), Press("7"), Pause(66), PutDown()),
    ),
    Story(
        "A Trondheim customer hangs up while waiting",
        "+4790000004",
        TRONDHEIM,
        MONDAY,
        (Pause(3), Press("2"), Pause(9), PutDown()),
    ),
    Story(
        "A Bergen customer calls on a Sunday evening, hears that we are closed, and leaves a message",
        "+4790000005",
        BERGEN,
        SUNDAY,
        (Pause(3), Press("1"), Pause(30), PutDown()),
    ),
    Story(
        "An invoice is asked for on a Sunday evening: closed, and there is no voicemail for it",
        "+4790000006",
        BERGEN,
        SUNDAY,
        (Pause(3), Press("3"), AwaitHangUp()),
    ),
)

AGENTS = {
    "kari": AgentScript(answers_after=1.5),
    "tommy": AgentScript(answers_after=1.0),
    "ingrid": AgentScript(answers_after=1.2),
}
"""Who is at work, by account.

Tommy may be the first caller's: whoever asks for a pick-up in Bergen meets Ingrid then.
"""

AWAY = {"siri": AgentScript(behaviour=Behaviour.NEVER_ANSWERS)}
"""Signed in, but does not take the phone: so somebody has to wait."""
