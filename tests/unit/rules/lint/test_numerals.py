"""Which parts of numbers the rules need, and what is said of those that are missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ivr.numerals import PLACE_PARTS, READ_BACK_PARTS, WAIT_PARTS
from ivr.rules.lint.numerals import spoken_parts
from ivr.rules.load import load_rules, read_rules

ENGINES_OWN = ("sorry", "goodbye", "voicemail", "beep", "message_saved")
RULES = """
version: 1
languages: [{languages}]
numbers: {{anything else: queue main}}
queues:
  main: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}], say_place: every 45s}}
"""


def findings(languages: str, on_disk: Mapping[str, Collection[str]]) -> list[str]:
    text = RULES.format(languages=languages)
    _, found = read_rules(text.encode(), "rules.yaml", on_disk)
    return [str(one) for one in found if one.code == "IVR643"]


def test_a_queue_that_tells_places_needs_their_parts() -> None:
    rules, _ = load_rules(RULES.format(languages="nb").encode(), "rules.yaml")

    assert set(spoken_parts(rules)) == set(PLACE_PARTS)


def test_a_queue_that_tells_waits_needs_their_parts() -> None:
    text = RULES.format(languages="nb").replace(
        "say_place: every 45s", "say_wait: {right_within: 2m}"
    )

    assert set(spoken_parts(load_rules(text.encode(), "rules.yaml")[0])) == set(WAIT_PARTS)
    _, found = read_rules(text.encode(), "rules.yaml", {"nb": set(ENGINES_OWN)})
    (told,) = [str(one) for one in found if one.code == "IVR643"]
    assert "callers in queue main are not told how long they wait in nb: wait.is and" in told


def test_nothing_is_said_where_all_parts_are_recorded() -> None:
    assert findings("nb", {"nb": {*PLACE_PARTS, *ENGINES_OWN}}) == []


def test_the_language_that_lacks_one_is_named_with_it() -> None:
    there = {*PLACE_PARTS, *ENGINES_OWN}

    (told,) = findings("nb, en", {"nb": there, "en": there - {"number.7"}})

    assert "in en: the recording number.7 is missing" in told
    assert "ivr prompts stand-ins --numbers" in told


def test_many_that_are_missing_are_one_finding() -> None:
    (told,) = findings("nb", {"nb": set(ENGINES_OWN)})

    assert f"{PLACE_PARTS[0]} and {len(PLACE_PARTS) - 1} more recordings are missing" in told


def test_a_language_whose_numbers_are_not_put_together_is_told() -> None:
    (told,) = findings("de", {"de": {*PLACE_PARTS, *ENGINES_OWN}})

    assert "in de: how numbers are put together there is not known" in told


def test_a_question_that_is_read_back_needs_its_digits_in_any_language() -> None:
    text = RULES.format(languages="de").replace(", say_place: every 45s", "") + (
        "questions: {code: {say: sorry, digits: 4, confirm: true, to: queue main}}\n"
    )
    missing = {"de": {*READ_BACK_PARTS, *ENGINES_OWN} - {"number.0"}}

    _, found = read_rules(text.encode(), "rules.yaml", missing)

    (told,) = [str(one) for one in found if one.code == "IVR643"]
    assert (
        "answer to question code is not read back in de: the recording number.0 is missing" in told
    )
