from __future__ import annotations

import pytest

from ivr.rules.load import read_rules

DAY_AND_NIGHT = """
version: 1
numbers: {{anything else: {{to: department day}}}}
hours:
  day: {{daily: 06:00-{day_ends}}}
  night: {{daily: 22:00-06:00}}
{holidays}
departments:
  day: {{hours: day, national: queue main, closed: {{say: closed, to: department night}}}}
  night: {{hours: night, national: queue main, closed: {{say: closed, to: department day}}}}
queues:
  main: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
"""


def codes(text: str) -> list[str]:
    return [fault.code for fault in read_rules(text.encode(), "rules.yaml")[1]]


def test_departments_that_cover_for_each_other_all_week_may_point_at_one_another() -> None:
    assert codes(DAY_AND_NIGHT.format(day_ends="22:00", holidays="")) == []


@pytest.mark.parametrize(
    ("day_ends", "holidays"),
    [
        ("21:59", ""),
        ("22:00", "holidays: {public: Norway}"),
        ("22:00", "holidays: {closed: [{from: 2026-12-24, to: 2026-12-24}]}"),
    ],
    ids=["a minute uncovered", "public holidays", "a closed day"],
)
def test_departments_that_may_both_be_closed_may_not(day_ends: str, holidays: str) -> None:
    assert "IVR403" in codes(DAY_AND_NIGHT.format(day_ends=day_ends, holidays=holidays))


def test_a_lunch_break_is_no_hole_and_neighbours_do_not_overlap() -> None:
    text = DAY_AND_NIGHT.format(day_ends="22:00", holidays="").replace(
        "night: {daily: 22:00-06:00}", "night: {daily: [22:00-02:00, 02:00-04:00, 04:30-06:00]}"
    )

    assert codes(text) == ["IVR403"]


def test_hours_over_midnight_on_sunday_overlap_monday() -> None:
    text = DAY_AND_NIGHT.format(day_ends="22:00", holidays="").replace(
        "{daily: 06:00-22:00}", "{mon: 05:00-22:00, tue-sat: 06:00-22:00, sun: 06:00-05:30}"
    )

    assert "IVR605" in codes(text)


def test_a_name_that_was_misspelled_does_not_make_its_owner_unused() -> None:
    text = """
version: 1
numbers: {anything else: {to: queue mian}}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""

    assert codes(text) == ["IVR204"]


def test_languages_and_stars_do_not_count_as_choices() -> None:
    text = """
version: 1
languages: [nb, en]
numbers: {anything else: {to: menu main}}
menus:
  main:
    say: welcome
    keys:
      1: queue main
      2: queue main
      3: queue main
      4: queue main
      5: queue main
      9: {language: en, to: menu main}
      star: repeat
      hash: back
    nothing_chosen: queue main
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""

    assert codes(text) == []


@pytest.mark.parametrize("name", ["NO", "yes", "off", "10:30", "0047", "+47", "1_000", "0x1F", "y"])
def test_what_yaml_1_1_reads_otherwise_is_told_unless_quoted(name: str) -> None:
    plain = f"version: 1\nnumbers: {{anything else: {{name: {name}, to: hangup}}}}\n"
    quoted = plain.replace(f"name: {name}", f'name: "{name}"')

    assert codes(plain) == ["IVR606"]
    assert codes(quoted) == []


@pytest.mark.parametrize(
    "name", ["Norge", "08:00-16:00", "12-24", "1", "2026-07-13", "+47 55", "no2"]
)
def test_what_both_yamls_read_alike_is_left_alone(name: str) -> None:
    assert codes(f"version: 1\nnumbers: {{anything else: {{name: {name}, to: hangup}}}}\n") == []


@pytest.mark.parametrize(
    ("week", "is_told"),
    [
        ("{mon-fri: 16:00-08:00}", True),
        ("{fri: 15:00-08:00, sat: 10:00-14:00}", True),
        ("{mon-fri: 16:00-08:00, sat-sun: 00:00-24:00}", False),
        ("{mon-sun: 16:00-08:00}", False),
        ("{mon-fri: 22:00-06:00}", False),
        ("{mon-fri: 08:00-24:00}", False),
        ("{mon-fri: 16:00-24:00, tue-sat: 00:00-08:00}", False),
    ],
)
def test_hours_that_are_likely_turned_round_are_told_unless_they_look_meant(
    week: str, is_told: bool
) -> None:
    text = DAY_AND_NIGHT.format(day_ends="22:00", holidays="")

    found = codes(text.replace("{daily: 22:00-06:00}", week))

    assert ("IVR622" in found) == is_told


