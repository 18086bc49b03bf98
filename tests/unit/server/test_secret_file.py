"""Secrets in files that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ConfigRefused
from ivr.server.secret_file import secret_in

KEY, WANTED = "speech.secret_file", "the path of a file whose first line is the secret"


@pytest.mark.parametrize(
    "held", [None, b"", b"\n", b"\nsecret\n", b" \r\nsecret\n", b"\xff\xfes\x00"]
)
def test_a_file_without_a_secret_is_refused_with_what_is_wanted(
    tmp_path: Path, held: bytes | None
) -> None:
    file = tmp_path / "secret"
    if held is not None:
        file.write_bytes(held)

    with pytest.raises(ConfigRefused) as refused:
        secret_in(file, KEY, WANTED)

    assert (refused.value.key, refused.value.expected) == (KEY, WANTED)


@pytest.mark.parametrize("held", ["søt", "søt \nmore\n", "\ufeffsøt\r\n"])
def test_the_first_line_is_the_secret_whatever_an_editor_adds(tmp_path: Path, held: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(held.encode())

    assert secret_in(file, KEY, WANTED) == "søt"
