from __future__ import annotations

import pytest
import yaml

from ivr.rules.reading import text as text_module
from ivr.rules.reading.text import MAX_BYTES, read_tree
from ivr.rules.reading.tree import Listing, Scalar, Table

PARSERS = {yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)}


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
def test_every_scalar_stays_text_with_its_line_and_column(
    parser: type[yaml.SafeLoader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_module, "_PARSER", parser)

    tree, faults = read_tree(b'a: {NO: 10:30}\nb:\n  - 0047\n  - "yes"\n', "rules.yaml")

    assert faults == ()
    assert isinstance(tree, Table)
    country = tree.entries["a"].value
    assert isinstance(country, Table)
    assert country.entries["NO"].key == Scalar(
        "NO", plain=True, line=1, column=5, file="rules.yaml"
    )
    assert country.entries["NO"].value == Scalar(
        "10:30", plain=True, line=1, column=9, file="rules.yaml"
    )
    listing = tree.entries["b"].value
    assert isinstance(listing, Listing)
    assert listing.items == [
        Scalar("0047", plain=True, line=3, column=5, file="rules.yaml"),
        Scalar("yes", plain=False, line=4, column=5, file="rules.yaml"),
    ]


def test_what_is_clever_in_yaml_is_refused_all_at_once() -> None:
    text = b"a: &x {b: 1}\nc: *x\nd: !!python/name:os.system ''\n<<: {e: 1}\na: 2\n"

    _, faults = read_tree(text, "rules.yaml")

    assert [f"{f.code} {f.location.line}:{f.location.column}" for f in faults] == [
        "IVR105 1:4",
        "IVR105 2:4",
        "IVR106 3:4",
        "IVR107 4:1",
        "IVR104 5:1",
    ]


def test_a_second_key_names_the_line_of_the_first_which_stands() -> None:
    tree, faults = read_tree(b"a: 1\nb: 2\na: 3\n", "rules.yaml")

    assert tree is not None
    assert tree.entries["a"].value == Scalar("1", plain=True, line=1, column=4, file="rules.yaml")
    assert faults[0].message == "'a' already stands at line 1"


def test_columns_count_letters_not_bytes() -> None:
    tree, _ = read_tree("æøå: {x: 1}\n".encode(), "rules.yaml")

    assert tree is not None
    assert tree.entries["æøå"].value.column == 6


def billion_laughs() -> bytes:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    return "\n".join(["l0: &l0 ha", *levels]).encode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"a: 1\n" * (2 * MAX_BYTES // 5), "IVR108"),
        (b"a: " + b"[" * 1000, "IVR108"),
        (b"a: " + b"{a: " * 1000, "IVR108"),
        (b"a: " + b"[" * 33, "IVR108"),
        (b"a:\n" + b"  [\n" * 400, "IVR108"),
        (b"a: " + b"[{a: " * 300, "IVR108"),
        (b"a: " + b"[&x {a: " * 300, "IVR108"),
        (b"a: " + b"[" * 1000 + b"]" * 1000, "IVR108"),
        (b"a: 'it''s [' # [[\nb: " + b"[" * 700, "IVR108"),
        (b"a:\n  " + b"- " * 200 + b"x\n", "IVR108"),
        (b"".join(b" " * n + b"a:\n" for n in range(200)), "IVR108"),
        (b"a: " + b"[" * 20, "IVR101"),
        (b"a: '" + b"[" * 1000 + b"'\nb: [", "IVR101"),
        (b"a: b # " + b"[" * 1000 + b"\nb: ]", "IVR101"),
        (b"a: it's\nb: " + b"[" * 1000 + b" 'x'", "IVR108"),
        (b"a: x" + b"[" * 40 + b"\nb: [x\n", "IVR101"),
        (b"a: |\n  " + b"[" * 40 + b"\nb: ]\n", "IVR101"),
        (b"a: !nesting!depth x\n", "IVR101"),
        (b"".join(b"k%d: 1\n" % n for n in range(60_000)), "IVR108"),
        (billion_laughs(), "IVR105"),
        (b"", "IVR103"),
        (b"\n\n# only a comment\n", "IVR103"),
        (b"---\n...\n", "IVR103"),
        (b"just text\n", "IVR109"),
        (b"\xef\xbb\xbfversion: 1\n", "IVR102"),
        ("version: 1\n".encode("utf-16"), "IVR102"),
        ("navn: blåbær\n".encode("latin-1"), "IVR102"),
    ],
    ids=[
        "too many bytes",
        "too deep in lists",
        "too deep in tables",
        "too deep by one",
        "too deep over many lines",
        "too deep in lists and tables",
        "too deep behind anchors",
        "too deep and closed again",
        "too deep behind a quote and a comment",
        "too deep in dashes",
        "too deep by indentation",
        "not closed and not too deep",
        "not closed behind many quoted brackets",
        "closed before it is opened behind a comment of brackets",
        "too deep between apostrophes",
        "not closed behind a word with many brackets",
        "closed before it is opened behind a text of many brackets",
        "a tag that is called as readers call what is too deep",
        "too many words",
        "billion laughs",
        "empty",
        "only a comment",
        "an empty document",
        "no table",
        "byte order mark",
        "UTF-16",
        "Latin-1",
    ],
)
def test_what_is_no_rules_file_is_refused_with_its_code(text: bytes, code: str) -> None:
    _, faults = read_tree(text, "rules.yaml")

    assert {fault.code for fault in faults} == {code}


def test_a_wrong_byte_is_named_by_its_offset_and_its_place() -> None:
    _, faults = read_tree("a: 1\nnavn: å\n".encode("latin-1"), "rules.yaml")

    assert str(faults[0]).startswith(
        "rules.yaml:2:7: error IVR102: byte 0xe5 at byte offset 11 is not UTF-8"
    )
