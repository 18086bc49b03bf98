"""How numbers are written for carriers."""

from __future__ import annotations

import pytest

from ivr.numbers import PhoneNumber
from ivr.settings.trunk import NumberForm
from ivr.trunks import written

FORMS: tuple[NumberForm, ...] = ("+47", "0047", "47", "national")


@pytest.mark.parametrize(
    ("digits", "forms"),
    [
        ("+4755301000", ("+4755301000", "004755301000", "4755301000", "55301000")),
        ("+46812345678", ("+46812345678", "0046812345678", "46812345678", "0046812345678")),
        (
            "+4758000000000012",
            ("+4758000000000012", "004758000000000012", "4758000000000012", "58000000000012"),
        ),
        ("02222", ("02222",) * 4),
        ("112", ("112",) * 4),
    ],
)
def test_a_number_is_written_in_each_form(digits: str, forms: tuple[str, ...]) -> None:
    assert tuple(written(PhoneNumber(digits), form) for form in FORMS) == forms
