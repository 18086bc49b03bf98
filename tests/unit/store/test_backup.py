"""What of a home folder is copied, and what a backup may not do to the folder that it is put back into."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from ivr.audio.drafts import draft_path
from ivr.errors import StoreFailed
from ivr.server.channel_events import FOLDER as LEDGER
from ivr.store.backup import CONTENTS, back_up
from ivr.store.lock import JOURNAL
from ivr.store.open import open_store
from ivr.store.removals import RECORDINGS
from ivr.store.restoring import restore

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    asyncio.run(_served(folder))
    (folder / RECORDINGS).mkdir(parents=True)
    return folder


async def _served(home: Path) -> None:
    async with open_store(home).keeping():
        pass


def test_what_a_recording_points_to_elsewhere_is_not_copied_nor_one_that_is_being_written(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.wav").write_bytes(b"not ours")
    (home / RECORDINGS / "link.wav").symlink_to(tmp_path / "elsewhere.wav")
    (home / RECORDINGS / ".half.wav").write_bytes(b"RIF")
    (home / RECORDINGS / "whole.wav").write_bytes(b"RIFF")

    found = back_up(home, tmp_path / "copy", NOW, recordings=True)

    assert [name for name in found.files if name.endswith(".wav")] == [f"{RECORDINGS}/whole.wav"]


def test_drafts_of_prompts_and_asterisks_ledger_are_copied_wherever_their_owners_put_them(
    home: Path, tmp_path: Path
) -> None:
    kept = [draft_path(home, "welcome", "nb"), home / LEDGER / "cel.csv"]
    for path in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"one of its kind")

    back_up(home, tmp_path / "copy", NOW, recordings=False)
    restore(tmp_path / "copy", tmp_path / "new", NOW)

    for path in kept:
        again = tmp_path / "new" / path.relative_to(home)
        assert again.read_bytes() == b"one of its kind"


@pytest.mark.fault("F-72")
def test_of_a_damaged_journal_there_is_no_backup_and_nothing_is_left_of_it(
    home: Path, tmp_path: Path
) -> None:
    with (home / JOURNAL).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)

    with pytest.raises(StoreFailed, match=r"damaged|malformed"):
        back_up(home, tmp_path / "copy", NOW, recordings=True)

    assert [path.name for path in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize("name", ["../home/secrets.json", "/etc/hosts"])
def test_a_backup_that_names_files_elsewhere_is_none_of_ours(
    home: Path, tmp_path: Path, name: str
) -> None:
    copy = tmp_path / "copy"
    found = back_up(home, copy, NOW, recordings=True)
    told = msgspec.structs.replace(found, files={**found.files, name: "0"})
    (copy / CONTENTS).write_bytes(msgspec.json.encode(told))

    with pytest.raises(StoreFailed, match=f"is no backup of ours: it names {name}"):
        restore(copy, tmp_path / "new", NOW)

    assert not (tmp_path / "new").exists()


@pytest.mark.fault("F-72")
def test_a_newer_versions_backup_is_refused_with_what_to_restore_it_with(
    home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    found = back_up(home, copy, NOW, recordings=True)
    newer = msgspec.structs.replace(found, schema=found.schema + 1)
    (copy / CONTENTS).write_bytes(msgspec.json.encode(newer))

    with pytest.raises(StoreFailed, match="as new as the one which made it"):
        restore(copy, tmp_path / "new", NOW)

    assert not (tmp_path / "new").exists()
