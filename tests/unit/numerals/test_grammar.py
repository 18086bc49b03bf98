"""What a number is made of."""

from __future__ import annotations

import pytest

from ivr.numerals.grammar import number_parts
from ivr.numerals.parts import ONE_BEFORE_MINUTE


def test_one_is_another_word_before_a_minute_in_norwegian_only() -> None:
    assert number_parts(21, "nb", before_minute=True) == ("number.20", ONE_BEFORE_MINUTE)
    assert number_parts(21, "nb") == ("number.20", "number.1")
    assert number_parts(21, "en", before_minute=True) == ("number.20", "number.1")


@pytest.mark.parametrize("count", [-1, 0, 1000])
def test_what_is_not_put_together_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="no number from 1 to 999"):
        number_parts(count, "nb")
