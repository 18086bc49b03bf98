"""A site's share of a queue is told beside the one that was agreed."""

from __future__ import annotations

from collections import Counter

import pytest

from ivr.kpi.cells import OfferKey, folded_offers
from ivr.kpi.offers import OfferSums
from ivr.kpi.shares import shares
from ivr.records.events import GivenToSite


def counted(answered: int) -> OfferSums:
    return OfferSums(Counter({"answered": answered}))


def test_what_a_site_answers_is_compared_with_its_agreed_share() -> None:
    offers = [
        folded_offers(OfferKey("2026-11-23", queue="salg", agent=agent), counted(answered))
        for agent, answered in (("kari", 45), ("ola", 30), ("per", 25), ("gone", 7))
    ]
    sites = {"kari": "oslo", "ola": "bergen", "per": "bergen"}

    found = shares({"salg": {"oslo": 0.5, "bergen": 0.3, "partner": 0.2}}, sites, offers)

    assert [(one.site, one.actual, one.answered) for one in found] == [
        ("bergen", 0.55, 55),
        ("oslo", 0.45, 45),
        ("partner", 0.0, 0),
    ]
    assert found[0].difference == pytest.approx(0.25)
    assert found[2].difference == pytest.approx(-0.2)


def test_where_nothing_was_answered_there_is_no_share() -> None:
    nothing = folded_offers(OfferKey("2026-11-23", queue="salg", agent="kari"), OfferSums())

    (one,) = shares({"salg": {"oslo": 1.0}}, {"kari": "oslo"}, [nothing])

    assert (one.actual, one.difference) == (None, None)


def given(site: str, before: str | None = None, **agreed: int) -> GivenToSite:
    return GivenToSite(
        queue="salg",
        site=site,
        because="turn",
        number=1,
        shares=agreed or {"oslo": 50, "partner": 50},
        had={},
        in_turn={},
        owed={},
        most_owed=20,
        before=before,
    )


def test_calls_that_were_given_count_and_one_that_was_moved_counts_once() -> None:
    calls = [given("oslo"), given("partner"), given("oslo", before="partner"), given("oslo")]
    offers = folded_offers(OfferKey("2026-11-23", queue="salg", agent="site partner"), counted(1))

    oslo, partner = shares({"salg": {"oslo": 0.9, "partner": 0.1}}, {}, [offers], calls)

    assert (oslo.given, oslo.calls, oslo.actual, oslo.agreed) == (3, 3, 1.0, 0.5)
    assert (partner.given, partner.difference, partner.answered) == (0, -0.5, 1)


def test_what_was_agreed_is_that_of_the_days_when_the_calls_came() -> None:
    before, after = given("oslo", oslo=100), given("partner", oslo=50, partner=50)

    oslo, partner = shares({"salg": {"partner": 1.0}}, {}, [], [before, after])

    assert (oslo.agreed, partner.agreed) == (0.75, 0.25)
    assert (oslo.actual, partner.actual) == (0.5, 0.5)
