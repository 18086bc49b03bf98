"""å is å, in one piece or in two."""

from __future__ import annotations

import itertools
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from ivr.on_disk import as_on_disk

FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")


@pytest.mark.parametrize(("folder", "file", "asked"), [*itertools.product(FORMS, FORMS, FORMS)])
def test_a_path_is_found_whatever_its_letters_are_made_of(
    tmp_path: Path,
    folder: Literal["NFC", "NFD"],
    file: Literal["NFC", "NFD"],
    asked: Literal["NFC", "NFD"],
) -> None:
    there = tmp_path / unicodedata.normalize(folder, "sør å") / unicodedata.normalize(file, "måløy")
    there.parent.mkdir()
    there.touch()

    assert as_on_disk(tmp_path / unicodedata.normalize(asked, "sør å/måløy")) == there


def test_the_very_name_goes_before_one_that_looks_like_it(tmp_path: Path) -> None:
    for form in FORMS:
        (tmp_path / unicodedata.normalize(form, "å")).touch()

    for form in FORMS:
        named = tmp_path / unicodedata.normalize(form, "å")
        assert as_on_disk(named) == named


def test_what_is_not_there_stays_as_it_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for path in ("måløy", "nowhere/måløy", "file/måløy", "../måløy", "."):
        assert as_on_disk(tmp_path / path) == tmp_path / path
