"""Advice fits the very value: what a finding says to write means what was meant, and is accepted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ivr.errors import NumberRefused
from ivr.numbers import parse_number
from ivr.rules.load import read_rules
from ivr.rules.values import amounts, duty, plain, times
from ivr.rules.values.amounts import Bounds
from ivr.rules.values.destinations import destination
from ivr.rules.values.plain import ValueRefused


def duration(text: str) -> float:
    return amounts.seconds(text, Bounds(1, 86400, "1s to 1d"))


SLIPS: list[tuple[Callable[[str], object], str, str]] = [
    (times.span, "07:00-24:30", "07:00-00:30"),
    (times.span, "18:00 - 26:00", "18:00-02:00"),
    (times.span, "24:00-08:00", "00:00-08:00"),
    (times.span, "8 til 16", "08:00-16:00"),
    (times.until, "15:00", "until 15:00"),
    (times.until, "til kl. 13", "until 13:00"),
    (times.until, "until 9", "until 09:00"),
    (times.calendar_date, "2026-7-3", "2026-07-03"),
    (times.calendar_date, "20260703", "2026-07-03"),
    (times.calendar_date, "3.7.26", "2026-07-03"),
    (times.day_or_moment, "2026-12-01 8:00", "2026-12-01 08:00"),
    (times.day_or_moment, "2026-12-01T08:00", "2026-12-01 08:00"),
    (times.day_or_moment, "1.12.2026 kl 8.15", "2026-12-01 08:15"),
    (times.day_or_moment, "1.12.2026", "2026-12-01"),
    (times.day_or_moment, "2. desember 2026 kl. 8", "2026-12-02 08:00"),
    (times.day_or_moment, "onsdag 2.12.2026, 08.00", "2026-12-02 08:00"),
    (times.day_or_moment, "8:00 22/12/2026", "2026-12-22 08:00"),
    (times.year_day, "24.12.", "12-24"),
    (times.year_day, "24-12", "12-24"),
    (times.year_day, "2026-12-24", "12-24"),
    (times.year_day, "easter", "easter+0"),
    (times.year_day, "Easter - 4", "easter-4"),
    (duration, "2 min", "2m"),
    (duration, "90 sekunder", "90s"),
    (duration, "1 hour", "1h"),
    (amounts.answer_target, "80/20", "80% within 20s"),
    (amounts.answer_target, "80 % in 20 sec", "80% within 20s"),
    (amounts.answer_target, "70% within 2 min", "70% within 2m"),
    (amounts.percent, "25", "25%"),
    (amounts.percent, "25 prosent", "25%"),
    (amounts.every, "45s", "every 45s"),
    (amounts.waiting, "30", "30 waiting"),
    (amounts.waiting, "30 callers", "30 waiting"),
    (amounts.scale, "1 to 6", "1-6"),
    (amounts.scale, "5-1", "1-5"),
    (plain.prompt_name, "Welcome.wav", "welcome"),
    (plain.prompt_name, "prompts/nb/Closed Summer.wav", "closed_summer"),
    (plain.language, "Norsk", "nb"),
    (plain.language, "EN", "en"),
    (plain.language, "en-GB", "en"),
    (plain.language, "nb_NO", "nb"),
    (plain.language, "no", "nb"),
    (plain.language, "nno", "nn"),
    (plain.language, "eng", "en"),
    (plain.language, "gb", "en"),
    (plain.true_false, "ja", "true"),
    (plain.true_false, "Off", "false"),
    (plain.postcodes, "5000 - 5999", "5000-5999"),
    (plain.postcodes, "5999-5000", "5000-5999"),
]


@pytest.mark.parametrize(("read", "written", "meant"), SLIPS)
def test_what_was_meant_is_what_the_advice_says(
    read: Callable[[str], object], written: str, meant: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        read(written)

    assert re.search(rf'(?: |"|^){re.escape(meant)}(?:"|;|,|$)', refused.value.hint or "")
    read(meant)


@pytest.mark.parametrize(
    ("read", "nonsense"),
    [
        (times.span, "08:00-70:00"),
        (times.span, "from morning"),
        (times.until, "until late"),
        (times.calendar_date, "31.2.2026"),
        (times.day_or_moment, "soon"),
        (times.year_day, "40.40."),
        (duration, "a while"),
        (duration, "2 weeks"),
        (amounts.answer_target, "80% within soon"),
        (amounts.answer_target, "800/20"),
        (amounts.percent, "250"),
        (amounts.scale, "1-20"),
        (plain.prompt_name, "https://example.com/welcome.wav"),
        (plain.postcodes, "50"),
    ],
)
def test_where_nothing_can_be_guessed_the_advice_is_an_example(
    read: Callable[[str], object], nonsense: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        read(nonsense)

    assert refused.value.hint


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("5530101", "this has 7 digits"),
        ("553010000", "this has 9 digits"),
        ("47", "this has 2 digits"),
        ("+47 5530101", "8 digits behind +47, and this has 7"),
        ("0047 55 30 10 001", "8 digits behind +47, and this has 9"),
        ("+46 1", "no number of that country"),
        ("Bergen", "digits, with spaces"),
    ],
)
def test_a_number_is_told_how_many_digits_it_has(written: str, told: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        parse_number(written)

    assert told in refused.value.wanted


RULES = """version: 1
numbers: {{anything else: {{to: queue main}}}}
queues:
  main: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
  bern: {{answer: 80% within 20s, nobody_logged_in: queue main, while_waiting: [{{after: 5m, to: hangup}}]}}
