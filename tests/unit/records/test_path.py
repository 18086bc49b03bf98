"""The way of a call is one line, and a menu on it says how it was left."""

from __future__ import annotations

from ivr.records.path import MOST_STOPS, MenuStop, PathTaken, menu_stop, one_way, stops_of, went


def test_a_key_stands_behind_its_menu_and_the_queue_behind_that() -> None:
    path = PathTaken()
    path.come("menu main")
    path.choose("main", "no_input", None)
    path.choose("main", "chosen", "3")
    path.come("queue faktura")
    path.come("hangup")

    assert path.text == "menu main 3 > queue faktura"


def test_who_hung_up_in_a_menu_has_chosen_nothing_there_and_it_comes_last() -> None:
    path = PathTaken()
    path.come("menu main")
    path.choose("main", "no_match", None)

    assert path.text == "menu main"
    assert menu_stop(stops_of(path.text)[-1]) == MenuStop("main", None)


def test_where_all_tries_were_used_up_it_says_nothing() -> None:
    path = PathTaken()
    path.come("menu main")
    path.come("hangup")

    assert path.text == "menu main nothing > hangup"


def test_a_menu_repeated_is_another_visit_and_a_queue_gone_on_with_is_not() -> None:
    path = PathTaken()
    for key in ("star", "1"):
        path.come("menu main")
        path.choose("main", "chosen", key)
    path.come("queue bergen")
    path.come("queue bergen")

    assert path.text == "menu main star > menu main 1 > queue bergen"


def test_a_survey_after_the_talk_is_no_way_of_its_own_however_it_ends() -> None:
    asked, talked = PathTaken(), PathTaken()
    for path in (asked, talked):
        path.come("menu main")
        path.choose("main", "chosen", "1")
        path.come("queue bergen")
    asked.come("survey short")
    hung_up = asked.text
    asked.come("hangup")

    assert asked.text == hung_up == talked.text == "menu main 1 > queue bergen"


def test_a_way_that_an_earlier_version_kept_with_its_survey_is_that_way() -> None:
    way = "menu main 1 > queue bergen"

    assert one_way(f"{way} > survey short") == one_way(f"{way} > survey short > hangup") == way
    assert one_way(way) == way
    assert one_way("menu survey nothing > hangup") == "menu survey nothing > hangup"


def test_a_call_of_which_nothing_was_decided_has_no_path() -> None:
    assert PathTaken().text is None


def test_of_a_caller_who_goes_round_for_ever_the_first_stops_are_told_and_the_last() -> None:
    path = PathTaken()
    for _ in range(100):
        path.come("menu main")
        path.choose("main", "chosen", "star")
    path.come("queue bergen")

    assert path.text is not None
    stops = stops_of(path.text)
    assert len(stops) == MOST_STOPS + 1
    assert stops[-2:] == ["…", "queue bergen"]


def test_a_path_is_asked_for_a_menu_and_how_it_was_left() -> None:
    path = "menu main 1 > menu faktura nothing > menu main"

    assert went(path, "main")
    assert went(path, "main", "1")
    assert went(path, "main", "left")
    assert went(path, "faktura", "nothing")
    assert not went(path, "faktura", "left")
    assert not went(path, "main", "2")
    assert not went(None, "main")
