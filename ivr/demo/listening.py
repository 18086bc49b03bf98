"""The last caller of the demonstration says the word instead of pressing the key."""

from __future__ import annotations

from pathlib import Path

from ivr.demo.script import MONDAY, NATIONAL, Story
from ivr.errors import DemoFailed
from ivr.sipp.script import Pause, PutDown, Speak
from ivr.sipp.sounds import alaw
from ivr.speech.phoneme.espeak import Espeak

WORD = "faktura"

_MENU = "    tries: 3\n"
_WORDS = {
    "Kundeservice": "kundeservice",
    "Faktura": "[faktura, regning]",
    "Reklamasjon": "reklamasjon",
    "Henting og levering": "[henting, levering]",
}


def write_listening_rules(rules: Path, folder: Path) -> Path:
    """Them, beside those of the demonstration. Blocks. Raises DemoFailed for other rules."""
    file = folder / "listening.yaml"
    file.write_text(listening(rules.read_text("utf-8")), "utf-8")
    return file


def listening(text: str) -> str:
    """These rules, with a main menu that listens, and words for its departments. Raises DemoFailed for other rules."""
    text = _with(text, _MENU, f"{_MENU}    speech: true\n")
    for title, words in _WORDS.items():
        line = next((one for one in text.splitlines() if f"name: {{nb: {title}," in one), "")
        text = _with(text, f"{line}\n", f"{line}\n    words: {{nb: {words}}}\n")
    return text


def _with(text: str, old: str, new: str) -> str:
    if old.strip() == "" or old not in text:
        raise DemoFailed("the demonstration's rules are others than it knows", "")
    return text.replace(old, new, 1)


def spoken_story(espeak: Espeak, folder: Path) -> Story:
    """A caller who says WORD, as espeak-ng reads it; the recording is kept in `folder`. Blocks."""
    recording = folder.resolve() / f"{WORD}.alaw"
    recording.write_bytes(_as_alaw(espeak))
    return Story(
        f"A caller says “{WORD}” and presses nothing: a speech worker hears it",
        "+4790000007",
        NATIONAL,
        MONDAY,
        (Pause(2), Speak(recording), Pause(12), PutDown()),
        quiet=True,
    )


def _as_alaw(espeak: Espeak) -> bytes:
    """8,000 A-law samples a second, in the telephone's band."""
    import numpy as np  # noqa: PLC0415 - comes with the engine

    from ivr.speech.phoneme.teachers import Teacher, lesson  # noqa: PLC0415 - as above

    heard = np.frombuffer(lesson(espeak, WORD, "nb", Teacher("f1", 200, 1.0, -70)), dtype="<i2")
    return bytes(alaw(int(sample)) for sample in heard[::2])
