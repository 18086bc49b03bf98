from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rules.load import read_rules
from ivr.rules.reading.source import Source
from ivr.rules.reading.text import read_tree
from ivr.showing.layout import WIDEST, lay_out

ROOT = Path(__file__).parents[3]
RULES = sorted([ROOT / "routing_rules.yaml", *(ROOT / "tests/data/rules").rglob("*.yaml")])


def laid(text: str) -> str:
    out, faults = lay_out(textwrap.dedent(text).encode(), "r.yaml")
    assert out is not None, faults
    return out


def meaning(text: bytes) -> object:
    tree, faults = read_tree(text, "r.yaml")
    assert tree is not None
    assert faults == ()
    return Source(tree, "r.yaml").plain()


def test_the_shipped_rules_are_laid_out_as_they_should_be() -> None:
    text = (ROOT / "routing_rules.yaml").read_bytes()

    assert lay_out(text, "routing_rules.yaml") == (text.decode(), ())


@pytest.mark.parametrize("file", RULES, ids=lambda path: path.stem)
def test_a_file_keeps_its_meaning_and_is_laid_out_once_for_all(file: Path) -> None:
    text = file.read_bytes()
    once, faults = lay_out(text, str(file))
    if once is None:
        assert faults
        return

    before, _ = read_rules(text, str(file))
    after, _ = read_rules(once.encode(), str(file))

    assert lay_out(once.encode(), str(file))[0] == once
    assert meaning(once.encode()) == meaning(text)
    assert (before and before.revision) == (after and after.revision)


def test_sections_stand_in_the_order_of_the_language_with_an_empty_line_between() -> None:
    out = laid(
        """\
        queues:
            main: {answer: 80% within 20s}
        numbers:
            anything else: queue main


        version: 1
        """
    )

    assert out == textwrap.dedent(
        """\
        version: 1

        numbers:
          anything else: queue main

        queues:
          main: {answer: 80% within 20s}
        """
    )


def test_comments_stay_with_what_they_stood_beside_and_above() -> None:
    out = laid(
        """\
        # the top

        # why one
        version: 1 # beside one
        numbers: # beside numbers

            # above Bergen
            +47 55 30 10 00: menu main   # beside Bergen
            # left behind
        # above menus
        menus: {}
        # the end
        """
    )

    assert out == textwrap.dedent(
        """\
        # the top

        # why one
        version: 1  # beside one

        numbers:  # beside numbers
          # above Bergen
          +47 55 30 10 00: menu main     # beside Bergen
          # left behind

        # above menus
        menus: {}
        # the end
        """
    )


def test_comments_inside_brackets_open_the_brackets() -> None:
    out = laid(
        """\
        queues:
          main: {
            answer: 80% within 20s,  # the target
            # at last
            while_waiting: [{after: 5m,
               to: hangup}]
          }  # all of it
        """
    )

    assert out == textwrap.dedent(
        """\
        queues:
          main:  # all of it
            answer: 80% within 20s   # the target
            # at last
            while_waiting: [{after: 5m, to: hangup}]
        """
    )


def test_words_and_values_stay_as_the_admin_wrote_them() -> None:
    lines = [
        "  +47 55 30 10 00: {name: Bergen, to: menu main}",
        "  +4773802000:     {name: 'Trondheim', to: menu main}",
        '  02222:           {name: "NO", to: "menu main"}',
        "  0047 55 30 10 01: menu main",
        "  anything else:   {to: menu main}",
    ]
    text = "numbers:\n" + "".join(f"      {' '.join(line.split())}\n" for line in lines)

    out = laid(text)

    assert [" ".join(line.split()) for line in out.splitlines()[1:]] == [
        " ".join(line.split()) for line in lines
    ]


def test_tables_below_one_another_begin_in_one_column() -> None:
    out = laid(
        """\
        queues:
          main:
            answer: 80% within 20s
          bergen-henting: {answer: 80% within 20s}
          oslo: {answer: 80% within 20s}

          bø: {answer: 80% within 20s}
        """
    )

    assert out.splitlines()[3:] == [
        "  bergen-henting: {answer: 80% within 20s}",
        "  oslo:           {answer: 80% within 20s}",
        "",
        "  bø: {answer: 80% within 20s}",
    ]


def test_brackets_too_wide_for_the_page_are_opened() -> None:
    steps = ", ".join(f"{{after: {n}m, to: voicemail kundeservice}}" for n in range(10, 16))
    out = laid(f"queues:\n  main: {{answer: 80% within 20s, while_waiting: [{steps}]}}\n")

    assert out.splitlines()[2:5] == [
        "    answer: 80% within 20s",
        "    while_waiting:",
        "      - {after: 10m, to: voicemail kundeservice}",
    ]
    assert max(map(len, out.splitlines())) <= WIDEST
    assert laid(out) == out


