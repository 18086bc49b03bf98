"""The calls of the bench, the same for both sides: menu, a key after 1 s, queue, an agent answers, 3 s of talk.

Most calls are SIPp's, to the queue `sales`. A few are the probe's (`probing.py`), to the queue `measured`, whose agents
sit in this process, so that one clock tells when a key was pressed, an agent answered, a sound came.
"""

from __future__ import annotations

from pathlib import Path

from ivr.sipp import AgentScript, CallerScript, Pause, Press, PutDown
from tests.acceptance.serving import tone_prompts, write_tone

DIALLED = "+4721000000"
KEY_AFTER_SECONDS = 1.0
RING_SECONDS = 0.2
TALK_SECONDS = 3.0
CONNECT_SECONDS = 0.3
"""Kept free for what lies between key, ringing and talk, so that the talk is not shorter than it should be."""

MENU_HZ, MUSIC_HZ, AGENT_HZ = 440.0, 1000.0, 700.0
MUSIC = "calm"
MEASURED_AGENTS = 24
AGENTS_FOR_EACH_NEW_CALL = 6
"""So many agents for every new call a second: each call holds one for some 3.5 s."""

CALLER = CallerScript(
    DIALLED,
    "+4790000001",
    (
        Pause(KEY_AFTER_SECONDS),
        Press("1"),
        Pause(RING_SECONDS + CONNECT_SECONDS + TALK_SECONDS),
        PutDown(),
    ),
)
AGENT = AgentScript(answers_after=RING_SECONDS)
CALL_SECONDS = CALLER.longest_seconds


def agent_names(rate: float) -> tuple[str, ...]:
    """The agents of `sales` at `rate` new calls a second."""
    count = max(24, round(rate * AGENTS_FOR_EACH_NEW_CALL))
    return tuple(f"a{number}" for number in range(1, count + 1))


def measured_names() -> tuple[str, ...]:
    """The agents of `measured`."""
    return tuple(f"m{number}" for number in range(1, MEASURED_AGENTS + 1))


def write_prompts(folder: Path) -> Path:
    """Prompts and music as pure tones, which tell what a packet belongs to."""
    tone_prompts(folder, menu=MENU_HZ)
    write_tone(folder / "music" / MUSIC / "tone.wav", MUSIC_HZ, seconds=10.0)
    return folder
