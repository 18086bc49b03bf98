from __future__ import annotations

from ivr.rules.fault import FaultKind, did_you_mean, fault, in_reading_order, shown
from ivr.rules.model import Location


def at(line: int, column: int) -> Location:
    return Location("routing_rules.yaml", line, column, "menus.main.keys.1")


def test_a_fault_is_a_line_that_editors_can_jump_to() -> None:
    found = fault(
        FaultKind.REFERENCE,
        at(32, 7),
        "there is no department called 'fakture'",
        "did you mean 'faktura'?",
    )

    assert str(found) == (
        "routing_rules.yaml:32:7: error IVR204: there is no department called 'fakture'; "
        "did you mean 'faktura'?"
    )


def test_only_codes_from_600_are_warnings() -> None:
    assert {kind.severity for kind in FaultKind if kind.value < "IVR600"} == {"error"}
    assert {kind.severity for kind in FaultKind if kind.value >= "IVR600"} == {"warning"}
    assert len({kind.value for kind in FaultKind}) == len(FaultKind)


def test_faults_are_told_from_the_top_and_once() -> None:
    low, high = fault(FaultKind.NAME, at(10, 2), "b"), fault(FaultKind.NAME, at(9, 30), "a")
    left = fault(FaultKind.NAME, at(10, 1), "c")

    assert in_reading_order([low, high, left, low]) == (high, left, low)


def test_advice_names_the_nearest_word_or_those_there_are() -> None:
    assert did_you_mean("fakture", ["faktura", "henting"]) == "did you mean 'faktura'?"
    assert did_you_mean("xyz", ["b", "a"]) == "known: a, b"
    assert did_you_mean("xyz", map(str, range(9))) == "known: 0, 1, 2, 3, 4, 5, 6, 7, …"
    assert did_you_mean("xyz", []) is None


def test_a_value_is_shown_short_and_without_control_characters() -> None:
    assert shown("a\r\nb") == r"'a\r\nb'"
    assert len(shown("x" * 10_000)) < 50