def test_a_list_item_over_several_lines_begins_behind_its_dash() -> None:
    out = laid(
        """\
        notices:
        # first
        - from: 2026-12-01
          # second
          to: 2026-12-20
        -   - nested
        """
    )

    assert out == textwrap.dedent(
        """\
        notices:
          # first
          - from: 2026-12-01
            # second
            to: 2026-12-20
          - - nested
        """
    )


def test_text_over_several_lines_is_kept() -> None:
    out = laid(
        """\
        menus:
            main:
                say: >-
                    one
                    two
                no_match: |
                      three

                        four
                wait: a plain
                  text
                tries: "a quoted
                  text"
        """
    )

    assert out == textwrap.dedent(
        """\
        menus:
          main:
            say: >-
              one
              two
            no_match: |
              three

                four
            wait: a plain text
            tries: "a quoted text"
        """
    )


def test_carriage_returns_go_and_the_file_ends_with_a_line_end() -> None:
    assert lay_out(b"version: 1\r\ncountry: Norway", "r.yaml")[0] == "version: 1\ncountry: Norway\n"


def test_a_file_that_is_no_yaml_is_refused_with_its_findings() -> None:
    out, faults = lay_out(b"version: 1\nmenus: [a\nqueues: {}\n", "r.yaml")

    assert out is None
    assert [one.code for one in faults] == ["IVR101"]


# A file in any layout: the same words, with indentation, brackets, quotes, comments and empty lines by chance.

words = st.one_of(
    st.sampled_from(
        ["menu main", "80% within 20s", "+47 55 30 10 00", "NO", "08:00-16:00", "æøå 🎄"]
    ),
    st.text("abc:#'\"\\ -,{}[]?*&!|>%@~0", max_size=8),
)
names = st.one_of(
    st.sampled_from(["version", "numbers", "queues", "menus", "+47 55 30 10 00", "kundeservice"]),
    st.text("abcæ19 ", min_size=1, max_size=6).filter(lambda text: text == text.strip()),
)
trees = st.dictionaries(
    names,
    st.recursive(
        words,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3),
            st.dictionaries(names, inner, min_size=1, max_size=3),
        ),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)
comments = st.sampled_from(["", "", "", "", " # æ", "   # c {}: 'x", "\t#"])
above = st.sampled_from(["", "", "", "\n", "# c\n", "      # deep\n", "\n\n  # two\n\n"])


class Hand:
    """Writes a tree the way that some hand or other would."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def scalar(self, text: str) -> str:
        plain = text and all(char.isalnum() or char in " +%-" for char in text)
        if plain and text == text.strip() and text[0] not in "-%" and self.draw(st.booleans()):
            return text
        single = "'" + text.replace("'", "''") + "'"
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return self.draw(st.sampled_from([single, f'"{escaped}"']))

    def in_brackets(self, node: object) -> str:
        pad = self.draw(st.sampled_from(["", " ", "\n        ", " # in\n        "]))
        if isinstance(node, str):
            return self.scalar(node)
        opening, closing = "{}" if isinstance(node, dict) else "[]"
        inside = [
            (f"{self.scalar(key)}: " if key is not None else "") + self.in_brackets(value)
            for key, value in entries_of(node)
        ]
        return opening + pad + f",{pad or ' '}".join(inside) + pad + closing

    def block(self, node: object, indent: int) -> str:
        deeper = indent + self.draw(st.integers(1, 4))
        lines = ""
        for key, value in entries_of(node):
            head = "-" if key is None else f"{self.scalar(key)}:"
            lines += self.draw(above) + " " * indent + head
            if isinstance(value, str):
                lines += f" {self.scalar(value)}{self.draw(comments)}\n"
            elif self.draw(st.booleans()):
                text = self.in_brackets(value).replace("\n", "\n" + " " * indent)
                lines += f" {text}{self.draw(comments)}\n"
            else:
                lines += self.draw(comments) + "\n" + self.block(value, deeper)
        return lines


def entries_of(node: object) -> Iterable[tuple[str | None, object]]:
    if isinstance(node, dict):
        return node.items()
    assert isinstance(node, list)
    return [(None, one) for one in node]


@st.composite
def texts(draw: st.DrawFn) -> str:
    return Hand(draw).block(draw(trees), 0) + draw(above)


@settings(max_examples=300, deadline=None)
@given(texts())
def test_any_layout_keeps_its_meaning_and_its_comments_and_is_laid_out_once_for_all(
    text: str,
) -> None:
    tree, faults = read_tree(text.encode(), "r.yaml")
    if tree is None or faults:
        return

    once = laid(text)

    assert meaning(once.encode()) == meaning(text.encode())
    assert laid(once) == once
