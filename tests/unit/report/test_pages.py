"""What stands on the page."""

from __future__ import annotations

from ivr.report.blocks import FigureTable, Heading, PageCell, Text, Tiles
from ivr.report.pages import page_of
from tests.unit.report.gathered import gathered


def grids(*, language: str = "en") -> dict[str, FigureTable]:
    page = page_of(gathered(), "nb" if language == "nb" else "en")
    return {block.caption: block for block in page.blocks if isinstance(block, FigureTable)}


def test_each_queue_stands_beside_its_target_and_whether_it_was_met() -> None:
    by_name = {row[0].text: row for row in grids()["Queues beside their targets"].rows}

    assert by_name["salg"][1:4] == (
        PageCell("80% within\u00a020\u00a0s"),
        PageCell("75.0%"),
        PageCell("no", "bad"),
    )
    assert by_name["<b>vest</b>"][3] == PageCell("yes", "good")
    assert by_name["All"][4] == PageCell("88")


def test_callers_who_are_to_be_called_back_are_masked() -> None:
    (row,) = grids()["Still to be called back"].rows

    assert [cell.text for cell in row] == [
        "+47…456",
        "Salg og råd",
        "2026-11-17 11:00",
        "2",
        "1\u00a0min\u00a035\u00a0s",
    ]


def test_the_ways_through_the_menus_say_who_pressed_what_and_who_left_where() -> None:
    first, second = grids(language="nb")["De mest brukte veiene"].rows

    assert [cell.text for cell in first] == [
        "meny main: 1 › kø salg",
        "besvart",
        "80",
        "80,0\u00a0%",
    ]
    assert [cell.text for cell in second][:2] == ["meny main", "la på i menyen"]


def test_without_calls_the_page_says_so_and_shows_no_figure() -> None:
    page = page_of(gathered(is_empty=True), "en")

    (tiles,) = [block for block in page.blocks if isinstance(block, Tiles)]
    assert [tile.value for tile in tiles.tiles] == ["no data", "–", "–", "–", "–", "–", "–"]
    assert Heading("No data") in page.blocks
    assert any(
        isinstance(one, Text) and "Nobody is to be called back" in one.text for one in page.blocks
    )
    assert not [block for block in page.blocks if isinstance(block, FigureTable)]


def test_first_calls_that_are_young_are_not_ripe() -> None:
    page = page_of(gathered(), "en")

    (tiles,) = [block for block in page.blocks if isinstance(block, Tiles)]
    resolved, occupancy = tiles.tiles[-2:]
    assert resolved.value == "–"
    assert resolved.note.startswith("70 first calls are not ripe")
    assert (occupancy.label, occupancy.value) == ("Occupancy", "–")


def test_the_service_level_has_its_definition_below_it() -> None:
    page = page_of(gathered(), "en")

    told = [block.text for block in page.blocks if isinstance(block, Text)]
    assert (
        len([text for text in told if text.startswith("Service level copc = answered within T /")])
        == 2
    )