agents:
  kari: {agent}
"""


@pytest.mark.parametrize(
    "agent",
    [
        "{phone: kari, queues: main, bern}",
        "\n    phone: kari\n    queues: main, bern",
        "\n    phone: kari\n    queues: main; bern",
        "\n    phone: kari\n    queues: main bern",
        "\n    phone: kari\n    queues: main, bern}",
        "\n    phone: kari\n    queues: main, bern]",
        "\n    phone: kari\n    queues:\n      main\n      bern",
        "\n    phone: kari\n    queues:\n      -main\n      -bern",
        "\n    phone: kari\n    queues:\n      main:\n      bern:",
        "\n    phone: kari\n    queues: {main, bern}",
    ],
)
def test_a_list_in_any_other_form_is_told_how_it_is_written(agent: str) -> None:
    _, faults = read_rules(RULES.format(agent=agent).encode(), "rules.yaml")

    assert any("[main, bern]" in (fault.hint or "") for fault in faults), faults


def test_a_number_that_stands_twice_in_a_long_list_is_named_with_its_twin() -> None:
    listed = "".join(f"  - +47 22 00 00 {number:02}\n" for number in range(40))
    text = RULES.format(agent="{phone: kari, queues: main}")
    text += f"callers:\n  vip:\n{listed}  - 22 00 00 05\n".replace("  - ", "    - ")

    _, faults = read_rules(text.encode(), "rules.yaml")

    (twice,) = [fault for fault in faults if fault.code == "IVR304"]
    assert twice.message == "+47…005 stands in vip twice, and first at line 15"
    assert twice.location.line == 50


def test_postcodes_with_spaces_round_the_hyphen_are_one_range_and_no_two_postcodes() -> None:
    text = RULES.format(agent="{phone: kari, queues: main}") + (
        "sites: {bergen: {postcodes: 5000 - 5999}}\n"
    )

    _, faults = read_rules(text.encode(), "rules.yaml")

    (fault,) = [one for one in faults if one.severity == "error"]
    assert (fault.code, fault.hint) == ("IVR318", "write it as 5000-5999")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "+47 90 00 00 01",
            "write the number below phones, as duty: {phone: …}, and here: phone duty",
        ),
        ("hang up", "did you mean 'hangup'?"),
        ("Hang-up", "did you mean 'hangup'?"),
        ("hangop now", "did you mean 'hangup'?"),
        ("queu sales", "did you mean 'queue sales'?"),
        ("agent kari", "callers reach agents by a queue: write queue and its name"),
        ("voice mail sales", "did you mean 'voicemail sales'?"),
    ],
)
def test_where_no_call_can_go_is_told_what_was_meant(written: str, told: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        destination(written)

    assert refused.value.hint == told
    assert "90 00 00" not in refused.value.message  # findings are logged


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("words: [faktura, regning]", "write {nb: [faktura, regning]}"),
        ("words: faktura", "write {nb: [faktura]}"),
        ("breaks: lunch", "write {lunch: {say: closed.lunch}}"),
    ],
)
def test_a_table_of_a_department_is_advised_with_what_was_written(written: str, hint: str) -> None:
    text = RULES.format(agent="{phone: kari, queues: main}") + (
        "hours: {office: {daily: 08:00-16:00}}\ndepartments:\n"
        f"  bills: {{hours: office, national: queue main, closed: {{say: closed, to: hangup}}, {written}}}\n"
    )

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert [one.hint for one in faults if one.code == "IVR301"] == [hint]


@pytest.mark.parametrize(
    ("section", "agent", "hint"),
    [
        ("sites: {bergen: {departments: {bills: queue bern}}}", "", "write {local: queue bern}"),
        ("holidays: {closed: [2026-12-28]}", "", "write {day: 2026-12-28}"),
        ("callers: {vip: vip.csv}", "", "write {file: vip.csv}"),
        ("", ", skills: [freight]", "write {freight: 2}"),
    ],
)
def test_a_table_is_advised_with_the_word_that_was_left_out(
    section: str, agent: str, hint: str
) -> None:
    text = RULES.format(agent=f"{{phone: kari, queues: main{agent}}}") + section

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert hint in [one.hint for one in faults], faults


def test_a_countrys_code_is_advised_in_quotes_as_the_check_wants_it() -> None:
    with pytest.raises(ValueRefused) as refused:
        duty.may_call("sweden")

    assert '"+46"' in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("week", "hint"),
    [
        ("mon-thu 08:00-15:00", "write {mon-thu: 08:00-15:00}"),
        ("man-tor 8-15", "write {mon-thu: 08:00-15:00}"),
        ("[mon-thu 08:00-15:00]", "write {mon-thu: 08:00-15:00}"),
        ("8-15", 'use "08:00-15:00"'),
        ("whenever", 'use "08:00-16:00"'),
    ],
)
def test_days_before_the_times_of_a_season_are_advised_as_its_week(week: str, hint: str) -> None:
    text = RULES.format(agent="{phone: kari, queues: main}") + (
        f"hours: {{office: {{mon-fri: 08:00-16:00, 06-01 to 08-31: {week}}}}}\n"
    )

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert [one.hint for one in faults if one.code == "IVR305"] == [hint]


@pytest.mark.parametrize(
    ("languages", "hint"),
    [
        ("[en, nb]", "write {en: [bill]}"),
        ("en", "write {en: [bill]}"),
        ("{en: nb}", "write {nb: [bill]}"),
    ],
)
def test_words_are_advised_in_the_first_language_of_the_rules(languages: str, hint: str) -> None:
    text = RULES.format(agent="{phone: kari, queues: main}") + (
        f"languages: {languages}\nhours: {{office: {{daily: 08:00-16:00}}}}\ndepartments:\n"
        "  bills: {hours: office, national: queue main, closed: {say: closed, to: hangup}, words: bill}\n"
    )

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert hint in [one.hint for one in faults], faults


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        (
            "[1, star]",
            "write each with where it leads: {1: voicemail main, star: voicemail main}",
        ),
        ("2", "write each with where it leads: {2: voicemail main}"),
        ("voicemail main", "write it as {word: value}, or indented on the lines below"),
    ],
)
def test_keys_of_a_queue_are_advised_with_where_they_lead(keys: str, hint: str) -> None:
    text = RULES.format(agent="{phone: kari, queues: main}").replace(
        "main: {answer", f"main: {{keys: {keys}, answer"
    )

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert [one.hint for one in faults] == [hint]


@pytest.mark.parametrize(
    "section", ["keys: [0]", "menus: {main: {say: x, keys: [0], nothing_chosen: hangup}}"]
)
def test_keys_elsewhere_are_advised_with_a_destination_that_there_is(section: str) -> None:
    text = RULES.format(agent="{phone: kari, queues: main}") + section

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert "write each with where it leads: {0: queue main}" in [one.hint for one in faults]


def test_a_queue_that_is_called_keys_is_advised_as_any_queue() -> None:
    text = RULES.format(agent="{phone: kari, queues: main}").replace(
        "  bern:", "  keys: [1]\n  bern:"
    )

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert "write it as {word: value}, or indented on the lines below" in [
        one.hint for one in faults
    ]


def test_a_word_that_belongs_beside_in_its_section_is_sent_there_alone() -> None:
    text = RULES.format(agent="{phone: kari, queues: main}") + (
        "holidays: {closed: [{day: 2026-12-28, hours: 10:00-16:00}]}\n"
    )

    _, faults = read_rules(text.encode(), "rules.yaml")

    (hint,) = [one.hint for one in faults if one.code == "IVR201"]
    assert hint is not None
    assert hint.startswith("it belongs to an entry of `holidays.open`; here are known: ")


WHOLE = RULES.format(agent="{phone: kari, queues: [main, bern]}") + (
    "languages: [nb, en]\nhours: {short: {daily: 08:00-16:00}}\n"
)


@pytest.mark.parametrize(
    ("place", "written", "meant"),
    [
        ("hours: {office: @}", "{mon-thu 08:00-15:00}", "mon-thu: 08:00-15:00"),
        ("hours: {office: @}", "{man-tor 8-15, sat: 10:00-12:00}", "mon-thu: 08:00-15:00"),
        ("hours: {office: @}", "[mon-fri 8-16]", "{mon-fri: 08:00-16:00}"),
        (
            "hours:\n  office: @\n",
            "man-tor 8-16, fre 8-15",
            "{mon-thu: 08:00-16:00, fri: 08:00-15:00}",
        ),
        ("holidays: {open: @}", "{hours: office}", "[{day: 2026-12-24, hours: 08:00-12:00}]"),
        (
            "holidays: {open: @}",
            "{day: 2046-12-28, hours: short}",
            "[{day: 2046-12-28, hours: 08:00-12:00}]",
        ),
        ("holidays: {open: @}", "2046-12-28", "[{day: 2046-12-28, hours: 08:00-12:00}]"),
        ("holidays: {open: [@]}", "2046-12-28", "{day: 2046-12-28, hours: 08:00-12:00}"),
        (
            "holidays: {open: @}",
            "{2046-12-28: 10:00-14:00}",
            "[{day: 2046-12-28, hours: 10:00-14:00}]",
        ),
        ("holidays: {closed: @}", "12-24", "[{day: 12-24}]"),
        ("holidays: {closed: @}", "{easter-1: closed}", "[{day: easter-1, say: closed}]"),
        ("notices: @", "{from: 2046-12-01, to: 2046-12-20, say: news}", None),
        ("notices: @", "news", "[{say: news, from: 2026-12-01, to: 2026-12-20}]"),
        ("duty: @", "by code", "{sign_in: by code}"),
        ("duty: @", "[sign_in: by code, missed: pause after 2]", None),
        ("duty: {codes: @}", "[star 11: sign in]", "{star 11: sign in}"),
        ("voicemails: {main: @}", "greeting", "{say: greeting}"),
        ("surveys: @", "short", "{short: {by: voice, say: survey.question}}"),
        ("surveys: {short: @}", "voice", "{by: voice, say: survey.question}"),
        ("questions: {code: @}", "ask.postcode", "{say: ask.postcode, digits: 4}"),
        ("sites: {bergen: @}", "5000-5999", "{postcodes: 5000-5999}"),
        (
            "departments: {bills: @}",
            "queue bern",
            "{national: queue bern, hours: short, closed: {say: closed, to: hangup}}",
        ),
        (
            "departments: @",
            "[bills]",
            "{bills: {hours: short, national: queue main, closed: {say: closed, to: hangup}}}",
        ),
    ],
)
def test_a_table_or_a_list_is_advised_as_it_was_meant_and_is_right_when_written(
    place: str, written: str, meant: str | None
) -> None:
    rules = (
        WHOLE.replace("hours: {short: {daily: 08:00-16:00}}\n", "")
        if place.startswith("hours")
        else WHOLE
    )
    _, faults = read_rules((rules + place.replace("@", written)).encode(), "rules.yaml")
    errors = [one for one in faults if one.severity == "error"]

    assert len(errors) == 1, [str(one) for one in errors]
    hint = errors[0].hint or ""
    assert hint.startswith("write ")
    advised = hint.removeprefix("write ").removesuffix(", with a colon between")
    assert meant in {None, advised}
    if written.startswith("{") and not advised.startswith(("{", "[")):
        advised = written.replace(written[1:].partition(",")[0].rstrip("}"), advised, 1)
    _, left = read_rules((rules + place.replace("@", advised)).encode(), "rules.yaml")
    assert [str(one) for one in left if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("section", "hint"),
    [
        (
            "phones: {vakt: +47 90 00 00 01, confirm: true}",
            "write vakt: {phone: …, confirm: true}",
        ),
        (
            "phones:\n  vakt:\n    phone: kari\n  ring_time: 30s",
            "indent it as what belongs to vakt",
        ),
        (
            "phones: {phone: kari, confirm: true}",
            "write a name before it: {vakt: {phone: kari, confirm: true}}",
        ),
        (
            "questions: {say: ask, digits: 4}",
            "write a name before it: {postnummer: {say: ask, digits: 4}}",
        ),
        ("callers: {numbers: [+47 55 97 00 00]}", "write a name before it: {vip: {numbers: …}}"),
        ("callers: [+47 55 97 00 00]", "write a name before it: {vip: …}"),
    ],
)
def test_words_that_stand_among_names_are_told_whose_they_are(section: str, hint: str) -> None:
    _, faults = read_rules((WHOLE + section).encode(), "rules.yaml")

    assert [one.hint for one in faults if one.severity == "error"] == [hint]
    assert not any("97" in str(one) or "90" in str(one) for one in faults)


@pytest.mark.parametrize("section", ["star 14: pause lunch", "duty: {star 14: pause lunch}"])
def test_a_code_that_stands_elsewhere_is_sent_below_duty(section: str) -> None:
    _, faults = read_rules((WHOLE + section).encode(), "rules.yaml")

    (hint,) = [one.hint for one in faults if one.severity == "error"]
    assert hint == "what agents dial stands in `codes`, below `duty`: codes: {star 14: sign in}"


def test_what_must_be_there_is_advised_with_names_that_there_are() -> None:
    text = WHOLE + "departments: {bills: {closed: {say: closed, to: hangup}}}"

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert {one.hint for one in faults if one.code == "IVR203"} == {
        "write hours: short",
        "write national: queue main (for callers whose site is not known)",
    }
