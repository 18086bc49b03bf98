"""Holidays of sites: another country's, and local days, for what is answered there and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.menus.digits import take_option
from ivr.numbers import parse_number
from ivr.rules.decision import Facts
from ivr.rules.model import RuleSet
from ivr.rules.values.countries import HOLIDAYS_OF, public_holidays_of
from ivr.rules.values.days import public_holidays
from ivr.rules.values.plain import ValueRefused
from ivr.rules.walk import walk

OSLO = ZoneInfo("Europe/Oslo")
TEXT = """
version: 1
numbers:
  +47 55 30 10 00: {site: bergen, to: department faktura}
  +47 73 80 20 00: {site: malmo, to: department faktura}
  +47 51 90 10 00: {site: malmo, to: queue malmo, hours: office, closed: hangup}
  anything else: {to: department faktura}
hours: {office: {mon-fri: 08:00-16:00}}
holidays:
  public: Norway
  closed: [{day: 2027-06-08, sites: [bergen], say: closed.bergen}]
  open: [{day: 2027-05-01, hours: 10:00-12:00, sites: [malmo]}]
site_of_call: [dialled number, question postcode]
questions: {postcode: {say: ask, digits: 4, finds: site}}
sites:
  bergen: {postcodes: 5000-5999, departments: {faktura: {local: queue bergen, migrated: 2027-09-01}}}
  malmo: {postcodes: 2000-2099, holidays: Sweden, departments: {faktura: {local: queue malmo}}}
departments:
  faktura: {hours: office, national: queue main, closed: {say: closed, to: hangup}}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
  bergen: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
  malmo: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""
BERGEN, MALMO, DIRECT, OTHER = "55301000", "73802000", "51901000", "22222222"


@pytest.mark.parametrize(
    ("number", "moment", "row", "ends", "said"),
    [
        (BERGEN, "2027-05-17 09:00", "", "hangup", ("closed",)),
        (MALMO, "2027-05-17 09:00", "", "queue malmo", ()),
        (DIRECT, "2027-05-17 09:00", "", "queue malmo", ()),
        (MALMO, "2028-06-06 09:00", "", "hangup", ("closed",)),  # Sweden's national day
        (BERGEN, "2028-06-06 09:00", "", "queue main", ()),
        # A local day closes what is answered there, and nothing that is national.
        (BERGEN, "2027-06-08 09:00", "", "hangup", ("closed.bergen",)),
        (MALMO, "2027-06-08 09:00", "", "queue malmo", ()),
        # Who may belong to a site that is open is asked, though all others are closed.
        (OTHER, "2027-05-17 09:00", "2050", "queue malmo", ("ask",)),
        (OTHER, "2027-05-17 09:00", "5003", "hangup", ("ask", "closed")),
        (OTHER, "2027-05-16 09:00", "2050", "hangup", ("closed",)),
        # Opened there alone, on a Saturday and a holiday of both.
        (MALMO, "2027-05-01 10:00", "", "queue malmo", ()),
        (BERGEN, "2027-05-01 10:00", "", "hangup", ("closed",)),
    ],
)
def test_a_site_keeps_its_own_days(
    rules_of: Callable[[str], RuleSet],
    number: str,
    moment: str,
    row: str,
    ends: str,
    said: tuple[str, ...],
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=OSLO)

    found = walk(rules_of(TEXT), Facts(at, parse_number(number)), row, take_option)

    assert (found.ends, found.said) == (ends, said)


def test_no_country_counts_its_sundays_as_holidays() -> None:
    for name in HOLIDAYS_OF:
        assert 3 < len(public_holidays(public_holidays_of(name).country, 2027)) < 20, name


def test_a_region_has_holidays_of_its_own() -> None:
    bavaria, germany = public_holidays_of("Bayern in Germany"), public_holidays_of("Germany")

    assert bavaria.falls_on(date(2027, 1, 6))
    assert not germany.falls_on(date(2027, 1, 6))


@pytest.mark.parametrize(
    ("text", "hint"),
    [("Swedn", "Sweden"), ("Bavaria in Germany", "known"), ("Mars in Iceland", "Iceland")],
)
def test_what_is_not_known_is_refused_with_advice(text: str, hint: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        public_holidays_of(text)

    assert hint in str(refused.value.hint)
