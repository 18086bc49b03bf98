"""The reference names every finding and every word, and no word that is not one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ivr.rules.fault import FaultKind
from ivr.rules.lint.prompts import ENGINE_PROMPTS
from ivr.rules.parsed import Words

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
FINDINGS = (REFERENCE / "findings.md").read_text()
RULES = (REFERENCE / "rules.md").read_text()


def test_every_finding_has_its_row_and_no_other_has() -> None:
    rows = re.findall(r"^\| (IVR[0-9]{3}) \|", FINDINGS, re.MULTILINE)

    assert rows == [kind.value for kind in FaultKind]


@pytest.mark.parametrize("model", Words.__subclasses__(), ids=lambda model: model.__name__)
def test_every_word_stands_in_the_reference(model: type[Words]) -> None:
    words = [field.alias or name for name, field in model.model_fields.items()]

    for word in words:
        assert re.search(rf"`{word}`|\b{word}: ", RULES), word


def test_the_servers_own_prompts_stand_in_the_reference() -> None:
    for name in ENGINE_PROMPTS:
        assert f"`{name}`" in RULES
