"""Tests that share a server take turns in one worker."""

from __future__ import annotations

import pytest

from tests.turns import ROOT, turn_of


def test_tests_of_a_module_that_share_a_server_have_one_turn() -> None:
    one, other = (f"tests/acceptance/test_trunks.py::test_{name}" for name in ("a", "b[x::y]"))

    assert turn_of(one) == turn_of(other)
    assert turn_of(one) != turn_of("tests/acceptance/test_music.py::test_a")


def test_other_tests_go_to_whoever_is_free() -> None:
    one, other = (f"tests/acceptance/test_stop.py::test_{name}" for name in ("a", "b"))

    assert turn_of(one) != turn_of(other)


def test_contract_tests_share_one_asterisk_wherever_they_stand() -> None:
    real = [f"tests/contract/test_{name}.py::test_a[real-1]" for name in ("contract", "exchange")]

    assert len({turn_of(one) for one in real}) == 1
    assert turn_of("tests/contract/test_contract.py::test_a[twin]") not in {turn_of(real[0])}


@pytest.mark.parametrize("folder", ["integration", "acceptance"])
def test_no_test_on_real_parts_shares_what_its_turn_does_not_know(folder: str) -> None:
    """A fixture of the session, of a class or of a package would be made once by every worker."""
    wider = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "tests" / folder).rglob("*.py")
        for scope in ("class", "package")
        if f'scope="{scope}"' in file.read_text("utf-8")
    ]

    assert wider == []
