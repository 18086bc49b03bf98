from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.errors import RulesRefused
from ivr.rules.load import load_rules, read_rules
from ivr.rules.model import RuleSet
from ivr.rules.parsed import RulesFile

SHIPPED = (Path(__file__).parents[3] / "routing_rules.yaml").read_bytes()


def test_the_shipped_rules_have_nothing_to_say_against_them() -> None:
    rules, faults = read_rules(SHIPPED, "routing_rules.yaml")

    assert rules is not None
    assert faults == ()


def test_rules_with_errors_are_refused_with_every_finding_at_once() -> None:
    text = b"""\
version: 1
numbers:
  anything else: {to: menu mian}
menus:
  main:
    say: welcome
    keys: {1: department fakture, F: repeat}
    wiat: 6s
    nothing_chosen: queue main
departments:
  faktura: {hours: 8-16, national: queue main, closed: {say: closed, to: hangup}}
queues:
  main: {answer: 80%}
"""

    with pytest.raises(RulesRefused) as refused:
        load_rules(text, "routing_rules.yaml")

    assert refused.value.faults == (
        "routing_rules.yaml:3:23: error IVR204: there is no menu called 'mian'; did you mean 'main'?",
        "routing_rules.yaml:7:15: error IVR204: there is no department called 'fakture'; "
        "did you mean 'faktura'?",
        "routing_rules.yaml:7:35: error IVR309: 'F' is not a key of a telephone; "
        "write digits, star or hash",
        "routing_rules.yaml:8:5: error IVR201: the word 'wiat' is not known here; "
        "did you mean 'wait'?",
        "routing_rules.yaml:11:20: error IVR204: there are no hours called '8-16'; "
        "write it below `hours`",
        "routing_rules.yaml:13:18: error IVR307: '80%' is not a target for answering; "
        "write it as 80% within 20s",
    )


def test_what_was_refused_once_is_not_called_missing_too() -> None:
    text = b"""\
version: 1
languages: [nb, EN]
numbers:
  +47 55 30 10: {to: menu main}
  anything else: {to: menu main}
menus:
  main: {say: [Welcome], keys: {F: hangup}, nothing_chosen: que main}
  other: broken
queues:
  main: {answer: soon, while_waiting: [{after: 5, to: menu other}]}
"""

    _, faults = read_rules(text, "rules.yaml")

    assert [f"{f.code} {f.location.line}" for f in faults] == [
        "IVR314 2",
        "IVR302 4",
        "IVR502 7",
        "IVR309 7",
        "IVR310 7",
        "IVR301 8",
        "IVR307 10",
        "IVR306 10",
    ]


def revision_of(text: bytes) -> str:
    rules, faults = read_rules(text, "rules.yaml")
    assert rules is not None, faults
    return rules.revision


def test_layout_and_comments_do_not_change_the_revision_but_meaning_does() -> None:
    written = b"version: 1\nnumbers: {anything else: {to: hangup}}\n"
    other_layout = b"# why\nnumbers:\n  anything else:\n    to: 'hangup'\nversion: 1   # one\n"
    other_meaning = written + b"languages: [en]\n"

    assert revision_of(written) == revision_of(other_layout)
    assert revision_of(written) != revision_of(other_meaning)
    assert len(revision_of(written)) == 64


def test_a_name_may_be_a_voicemail_where_a_department_or_a_queue_has_it(shipped: RuleSet) -> None:
    box = shipped.voicemails["kundeservice"]

    assert (box.say, box.longest_seconds) == ("voicemail", 120.0)


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"a: [\n")
@example(b"? {a: b}\n: c\n")
@example(b"? *x\n: c\n")
@example(b"- - -\n")
@example(b"&a [*a]\n")
@example(b"%YAML 9.9\n---\na: 1\n")
@example(b"version: 1\r\nnumbers:\r\n  anything else: {to: hangup}\r\n")
def test_no_bytes_make_loading_fail(text: bytes) -> None:
    rules, faults = read_rules(text, "rules.yaml")

    assert rules is not None or faults


LINES = SHIPPED.decode().splitlines()


@given(
    st.integers(0, len(LINES) - 1),
    st.integers(0, 60),
    st.sampled_from(
        ["", ":", "[", "]", "}", "{", "'", "\t", "*", "&a ", "!!x ", "- ", "\n", "x", "9", "no"]
    ),
    st.booleans(),
)
def test_no_slip_of_the_hand_makes_loading_fail(
    line: int, column: int, slip: str, replaces: bool
) -> None:
    changed = list(LINES)
    rest = changed[line][column + 1 if replaces else column :]
    changed[line] = changed[line][:column] + slip + rest

    rules, faults = read_rules("\n".join(changed).encode(), "rules.yaml")

    assert rules is not None or any(fault.severity == "error" for fault in faults)


WORDS = st.sampled_from(
    ["version", "1", "numbers", "menus", "main", "keys", "to", "hangup", "queue main", "queues",
     "departments", "sites", "agents", "hours", "daily", "holidays", "closed", "say", "x", "",
     "while_waiting", "after", "60s", "anything else", "name", "languages", "nb", "voicemails"]
)  # fmt: skip
TREES = st.recursive(
    WORDS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=25,
)


def as_yaml(tree: object) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f'"{key}": {as_yaml(value)}' for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(as_yaml, tree)) + "]"
    return f'"{tree}"'


NO_TABLES = (
    "x", "5", "[]", "[a, b]", "[a b, C]", "[[a]]", "[{a: b}]", "{a: b}", "{a: [b]}", "{name: x}", "{a: {name: {b: c}}}",
)  # fmt: skip


@pytest.mark.parametrize("section", RulesFile.model_fields)
@pytest.mark.parametrize("written", NO_TABLES)
def test_whatever_stands_in_a_section_is_read_or_told(section: str, written: str) -> None:
    _, faults = read_rules(f"{section}: {written}\n".encode(), "rules.yaml")

    assert any(fault.severity == "error" for fault in faults)


@given(st.dictionaries(WORDS, TREES, max_size=6))
def test_no_table_of_words_makes_loading_fail(tree: dict[str, object]) -> None:
    rules, faults = read_rules(as_yaml(tree).encode(), "rules.yaml")

    assert rules is not None or any(fault.severity == "error" for fault in faults)


@pytest.mark.parametrize(
    ("named", "advice"),
    [
        ("kundeservice", "write department kundeservice or queue kundeservice"),
        ("henting", "write department henting"),
        ("nobody", "write two words such as queue bergen"),
    ],
)
def test_a_name_that_stands_alone_gets_the_word_that_belongs_before_it(
    named: str, advice: str
) -> None:
    text = SHIPPED.replace(b"1: department kundeservice", f"1: {named}".encode())

    _, faults = read_rules(text, "routing_rules.yaml")

    assert [str(fault.hint)[: len(advice)] for fault in faults if fault.code == "IVR310"] == [
        advice
    ]


def test_a_file_of_tests_is_called_one() -> None:
    rules, (only,) = read_rules(b"tests: []\n", "routing_tests.yaml")

    assert rules is None
    assert str(only) == (
        "routing_tests.yaml:1:1: error IVR203: this is a file of tests, not of rules; "
        "to make its calls: ivr test routing_tests.yaml"
    )


def test_one_word_stands_where_an_agent_may_be_told_several_things() -> None:
    text = SHIPPED.replace(b"    music: calm\n", b"    music: calm\n    whisper: waited\n")

    rules, _ = read_rules(text, "routing_rules.yaml")

    assert rules is not None
    assert rules.queues["kundeservice"].whisper == ("waited",)
