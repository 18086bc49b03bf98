"""What lies ahead: no small change is overlooked, and what is alike is one line."""

from __future__ import annotations

from datetime import date

import pytest

from ivr.proving.plan import Plan, plan_ahead
from ivr.proving.plan import ahead as room
from ivr.proving.plan.phrases import PHRASES
from ivr.proving.plan.telling import group_told, shares_told
from ivr.rules.model import RuleSet
from ivr.showing.sentences import Language
from tests.unit.proving.conftest import RULES, WHOLE_LANGUAGE, load
from tests.unit.showing.left_in_english import left_in_english

TODAY = date(2026, 11, 26)
TWO_SITES = (
    RULES.replace(
        "  anything else",
        "  +47 73 80 20 00: {name: Oslo, site: oslo, to: menu main}\n  anything else",
    )
    .replace(
        "sites:\n", "sites:\n  oslo: {name: Oslo, departments: {faktura: {local: queue oslo}}}\n"
    )
    .replace(
        "queues:\n", "queues:\n  oslo: {answer: 80% within 20s, nobody_logged_in: queue faktura}\n"
    )
    .replace("queues: [faktura, bergen]", "queues: [faktura, bergen, oslo]")
)


def planned(before: str, after: str) -> tuple[Plan, tuple[RuleSet, RuleSet]]:
    rules = load(before), load(after)
    return plan_ahead(*rules, TODAY), rules


def lines(text: str, *edits: tuple[str, str], language: Language = "en") -> list[str]:
    changed = text
    for old, new in edits:
        assert old in changed
        changed = changed.replace(old, new)
    found, rules = planned(text, changed)
    return [group_told(one, rules, found.today, language) for one in found.groups]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mon-fri: 08:00-16:00", "mon-fri: 08:00-15:59"),
        ("12-24: until 12:00", "12-24: until 11:59"),
        ("to: 2027-07-30", "to: 2027-07-29"),
        ("  short_days: {12-24: until 12:00}\n", ""),
        ("migrated: 2027-02-01", "migrated: 2027-02-02"),
        ("1: department faktura", "2: department faktura"),
        ("after: 90s", "after: 91s"),
        ("after: 10m, to: voicemail faktura", "after: 10m, to: hangup"),
        ("nobody_logged_in: queue faktura", "nobody_logged_in: voicemail faktura"),
        ("tries: 2", "tries: 3"),
        ("anything else: {to: menu main}", "anything else: {to: hangup}"),
        ("say: [welcome, choices]", "say: [choices, welcome]"),
        ("languages: [nb, en]", "languages: [en, nb]"),
        ("site: bergen, ", ""),
    ],
)
def test_a_small_change_is_found(old: str, new: str) -> None:
    assert lines(RULES, (old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("22:00-06:00", "22:00-05:59"),
        ("at_most: 5 waiting", "at_most: 4 waiting"),
        ("when_full: voicemail faktura", "when_full: hangup"),
        ("words: {nb: [regning], en: [bill]}", "words: {nb: [faktura], en: [bill]}"),
        ("  partners: {site: oslo, numbers: [+47 22 00 00 01]}\n", ""),
        ("postcodes: 0001-1299", "postcodes: 0001-1298"),
        ("digits: 6", "digits: 5"),
        ("25% each week", "25% each day"),
        ("no_answer: voicemail faktura", "no_answer: queue faktura"),
        ("sites: [bergen]}", "sites: [oslo]}"),
        (
            "site_of_call: [dialled number, caller list",
            "site_of_call: [caller list, dialled number",
        ),
    ],
)
def test_also_of_the_rarer_words(old: str, new: str) -> None:
    assert lines(WHOLE_LANGUAGE, (old, new))


