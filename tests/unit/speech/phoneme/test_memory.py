"""What was learned of a phrase is there after a restart, or is learned again."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ivr.speech.phoneme.memory import PhraseMemory

HEARD = [np.eye(3, dtype=np.float32), np.zeros((0, 3), dtype=np.float32)]


def test_what_was_learned_is_remembered(tmp_path: Path) -> None:
    PhraseMemory(tmp_path / "speech", "ten voices").keep("faktura", "nb", HEARD)

    kept = PhraseMemory(tmp_path / "speech", "ten voices").recall("faktura", "nb")

    assert kept is not None
    assert [one.tolist() for one in kept] == [one.tolist() for one in HEARD]
    assert len(list((tmp_path / "speech").iterdir())) == 1


def test_another_phrase_language_or_teacher_is_another(tmp_path: Path) -> None:
    memory = PhraseMemory(tmp_path, "ten voices")
    memory.keep("faktura", "nb", HEARD)

    assert memory.recall("regning", "nb") is None
    assert memory.recall("faktura", "en") is None
    assert PhraseMemory(tmp_path, "six voices").recall("faktura", "nb") is None


def test_a_file_that_is_cut_short_is_learned_again(tmp_path: Path) -> None:
    memory = PhraseMemory(tmp_path, "ten voices")
    memory.keep("faktura", "nb", HEARD)
    (file,) = tmp_path.iterdir()

    for length in (0, 10, file.stat().st_size // 2):
        file.write_bytes(file.read_bytes()[:length])
        assert memory.recall("faktura", "nb") is None


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    memory = PhraseMemory(tmp_path / "file", "ten voices")

    memory.keep("faktura", "nb", HEARD)

    assert memory.recall("faktura", "nb") is None
