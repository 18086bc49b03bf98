"""What the dialplan says by itself is a recording that can be played."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from ivr.asterisk.installation import Installation
from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.wav import write_recording
from ivr.server.drawing import floor_apology

INSTALLATION = Installation(
    ("/p/asterisk",), (22, 10, 1), Path("/p/m"), Path("/p/d"), Path("/p/s"), Path("/p/r"), True
)
OF_ASTERISK = Path("/p/s/vm-sorry")
GOOD, GARBAGE, HALF = "good", b"garbage" * 99, b"RIFF"


def put(folder: Path, language: str, what: str | bytes | None) -> None:
    file = folder / language / "sorry.wav"
    if isinstance(what, bytes):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(what)
    elif what:
        write_recording(file, array("h", [1000, -1000] * 4000))


@pytest.mark.parametrize(
    ("nb", "en", "expected"),
    [
        (GOOD, GOOD, "nb/sorry"),
        (GOOD, None, "nb/sorry"),
        (None, GOOD, "en/sorry"),
        (GARBAGE, GOOD, "en/sorry"),
        (HALF, None, None),
        (b"", b"", None),
        (None, None, None),
    ],
)
def test_a_file_that_cannot_be_played_is_no_apology(
    tmp_path: Path, nb: str | bytes | None, en: str | bytes | None, expected: str | None
) -> None:
    put(tmp_path, "nb", nb)
    put(tmp_path, "en", en)

    found = floor_apology(PromptCatalogue.load(tmp_path), ("nb", "en"), INSTALLATION)

    assert found == (OF_ASTERISK if expected is None else tmp_path.resolve() / expected)
