"""A caller who waits hears something, whatever lies in the folder of the music."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance import probe
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TONE_HZ, MUSIC_HZ, OTHER_HZ = 425, 1000, 1500
HEARD = {
    "missing": TONE_HZ,
    "empty": TONE_HZ,
    "broken": TONE_HZ,
    "mixed": MUSIC_HZ,
    "good": MUSIC_HZ,
}
"""What a caller hears by the state of the music's folder."""

NUMBERS = {name: f"+472100000{number}" for number, name in enumerate(HEARD)}
RULES = "\n".join(
    (
        "version: 1",
        "languages: [nb]",
        "numbers:",
        *(f"  {number[:3]} {number[3:]}: queue {name}" for name, number in NUMBERS.items()),
        "  +47 21000009: queue changing",
        "  anything else: queue good",
        "queues:",
        *(
            f"  {name}: {{answer: 80% within 20s, music: {name}, while_waiting: [{{after: 5m, to: hangup}}]}}"
            for name in (*HEARD, "changing")
        ),
        "",
    )
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("music")
    prompts = tone_prompts(folder / "prompts")
    music = prompts / "music"
    for name in ("empty", "broken", "mixed"):
        (music / name).mkdir(parents=True)
    write_tone(music / "good" / "song.wav", MUSIC_HZ, seconds=10.0)
    write_tone(music / "mixed" / "song.wav", MUSIC_HZ, seconds=10.0)
    write_tone(music / "changing" / "song.wav", MUSIC_HZ, seconds=1.0)
    song = (music / "good" / "song.wav").read_bytes()
    for name in ("broken", "mixed"):
        (music / name / "garbage.wav").write_bytes(b"garbage" * 999)
        (music / name / "an odd note.wav").write_bytes(with_an_odd_note(song))
        (music / name / "song.mp3").write_bytes(b"ID3" + bytes(2000))
    async with serving(folder, RULES, prompts) as running:
        yield running


def with_an_odd_note(song: bytes) -> bytes:
    """The same recording as a studio writes it: with a note of odd length before the sound."""
    note = b"bext" + (603).to_bytes(4, "little") + bytes(604)
    body = song[8:36] + note + song[36:]
    return b"RIFF" + len(body).to_bytes(4, "little") + body


@pytest.mark.parametrize("music", HEARD)
async def test_caller_who_waits_hears_music_or_a_tone(server: Server, music: str) -> None:
    async with (
        probe.call(server.sip, NUMBERS[music], "+4790000001") as placed,
        asyncio.timeout(8),
    ):
        await placed.hears(HEARD[music])


async def test_music_that_is_replaced_is_told(server: Server) -> None:
    health = await server.health()

    assert health["status"] == "degraded"
    assert any("no music broken, empty, missing can be played" in one for one in health["problems"])


@pytest.mark.fault("F-30")
async def test_who_waits_while_the_song_is_taken_away_and_another_comes_is_never_left_in_silence(
    server: Server,
) -> None:
    changing = server.home.parent / "prompts" / "music" / "changing"
    async with (
        probe.call(server.sip, "+4721000009", "+4790000002") as placed,
        asyncio.timeout(30),
    ):
        await placed.hears(MUSIC_HZ)
        (changing / "song.wav").unlink()
        await placed.hears(TONE_HZ)
        write_tone(changing / "other.wav", OTHER_HZ, seconds=1.0)
        await placed.hears(OTHER_HZ)