def test_a_place_that_is_kept_is_told_of_callers_who_call_again() -> None:
    keeping = (
        "  bergen: {answer: 80% within 20s,",
        "  bergen: {answer: 80% within 20s, keep_place: 60s,",
    )

    found = "\n".join(lines(RULES, keeping))

    assert "calling again 1m after hanging up in queue bergen" in found
    assert "keep_place" in found


@pytest.mark.parametrize("text", [RULES, WHOLE_LANGUAGE], ids=["small", "the whole language"])
def test_another_layout_changes_nothing(text: str) -> None:
    found, _ = planned(text, "# a comment\n" + text)

    assert (found.changed, found.groups) == (0, ())


@pytest.mark.parametrize(
    ("edit", "english", "norwegian"),
    [
        (
            ("closed: [", "closed: [{from: 2026-12-28, to: 2026-12-30}, "),
            "28–30 December 2026 08:00–16:00",
            "28.–30. desember 2026 08:00–16:00",
        ),
        (
            ("mon-fri: 08:00-16:00", "mon-fri: [08:00-11:30, 12:00-16:00]"),
            "every weekday 11:30–12:00, not on public holidays",
            "mandag til fredag 11:30–12:00, ikke helligdager",
        ),
        (
            ("mon-fri: 08:00-16:00", "mon-fri: 08:00-16:00, sat: 10:00-14:00"),
            "Saturdays 10:00–14:00, not on public holidays",
            "lørdager 10:00–14:00, ikke helligdager",
        ),
        (
            ("mon-fri: 08:00-16:00", "daily: 00:00-24:00"),
            "weekends all day, not on public holidays, 24 December or 12–30 July 2027",
            "16:00–24:00, lørdager og søndager hele dagen, ikke helligdager, 24. desember eller 12.–30. juli 2027",
        ),
        (
            (
                "menus:\n",
                "notices: [{from: 2026-12-01 08:00, to: 2026-12-20 12:00, say: news}]\nmenus:\n",
            ),
            "from 1 December 2026 08:00 until 20 December 2026 12:00",
            "fra 1. desember 2026 08:00 til 20. desember 2026 12:00",
        ),
        (
            ("menus:\n", "notices: [{from: 2026-12-01, to: 2026-12-01, say: news}]\nmenus:\n"),
            "1 December 2026, all day",
            "1. desember 2026, hele dagen",
        ),
        (("say: [welcome, choices]", "say: [hello, choices]"), "from now on", "fra nå av"),
        (
            ("voicemail faktura}", "hangup}"),
            "while faktura is closed",
            "mens faktura er stengt",
        ),
        (
            ("migrated: 2027-02-01", "migrated: 2026-12-01"),
            "while faktura is open, 1 December 2026 – 31 January 2027",
            "mens faktura er åpen, 1. desember 2026 – 31. januar 2027",
        ),
        (
            (", migrated: 2027-02-01", ""),
            "while faktura is open, from 1 February 2027 on",
            "mens faktura er åpen, fra 1. februar 2027",
        ),
        (
            ("12-24: until 12:00", "12-24: until 11:00"),
            "24 December if on a weekday 11:00–12:00",
            "24. desember hvis det er en hverdag fra mandag til fredag 11:00–12:00",
        ),
    ],
)
def test_a_change_says_when_it_is_in_words(
    edit: tuple[str, str], english: str, norwegian: str
) -> None:
    told = lines(RULES, edit), lines(RULES, edit, language="nb")

    assert any(english in line for line in told[0]), told[0]
    assert any(norwegian in line for line in told[1]), told[1]


def test_a_ramp_says_how_many_callers() -> None:
    edit = ("migrated: 2027-02-01", "migrated: 2027-02-01, ramp: 25% each week")

    told = lines(RULES, edit)

    assert [line.partition(":")[0].split(", ")[-1] for line in told] == [
        "three callers in four",
        "half of the callers",
        "one caller in four",
    ]
    assert "1–5 February 2027 08:00–16:00" in told[0]


