from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def shipped() -> RuleSet:
    """The rules that the repository ships."""
    rules, _ = load_rules((ROOT / "routing_rules.yaml").read_bytes(), "routing_rules.yaml")
    return rules


@pytest.fixture(scope="session")
def whole() -> RuleSet:
    """Rules with every word of the language."""
    file = ROOT / "tests" / "data" / "rules" / "whole_language.yaml"
    return load_rules(file.read_bytes(), file.name)[0]


@pytest.fixture(scope="session")
def rules_of() -> Callable[[str], RuleSet]:
    """The rules that a text means; warnings do not matter."""

    def loaded(text: str) -> RuleSet:
        return load_rules(text.encode(), "rules.yaml")[0]

    return loaded
