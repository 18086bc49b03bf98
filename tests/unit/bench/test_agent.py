"""The caller of a measured call, as both sides name it."""

import pytest

from bench.agent import caller_key


@pytest.mark.parametrize("number", ["+4791000001", "4791000001", "91000001", "+47 91 00 00 01"])
def test_a_number_is_known_however_it_is_written(number: str) -> None:
    assert caller_key(number) == "91000001"
