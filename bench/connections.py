"""How long from an agent's answer until both hear each other? `python -m bench.connections`, on a quiet machine.

One call after another to one agent, whose wrap-up lets each caller wait a second: so every answer comes while music
plays, or while the place in line is being said. Real phones, real sound; by one clock, both ways: the agent's 200 OK →
the first packet of the other's voice, at the caller and at the agent, whichever comes later. Up to 20 ms of it is the
wait for the next packet to be due, on either side.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

from bench import conditions
from bench.agent import MeasuredPhone, caller_key, measured_phone
from bench.figures import percentile
from bench.scenario import AGENT_HZ, MUSIC, MUSIC_HZ
from ivr.asterisk.cache import cache_folder
from ivr.numerals import PARTS
from ivr.sipp.sounds import tone
from tests.acceptance import probe
from tests.acceptance.serving import serving, tone_prompts, write_tone

CALLER_HZ, PLACE_HZ = 850.0, 440.0
WRAP_UP_SECONDS = 1
NUMBERS: Mapping[str, tuple[str, float]] = {
    "music": ("+4721000001", MUSIC_HZ),
    "the place in line": ("+4721000002", PLACE_HZ),
}
"""What plays when the agent answers → the number that leads there, and its tone."""

_PATIENCE_SECONDS = 10.0

RULES = f"""\
version: 1
languages: [nb]
numbers:
  +47 21 00 00 01: queue music
  +47 21 00 00 02: queue told
  anything else: hangup
queues:
  music:
    answer: 80% within 20s
    music: {MUSIC}
    wrap_up: {WRAP_UP_SECONDS}s
    while_waiting: [{{after: 5m, to: hangup}}]
  told:
    answer: 80% within 20s
    music: {MUSIC}
    say_place: every 30s
    wrap_up: {WRAP_UP_SECONDS}s
    while_waiting: [{{after: 5m, to: hangup}}]
agents:
  mari: {{phone: "sip:mari@127.0.0.1:AGENT_PORT", queues: [music]}}
  tor: {{phone: "sip:tor@127.0.0.1:AGENT_PORT", queues: [told]}}
"""


def write_sounds(folder: Path) -> Path:
    """Prompts and music as tones, each word of the place in line among them."""
    tone_prompts(folder)
    for part in PARTS:
        write_tone(folder / "nb" / f"{part}.wav", PLACE_HZ, seconds=10.0)
    write_tone(folder / "music" / MUSIC / "tone.wav", MUSIC_HZ, seconds=10.0)
    return folder


async def connections(
    server: tuple[str, int], phone: MeasuredPhone, playing: str, count: int
) -> list[float]:
    """Seconds of so many connections, one after another, each made while this plays. Raises TimeoutError."""
    number, playing_hz = NUMBERS[playing]
    took = []
    for call in range(count + 1):
        caller = f"+4792{call:06}"
        async with (
            asyncio.timeout(_PATIENCE_SECONDS),
            probe.call(server, number, caller) as placed,
        ):
            placed.sound = tone(CALLER_HZ)[: probe.FRAME_SAMPLES]
            if call:  # the agent is free for the first, who hears neither
                await placed.hears(playing_hz)
            heard = await placed.hears(AGENT_HZ)
            heard_there = await phone.hears(caller_key(caller))
            answered = phone.answered_at.pop(caller_key(caller))
            if call:
                took.append(max(heard, heard_there) - answered)
    return took


async def measure(count: int) -> dict[str, list[float]]:
    """All that can play, with a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        prompts = write_sounds(Path(folder) / "prompts")
        async with measured_phone(hears_hz=CALLER_HZ) as phone:
            rules = RULES.replace("AGENT_PORT", str(phone.port))
            async with serving(Path(folder), rules, prompts) as server:
                return {
                    playing: await connections(server.sip, phone, playing, count)
                    for playing in NUMBERS
                }


@click.command()
@click.option("--count", default=50, show_default=True, help="Connections while each plays.")
def main(count: int) -> None:
    """Print the conditions, and how long it took until both heard each other."""
    click.echo(conditions.text(conditions.look(cache_folder())))
    for playing, took in asyncio.run(measure(count)).items():
        median, tail = (percentile(took, of) * 1000 for of in (50, 99))
        told = f"median {median:.0f} ms, 99% within {tail:.0f} ms of {len(took)}"
        click.echo(f"answered while {playing} plays: {told} (wanted: median under 200 ms)")


if __name__ == "__main__":
    main()
