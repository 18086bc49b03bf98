"""The word by which a home folder is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import StoreFailed
from ivr.store.identity import IDENTITY, identity_of, known_identity


def test_a_word_is_made_once_and_kept(tmp_path: Path) -> None:
    assert known_identity(tmp_path) is None

    word = identity_of(tmp_path)

    assert identity_of(tmp_path) == known_identity(tmp_path) == word


@pytest.mark.fault("F-93")
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"half", b"zzzzzzzzzzzzzzzz\n"])
def test_a_damaged_word_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / IDENTITY).write_bytes(content)

    for read in (identity_of, known_identity):
        with pytest.raises(StoreFailed, match="`ivr store show`"):
            read(tmp_path)

    assert (tmp_path / IDENTITY).read_bytes() == content
