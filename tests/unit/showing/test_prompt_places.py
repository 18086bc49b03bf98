"""Where a prompt is heard, in words."""

from __future__ import annotations

import pytest

from ivr.rules.lint.prompts import ENGINE_PROMPTS
from ivr.rules.model import Location
from ivr.showing.prompt_places import places_told
from ivr.showing.sentences import Language


@pytest.mark.parametrize(
    ("path", "norwegian", "english"),
    [
        ("menus.main", "i menyen main", "in menu main"),
        ("departments.faktura.closed", "når faktura er stengt", "when faktura is closed"),
        ("departments.faktura", "hos avdelingen faktura", "at department faktura"),
        ("holidays.closed.0", "på dager som er stengt", "on days that are closed"),
        ("queues.main", "mens de venter i køen main", "while they wait in queue main"),
        ("something.new", "", ""),
    ],
)
def test_a_line_of_the_rules_is_a_moment_of_a_call(path: str, norwegian: str, english: str) -> None:
    at = Location("rules.yaml", 1, 1, path)

    assert places_told("welcome", [at], "nb") == norwegian
    assert places_told("welcome", [at], "en") == english


def test_each_moment_is_told_once() -> None:
    at = Location("rules.yaml", 1, 1, "menus.main")

    assert places_told("welcome", [at, at], "en") == "in menu main"


def test_what_the_engine_says_by_itself_has_its_moment_too() -> None:
    assert places_told("sorry", [], "nb") == "når noe har sviktet hos oss"
    assert places_told("other", [], "nb") == ""


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("prompt", ENGINE_PROMPTS)
def test_each_prompt_of_the_servers_own_has_a_moment(prompt: str, language: Language) -> None:
    assert places_told(prompt, (), language)
