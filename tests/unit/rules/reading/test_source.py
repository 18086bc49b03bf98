from __future__ import annotations

import pytest

from ivr.rules.reading.source import Source
from ivr.rules.reading.text import read_tree

TEXT = b"""\
menus:
  main:
    say: [welcome, choices]
    keys: {1: queue main}
"""


@pytest.fixture
def source() -> Source:
    tree, _ = read_tree(TEXT, "rules.yaml")
    assert tree is not None
    return Source(tree, "rules.yaml")


def test_a_word_and_its_value_have_places_of_their_own(source: Source) -> None:
    path = ("menus", "main", "keys", "1")

    assert (source.key(path).line, source.key(path).column) == (4, 12)
    assert (source.value(path).line, source.value(path).column) == (4, 15)
    assert source.value(path).path == "menus.main.keys.1"
    assert source.value(("menus", "main", "say", 1)).column == 20


def test_what_does_not_stand_there_has_the_place_of_what_is_around_it(source: Source) -> None:
    assert source.key(("menus", "main", "wait")).line == 2
    assert source.value(("menus", "main", "keys", "1", "to")).column == 15


def test_what_was_taken_out_is_gone_but_not_missing(source: Source) -> None:
    taken = source.take_out(("menus", "main", "keys", "1", "to"))

    assert taken
    assert source.plain() == {"menus": {"main": {"say": ["welcome", "choices"], "keys": {}}}}
    assert source.has(("menus", "main", "keys", "1"))
    assert source.names(("menus", "main", "keys")) == {"1"}
    assert source.lost_inside(("menus", "main", "keys"))
    assert not source.lost_inside(("menus", "main", "say"))


def test_the_same_is_not_taken_out_twice_nor_what_is_around_it(source: Source) -> None:
    source.take_out(("menus", "main", "say"))

    assert not source.take_out(("menus", "main", "say"))
    assert not source.take_out(("menus", "main", "say", 0))
    assert not source.take_out(("gone", "main"))
    assert source.names(("menus", "main")) == {"say", "keys"}


def test_an_item_of_a_list_is_taken_out_alone(source: Source) -> None:
    source.take_out(("menus", "main", "say", 0))

    assert source.plain() == {"menus": {"main": {"say": ["choices"], "keys": {"1": "queue main"}}}}
    assert source.lost_inside(("menus", "main", "say"))
