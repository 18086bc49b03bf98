"""Drafts below the home folder: what is not kept is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audio.drafts import draft_path
from ivr.server.drafts import DraftFolder


@pytest.fixture
def folder(tmp_path: Path) -> DraftFolder:
    (tmp_path / "recordings").mkdir()
    return DraftFolder(tmp_path, "recordings")


def test_what_is_not_kept_is_gone_with_the_scope(folder: DraftFolder) -> None:
    with folder.under_way("1-rec") as draft:
        draft.path.write_bytes(b"sound")

    assert list((folder.home / "recordings").iterdir()) == []


def test_what_is_kept_takes_the_place_of_the_draft_before(folder: DraftFolder) -> None:
    for sound in (b"first", b"second"):
        with folder.under_way("1-rec") as draft:
            draft.path.write_bytes(sound)
            assert folder.keep(draft, "closed.storm", "nb")

    assert draft_path(folder.home, "closed.storm", "nb").read_bytes() == b"second"
    assert list((folder.home / "recordings").iterdir()) == []


def test_a_file_that_asterisk_never_made_cannot_be_kept(folder: DraftFolder) -> None:
    with folder.under_way("1-rec") as draft:
        assert not folder.keep(draft, "closed.storm", "nb")

    assert not draft_path(folder.home, "closed.storm", "nb").exists()


def test_what_an_earlier_server_was_recording_is_taken_away(folder: DraftFolder) -> None:
    recordings = folder.home / "recordings"
    for name in ("1-rec", "message"):
        (recordings / f"{name}.wav").write_bytes(b"sound")

    folder.drop(("0-rec", "1-rec"))

    assert [path.stem for path in recordings.iterdir()] == ["message"]
