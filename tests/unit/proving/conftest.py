"""A small switchboard whose rules are proved in these tests."""

from __future__ import annotations

import pytest

from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb, en]
numbers:
  +47 55 30 10 00: {name: Bergen, site: bergen, to: menu main}
  anything else: {to: menu main}
hours:
  office: {mon-fri: 08:00-16:00}
holidays:
  public: Norway
  short_days: {12-24: until 12:00}
  closed: [{from: 2027-07-12, to: 2027-07-30, departments: [faktura]}]
menus:
  main:
    say: [welcome, choices]
    keys:
      1: department faktura
      9: {language: en, to: menu main}
      star: repeat
    tries: 2
    nothing_chosen: department faktura
sites:
  bergen:
    name: Bergen
    departments:
      faktura: {local: queue bergen, migrated: 2027-02-01}
departments:
  faktura:
    hours: office
    national: queue faktura
    closed: {say: closed, to: voicemail faktura}
queues:
  faktura:
    {answer: 80% within 20s, while_waiting: [{after: 10m, to: voicemail faktura}], nobody_logged_in: voicemail faktura}
  bergen: {answer: 80% within 20s, while_waiting: [{after: 90s, to: queue faktura}], nobody_logged_in: queue faktura}
agents:
  kari: {phone: kari, queues: [faktura, bergen]}
"""

WHOLE_LANGUAGE = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb, en]
numbers:
  +47 55 30 10 00: {name: Bergen, site: bergen, to: menu main}
  +47 21 00 00 00: {name: Nation, to: menu main}
  anything else: {to: question order}
callers:
  hospitals: [+47 55 97 00 00]
  partners: {site: oslo, numbers: [+47 22 00 00 01]}
  vip: {numbers: [+47 55 97 00 01], first_in_line: true, to: queue faktura}
  nuisance: {numbers: [+47 98 76 54 32], say: not_today, to: hangup}
  hidden: {numbers: withheld, to: refuse}
hours:
  office: {mon-fri: 08:00-16:00}
  night: {daily: 22:00-06:00}
holidays:
  public: Norway
  short_days: {easter-4: until 12:00}
notices:
  - {from: 2026-12-01 08:00, to: 2026-12-20 00:00, say: notice.christmas, sites: [bergen]}
menus:
  main:
    say: [welcome, choices]
    keys: {1: department faktura, 2: department vakt, 3: menu more}
    speech: true
    nothing_chosen: department faktura
  more:
    say: more
    keys: {1: back, hash: repeat}
    nothing_chosen: hangup
questions:
  postnummer: {say: ask.postcode, digits: 4, tries: 2, finds: site}
  order: {say: ask.order, digits: 6, to: department faktura}
site_of_call: [dialled number, caller list, question postnummer]
sites:
  bergen:
    name: Bergen
    postcodes: 5000-5999
    departments:
      faktura: {local: queue bergen, migrated: 2027-02-01, ramp: 25% each week}
  oslo:
    name: Oslo
    postcodes: 0001-1299
    departments:
      faktura: {local: queue bergen}
departments:
  faktura:
    words: {nb: [regning], en: [bill]}
    hours: office
    national: queue faktura
    closed: {say: closed, to: voicemail faktura}
    first_in_line: hospitals
  vakt:
    words: {nb: [vakt], en: [guard]}
    hours: night
    national: phone vakt
    closed: {say: closed, to: hangup}
phones:
  vakt: {phone: +47 90 00 00 09, no_answer: voicemail faktura}
queues:
  faktura:
    answer: 80% within 20s
    at_most: 5 waiting
    when_full: voicemail faktura
    while_waiting: [{after: 60s, also_ring: queue bergen}, {after: 10m, to: voicemail faktura}]
    nobody_logged_in: voicemail faktura
  bergen: {answer: 80% within 20s, while_waiting: [{after: 90s, to: queue faktura}], nobody_logged_in: queue faktura}
agents:
  kari: {phone: kari, queues: [faktura, bergen]}
"""


def load(text: str) -> RuleSet:
    rules, _ = load_rules(text.encode(), "rules.yaml")
    return rules


@pytest.fixture
def text() -> str:
    return RULES


@pytest.fixture
def rules() -> RuleSet:
    return load(RULES)
