from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft7Validator

from ivr.cli.schema import schema
from ivr.rules.load import read_rules
from ivr.rules.reading.text import read_tree
from ivr.showing.json_schema import converters, json_schema, models
from ivr.showing.spelling import spelled
from ivr.showing.words import sentences

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "docs/routing.schema.json"
BAD = sorted((ROOT / "tests/data/rules/bad").glob("*.yaml"))

# Of words and of values; IVR303 and IVR304 compare numbers, IVR204 to IVR207 look elsewhere in the file.
OF_SCHEMA = re.compile(r"IVR(201|203|30[1256789]|31[0-9]|502)")
COULD_BE_SEEN = re.compile(r"IVR([23]..|502|103)")


# A pattern knows no calendar, no order, no other part of the file and no list of time zones.
SEEN_BY_CHECK_ONLY = {
    "a-closed-period-has-no-days",
    "a-closed-period-has-no-end",
    "a-weekday-has-days-within-it",
    "a-weekday-is-closed",
    "no-day-is-open-for-the-times-of-a-season",
    "a-closed-period-names-no-department",
    "a-pause-reason-is-the-servers-own",
    "a-date-does-not-exist",
    "a-duration-is-too-long",
    "a-list-of-callers-has-no-numbers",
    "a-menu-has-no-keys",
    "a-notice-ends-before-it-begins",
    "a-number-has-seven-digits",
    "a-number-is-too-short",
    "a-period-ends-before-it-begins",
    "a-phone-has-a-port-that-does-not-exist",
    "a-short-day-is-not-a-day-of-the-year",
    "a-step-does-nothing",
    "an-answer-target-is-more-than-all",
    "callers-are-told-their-place-too-often",
    "callers-are-told-their-wait-too-often",
    "hours-begin-and-end-at-the-same-time",
    "hours-never-open",
    "the-shares-of-a-split-are-not-all",
    "the-time-zone-is-not-known",
    "there-are-no-languages",
    "there-are-no-numbers",
}


def as_an_editor_reads_it(text: bytes) -> object:
    """YAML 1.2: `1` is a number, `true` a truth; words before a colon are always text."""
    return _typed(yaml.compose(text, Loader=yaml.SafeLoader))


def _typed(node: yaml.Node | None) -> object:
    match node:
        case yaml.MappingNode(value=pairs):
            return {key.value: _typed(value) for key, value in pairs}
        case yaml.SequenceNode(value=items):
            return [_typed(item) for item in items]
        case yaml.ScalarNode(value=text, style=None):
            return _plain(text)
        case yaml.ScalarNode(value=text):
            return text
    return None


def _plain(text: str) -> object:
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return {"true": True, "false": False, "": None, "null": None, "~": None}.get(text, text)


@cache
def validator() -> Draft7Validator:
    found = json_schema()
    Draft7Validator.check_schema(found)
    return Draft7Validator(found)


def refusals(text: bytes) -> list[str]:
    return [error.message for error in validator().iter_errors(as_an_editor_reads_it(text))]


def test_the_committed_schema_is_what_the_command_prints() -> None:
    printed = CliRunner().invoke(schema).output

    assert COMMITTED.read_text("utf-8") == printed


def test_the_shipped_rules_fit_the_schema_and_their_first_line_names_it() -> None:
    text = (ROOT / "routing_rules.yaml").read_bytes()
    first = text.decode().splitlines()[0]

    assert refusals(text) == []
    assert first == "# yaml-language-server: $schema=./docs/routing.schema.json"
    assert json.loads(COMMITTED.read_text("utf-8"))["title"]


def test_rules_with_every_word_of_the_language_fit_the_schema() -> None:
    assert refusals((ROOT / "tests/data/rules/whole_language.yaml").read_bytes()) == []


@pytest.mark.parametrize("file", BAD, ids=lambda path: path.stem)
def test_what_the_schema_says_of_a_bad_file_is_what_check_says(file: Path) -> None:
    text = file.read_bytes()
    tree, faults = read_tree(text, file.name)
    if tree is None or faults:
        return
    _, found = read_rules(text, file.name)

    codes = {fault.code for fault in found if fault.severity == "error"}
    refused = refusals(text)

    if refused:
        assert any(map(COULD_BE_SEEN.match, codes)), refused
    elif any(map(OF_SCHEMA.match, codes)):
        why = "if a pattern cannot see that, add it to SEEN_BY_CHECK_ONLY; else mend ivr/showing/spelling.py"
        assert file.stem in SEEN_BY_CHECK_ONLY, why


def test_each_text_of_the_language_has_a_spelling_and_its_examples_are_right() -> None:
    for written in converters():
        spelling = spelled(written.convert)
        assert spelling is not None, f"{written.convert} has no entry in ivr/showing/spelling.py"
        for example in spelling.examples:
            written.convert(example)
            assert re.fullmatch(spelling.pattern or ".*", example), example
        for known in spelling.known:
            written.convert(str(known))


def test_each_word_has_its_sentence() -> None:
    for model in models():
        says = sentences(model)
        assert says.keys() == model.model_fields.keys(), model
        for sentence in says.values():
            assert re.fullmatch(r"[A-Z].+\.", sentence), sentence


def test_only_words_of_draft_07_stand_in_the_schema() -> None:
    known = set(Draft7Validator.META_SCHEMA["properties"])

    def check(schema: object, *, names: bool = False) -> None:
        if isinstance(schema, dict):
            if not names:
                assert set(schema) <= known
            for word, value in schema.items():
                if word not in {"default", "examples", "enum", "required"} or names:
                    check(value, names=not names and word in {"properties", "definitions"})
        elif isinstance(schema, list):
            for one in schema:
                check(one)

    check(json_schema())


@pytest.mark.parametrize(
    "text",
    [
        "tries: 3",
        "wait: 6s",
        'wait: "6s"',
        "speech: true",
        "say: welcome",
        "say: [welcome, main.choices]",
        "keys: {1: hangup, star: repeat, 2: {language: en, to: menu main}}",
    ],
)
def test_the_right_forms_of_a_menus_words_are_taken(text: str) -> None:
    found = refusals(f"menus: {{main: {{{text}}}}}".encode())

    assert [one for one in found if "required" not in one] == []


@pytest.mark.parametrize(
    "text",
    [
        "tries: 0",
        "tries: three",
        "wait: 6",
        "barge_in: yes",
        "say: ../x",
        "keys: {a: hangup}",
        "keys: {1: queue}",
        "keys: {1: {language: en}}",
        "nothing_chosen: menu",
        "timout: 6s",
    ],
)
def test_the_wrong_forms_of_a_menus_words_are_refused(text: str) -> None:
    found = refusals(f"menus: {{main: {{{text}}}}}".encode())

    assert [one for one in found if "required" not in one or "'to'" in one or "any of" in one]