def test_sites_that_change_alike_are_few_lines_whose_own_queues_are_named() -> None:
    told = lines(TWO_SITES, ("voicemail faktura}\nqueues", "hangup}\nqueues"))

    assert told == [
        "all numbers, whatever they key: voicemail faktura → hangup, while faktura is closed"
    ]


def test_each_sites_own_queue_is_named_where_they_are_few() -> None:
    told = lines(TWO_SITES, ("mon-fri: 08:00-16:00", "mon-fri: 08:00-17:00"))

    assert any("Oslo, whatever they key: voicemail faktura → queue oslo" in one for one in told)
    assert any("Bergen, " in one and "voicemail faktura → queue bergen" in one for one in told)


def test_a_postcode_moves_and_its_neighbours_stay() -> None:
    told = lines(WHOLE_LANGUAGE, ("postcodes: 5000-5999", "postcodes: 5000-5989"))

    assert told
    assert all("postcodes 5990–5999" in one for one in told)


def test_too_many_kinds_of_numbers_are_left_out_and_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "MOST_WALKS", 10)

    found, _ = planned(TWO_SITES, TWO_SITES.replace("16:00", "17:00"))

    assert 0 < found.left_out < 3


def test_what_has_been_changes_nothing_any_more() -> None:
    found, _ = planned(
        RULES.replace("2027-02-01", "2026-02-01"), RULES.replace("2027-02-01", "2026-03-01")
    )

    assert found.changed == 0


SHORT = """\
version: 1
numbers: {+47 21 00 00 00: queue main, anything else: queue main}
callers:
  vip: {numbers: [+47 55 97 00 01], first_in_line: true, to: queue faktura}
  nuisance: {numbers: [+47 98 76 54 32], say: not_today, to: hangup}
  hidden: {numbers: withheld, to: refuse}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
  faktura: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[+47 55 97 00 01]", "[+47 55 97 00 01, +47 55 97 00 02]", "callers new in vip"),
        ("[+47 55 97 00 01]", "[+47 55 97 00 00, +47 55 97 00 01]", "callers new in vip"),
        ("first_in_line: true, to: queue faktura", "to: queue main", "callers of vip"),
        ("say: not_today, to: hangup", "to: refuse", "callers of nuisance"),
        ("{numbers: withheld, to: refuse}", "[+47 22 33 44 55]", "callers no longer in hidden"),
    ],
)
def test_a_change_of_a_list_is_found_and_whose_it_is_told(old: str, new: str, told: str) -> None:
    assert all(told in line for line in lines(SHORT, (old, new)))
    assert lines(SHORT, (old, new))


@pytest.mark.parametrize(
    ("key", "language", "told"),
    [
        ("1", "en", "pressing 1 while waiting"),
        ("1", "nb", "med 1 tastet i køen"),
        ("star", "en", "pressing star while waiting"),
        ("star", "nb", "med stjerne tastet i køen"),
    ],
)
def test_a_key_of_a_queue_that_leads_elsewhere_is_told(
    key: str, language: Language, told: str
) -> None:
    keys = RULES.replace(
        "  bergen: {answer", f"  bergen: {{keys: {{{key}: voicemail faktura}}, answer"
    )

    found = lines(keys, (f"{{{key}: voicemail faktura}}", f"{{{key}: hangup}}"), language=language)

    assert found
    assert all(told in line and "voicemail faktura → hangup" in line for line in found)


def test_languages_and_what_a_site_takes_are_told_in_norwegian() -> None:
    words = PHRASES["nb"]
    before, after = (
        "oslo 50%; catch_up never",
        "oslo 50% (phone vakt, at most 5 calls); catch_up 3 calls",
    )

    assert words.speaks.format(*(words.languages[one] for one in ("nb", "en"))) == (
        "på engelsk i stedet for bokmål"
    )
    assert (
        left_in_english(after, shares_told(before, after, words), ["oslo", "catch_up", "vakt"])
        == set()
    )
