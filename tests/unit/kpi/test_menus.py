"""Menus are told from the ways that calls took."""

from __future__ import annotations

import pytest

from ivr.kpi.cells import FoldedPath
from ivr.kpi.menus import keys_told, menu_facts, menus, ways_taken
from ivr.records.record import Disposition


def came(path: str, disposition: Disposition, calls: int, day: str = "2026-11-23") -> FoldedPath:
    return FoldedPath(day, path, disposition, calls)


PATHS = [
    came("menu main 1 > queue salg", "answered", 60),
    came("menu main 1 > queue salg", "answered", 10, day="2026-11-24"),
    came("menu main star > menu main 2 > hangup", "menu_contained", 10),
    came("menu main", "menu_abandoned", 15),
    came("menu main nothing > queue salg", "abandoned", 4),
    came("menu main", "failed", 1),
    came("queue salg", "answered", 100),
]


def test_attrition_is_hang_ups_at_the_menu_over_its_visits() -> None:
    main = menus(PATHS).by_name["main"]

    assert main.visits == 110
    assert (main.chosen, main.nothing_chosen, main.hung_up, main.lost) == (90, 4, 15, 1)
    assert main.attrition == pytest.approx(15 / 110)
    assert main.keys == {"1": 70, "star": 10, "2": 10}


def test_containment_is_calls_whose_need_was_met_over_calls_that_came_to_the_menu() -> None:
    found = menus(PATHS)

    assert (found.by_name["main"].calls, found.by_name["main"].contained) == (100, 10)
    assert found.total.containment == pytest.approx(0.10)


def test_a_call_that_went_through_two_menus_counts_once_and_is_contained_in_the_last() -> None:
    found = menus([came("menu main 1 > menu faktura 3 > hangup", "menu_contained", 2)])

    assert found.total.calls == 2
    assert found.total.visits == 4
    assert found.by_name["main"].contained == 0
    assert found.by_name["faktura"].containment == 1.0


def test_without_calls_there_is_no_figure() -> None:
    total = menus([]).total

    assert (total.attrition, total.containment) == (None, None)
    assert menu_facts(total)["visits"] == 0
    assert ways_taken([]) == []


def test_calls_that_were_asked_a_survey_took_the_same_way_whatever_version_kept_them() -> None:
    way = "menu main 1 > queue salg"
    kept_before = (f"{way} > survey short", f"{way} > survey short > hangup")

    (told,) = ways_taken([came(path, "answered", 2) for path in (way, *kept_before)])

    assert (told.path, told.disposition, told.calls, told.share) == (way, "answered", 6, 1.0)


def test_ways_are_told_the_most_frequent_first() -> None:
    first, second, *_ = ways_taken(PATHS)

    assert (first.path, first.calls, first.share) == ("queue salg", 100, 0.5)
    assert (second.path, second.calls) == ("menu main 1 > queue salg", 70)
    assert keys_told(menus(PATHS).total.keys) == "1: 70, 2: 10, star: 10"
