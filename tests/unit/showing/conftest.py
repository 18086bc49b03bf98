from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def shipped() -> RuleSet:
    rules, faults = read_rules((ROOT / "routing_rules.yaml").read_bytes(), "routing_rules.yaml")
    assert rules is not None, faults
    return rules


@pytest.fixture
def written() -> Callable[[str], RuleSet]:
    """Rules from their text."""

    def read(text: str) -> RuleSet:
        rules, faults = read_rules(textwrap.dedent(text).encode(), "r.yaml")
        assert rules is not None, faults
        return rules

    return read


@pytest.fixture
def all_words(written: Callable[[str], RuleSet]) -> RuleSet:
    """Rules in which every word that leads somewhere leads somewhere."""
    return written(
        """\
        version: 1
        languages: [nb, en]
        numbers:
          +47 55 30 10 00: {name: 'Say "hi" <b> & #1', site: bergen, to: menu main}
          02222: queue rest
          anything else: question postnummer
        hours:
          office: {mon-fri: 08:00-16:00}
        menus:
          main:
            say: welcome
            keys:
              1: department faktura
              2: {language: en, to: menu main}
              3: menu second
              star: repeat
            nothing_chosen: phone vakt
          second:
            say: welcome
            keys: {1: back, 2: hangup}
            tries: 2
            nothing_chosen: queue main
        questions:
          postnummer: {say: ask, digits: 4, finds: site, to: department faktura}
        site_of_call: [dialled number, question postnummer]
        sites:
          bergen:
            postcodes: 5000-5999
            departments:
              faktura: {local: queue bergen, migrated: 2027-02-01, ramp: 25% each week}
          oslo: {name: Oslo, postcodes: 0001-1299}
        departments:
          faktura:
            hours: office
            national: queue main
            closed: {say: closed, to: voicemail box}
        queues:
          main:
            answer: 80% within 20s
            while_waiting:
              - {after: 60s, offer: callback}
              - {after: 2m, also_ring: queue bergen}
              - {after: 10m, to: voicemail box}
            at_most: 25 waiting
            when_full: voicemail full
            nobody_logged_in: voicemail box
            at_closing_time: voicemail box
          bergen: {answer: 80% within 20s, while_waiting: [{after: 1h, to: queue main}], nobody_logged_in: queue main}
          rest: {answer: 80% within 20s, while_waiting: [{after: 90s, to: hangup}]}
        voicemails: {box: {say: voicemail}, full: {say: voicemail}}
        phones:
          vakt: {phone: +47 900 00 000, no_answer: queue main}
        agents:
          kari: {name: Kari, phone: kari, queues: [main]}
          tommy: {phone: tommy, queues: [bergen, main]}
          ola: {phone: ola, queues: [rest]}
        callback: {}
        """
    )