@pytest.mark.parametrize(
    ("name", "is_told"),
    [("“Bergen”", True), ("«Bergen»", True), ('"“Bergen”"', True), ("Kari’s place", False)],
)
def test_typographic_quotes_around_a_name_are_told_and_within_it_are_letters(
    name: str, is_told: bool
) -> None:
    assert ("IVR624" in codes(f"version: 1\nsites:\n  bergen: {{name: {name}}}\n")) == is_told


def test_reasons_that_a_phone_does_not_read_need_codes_of_their_own() -> None:
    many = [f"reason_{number}" for number in range(1, 12)]
    own = "star 20: pause reason_10"
    asks = "star 21: pause"

    def found(reasons: list[str], *written: str) -> list[str]:
        text = DAY_AND_NIGHT.format(day_ends="22:00", holidays="")
        duty = f"duty: {{pause_reasons: [{', '.join(reasons)}], codes: {{{', '.join(written)}}}}}\n"
        faults = read_rules((text + duty).encode(), "rules.yaml")[1]
        return [one.message for one in faults if one.code == "IVR607"]

    (both,) = found(many, asks)
    assert both.endswith("9 reasons to choose from; reason_10, reason_11 cannot be chosen there")
    (last,) = found(many, asks, own)
    assert last.endswith("9 reasons to choose from; reason_11 cannot be chosen there")
    assert found(many[:9], asks) == []
    assert found(many[:10], asks, own) == []
    assert found(many, own) == []


@pytest.mark.parametrize(
    ("taken", "free"),
    [((), "star 29"), (("star 29", "star 30"), "star 31"), (("star 29", "hash 30"), "star 30")],
)
def test_a_code_that_is_advised_is_free(taken: tuple[str, ...], free: str) -> None:
    reasons = ", ".join(f"reason_{number}" for number in range(1, 11))
    codes = ", ".join(("star 21: pause", *(f"{one}: sign in" for one in taken)))
    text = DAY_AND_NIGHT.format(day_ends="22:00", holidays="")
    duty = f"duty: {{pause_reasons: [{reasons}], codes: {{{codes}}}}}\n"

    faults = read_rules((text + duty).encode(), "rules.yaml")[1]

    (found,) = [one for one in faults if one.code == "IVR607"]
    assert (found.hint or "").endswith(f"write a code for it: {free}: pause reason_10")


@pytest.mark.parametrize(
    ("share", "advice"),
    [
        ("bergn", "did you mean 'bergen'? Else write site: bergn at an agent of the queue"),
        ("tromsø", "write site: tromsø at an agent of the queue"),
        ("oslo2", "write site: oslo2 at an agent of the queue"),
    ],
)
def test_a_share_for_a_site_that_was_misspelled_is_told_which(share: str, advice: str) -> None:
    text = DAY_AND_NIGHT.format(day_ends="22:00", holidays="").replace(
        "while_waiting:", f"split: {{oslo: 50%, {share}: 50%}}, while_waiting:"
    )
    text += "sites: {oslo: {}, bergen: {}}\nagents:\n"
    text += "  kari: {phone: kari, site: oslo, queues: [main]}\n"
    text += "  ola: {phone: ola, site: bergen, queues: [main]}\n"
    (nobody,) = [one for one in read_rules(text.encode(), "rules.yaml")[1] if one.code == "IVR618"]

    assert nobody.hint is not None
    assert nobody.hint.startswith(advice)


def test_what_is_whispered_twice_is_told() -> None:
    text = DAY_AND_NIGHT.format(day_ends="22:00", holidays="").replace(
        "while_waiting:", "whisper: [queue, waited, queue], while_waiting:"
    )

    assert codes(text) == ["IVR104"]
