"""Which prompts of some rules are recorded, in which language, at which site, and by whom."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from ivr.audio.matrix import PromptMatrix, prompt_matrix
from ivr.audio.script import ScriptLine
from ivr.audio.stand_ins import StandIn, write_stand_ins
from ivr.audio.wav import write_recording
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet

RULES = b"""
version: 1
languages: [nb, en]
numbers: {+47 55 30 10 00: {site: bergen, to: menu main}, anything else: {to: menu main}}
menus: {main: {say: welcome, keys: {1: queue main}, nothing_chosen: queue main}}
sites: {bergen: {}}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}], say_place: every 45s}
"""


@pytest.fixture
def rules() -> RuleSet:
    return load_rules(RULES, "rules.yaml")[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in ("nb/welcome", "nb/welcome.bergen", "nb/number.7", "nb/old", "en/number.0"):
        write_recording(tmp_path / f"{file}.wav", array("h", [3000, -3000] * 4000))
    line = ScriptLine("number.7", "nb", "sju", "sju")
    listed = {("nb", "number.7"): StandIn.of(tmp_path / "nb" / "number.7.wav", line)}
    write_stand_ins(tmp_path, listed)
    (tmp_path / "en" / "welcome.wav").write_bytes(b"garbage")
    return tmp_path


def made(matrix: PromptMatrix, prompt: str) -> dict[str, str]:
    (row,) = [row for row in matrix.rows if row.prompt == prompt]
    return {language: cell.made for language, cell in row.cells.items()}


def test_every_language_of_the_rules_has_a_cell(rules: RuleSet, folder: Path) -> None:
    matrix = prompt_matrix(rules, folder)

    assert made(matrix, "welcome") == {"nb": "recorded", "en": "unplayable"}
    assert made(matrix, "sorry") == {"nb": "missing", "en": "missing"}
    assert made(matrix, "number.7") == {"nb": "stand-in", "en": "missing"}


def test_a_recording_of_a_site_stands_in_its_row(rules: RuleSet, folder: Path) -> None:
    (row,) = [row for row in prompt_matrix(rules, folder).rows if row.prompt == "welcome"]

    assert {site: list(cells) for site, cells in row.of_sites.items()} == {"bergen": ["nb"]}


def test_what_is_said_nowhere_is_told_but_for_parts_of_numbers(
    rules: RuleSet, folder: Path
) -> None:
    assert [one.prompt for one in prompt_matrix(rules, folder).unheard] == ["old"]


def test_what_callers_do_not_hear_is_missing(rules: RuleSet, folder: Path) -> None:
    missing = {(one.language, one.prompt) for one in prompt_matrix(rules, folder).missing}

    assert {("en", "welcome"), ("nb", "sorry"), ("en", "number.7")} <= missing
    assert not {("nb", "welcome"), ("nb", "number.7"), ("en", "number.0")} & missing
