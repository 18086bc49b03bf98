"""Heat is offers by weekday and hour."""

from __future__ import annotations

from collections import Counter

from ivr.kpi.cells import OfferKey, folded_offers
from ivr.kpi.offers import OfferSums
from ivr.report.gathering import heat_of


def test_all_who_were_to_be_served_count_and_the_turned_away_do_not() -> None:
    sums = OfferSums(Counter({"answered": 5, "abandoned": 2, "blocked": 9, "closed": 4}))
    offers = [
        folded_offers(OfferKey(day, quarter, "salg"), sums)
        for day, quarter in (
            ("2026-11-23", "09:15"),
            ("2026-11-30", "09:45"),
            ("2026-11-24", "10:00"),
        )
    ]

    assert heat_of(offers) == {(0, 9): 14, (1, 10): 7}
