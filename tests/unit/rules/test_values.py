from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.numbers import PhoneNumber
from ivr.rules import values
from ivr.rules.destinations import destination as destination_in
from ivr.rules.fault import Kind
from ivr.rules.model import (
    Account,
    AnswerTarget,
    Destination,
    SipAddress,
    ToBack,
    ToDepartment,
    ToHangUp,
    ToMenu,
    ToPhone,
    ToQuestion,
    ToQueue,
    ToRepeat,
    ToVoicemail,
)
from ivr.rules.values import Bounds, ValueRefused

UP_TO_A_DAY = Bounds(0, 86400, "0s to 1d")


@pytest.mark.parametrize(
    ("text", "destination"),
    [
        ("menu main", ToMenu("main")),
        ("department faktura", ToDepartment("faktura")),
        ("queue bergen-henting", ToQueue("bergen-henting")),
        ("voicemail kundeservice", ToVoicemail("kundeservice")),
        ("phone vakt", ToPhone("vakt")),
        ("question postnummer", ToQuestion("postnummer")),
        ("hangup", ToHangUp()),
        ("repeat", ToRepeat()),
        ("back", ToBack()),
    ],
)
def test_a_destination_is_two_words_or_one(text: str, destination: Destination) -> None:
    assert destination_in(text) == destination
    assert str(destination) == text


@pytest.mark.parametrize(
    ("text", "kind", "advice"),
    [
        ("que bergen", Kind.DESTINATION, "did you mean 'queue bergen'?"),
        ("hang-up", Kind.DESTINATION, "did you mean 'hangup'?"),
        ("queue", Kind.DESTINATION, "write queue and one name, such as queue bergen"),
        ("queue bergen nord", Kind.DESTINATION, "write queue and one name, such as queue bergen"),
        ("hangup now", Kind.DESTINATION, "write hangup alone"),
        ("queue Bergen", Kind.NAME, "write bergen"),
    ],
)
def test_what_is_no_destination_gets_what_to_write(text: str, kind: Kind, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        destination_in(text)

    assert refused.value.kind is kind
    assert refused.value.hint == advice


@pytest.mark.parametrize(
    ("text", "seconds"), [("6s", 6), ("2m", 120), ("15m", 900), ("1h", 3600), ("1d", 86400)]
)
def test_a_duration_is_a_whole_number_and_a_unit(text: str, seconds: float) -> None:
    assert values.seconds(text, UP_TO_A_DAY) == seconds


@pytest.mark.parametrize(
    "text", ["6", "6 s", "-6s", "1.5s", "1e3s", "1_000s", "6sec", "2d", "٦s", ""]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        values.seconds(text, UP_TO_A_DAY)

    assert refused.value.kind is Kind.DURATION


def test_an_answer_target_is_a_share_within_a_time() -> None:
    assert values.answer_target("80% within 20s") == AnswerTarget(0.8, 20.0)


@pytest.mark.parametrize(
    "text",
    ["80%", "80 % within 20s", "0% within 20s", "101% within 20s", "80% in 20s", "80% within 20"],
)
def test_what_is_no_answer_target_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        values.answer_target(text)


@pytest.mark.parametrize(
    ("text", "key"), [("1", "1"), ("0", "0"), ("12", "12"), ("star", "*"), ("hash", "#")]
)
def test_a_menu_key_is_digits_star_or_hash(text: str, key: str) -> None:
    assert values.menu_key(text) == key


@pytest.mark.parametrize(
    ("text", "advice"),
    [("*", "write star"), ("#", "write hash"), ("A", "write digits, star or hash")],
)
def test_other_keys_get_the_word_to_write(text: str, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        values.menu_key(text)

    assert refused.value.hint == advice


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+47 55 30 10 00", "+4755301000"),
        ("+4722334455", "+4722334455"),
        ("004722334455", "+4722334455"),
        ("22 33 44 55", "+4722334455"),
        ("815 30 000", "+4781530000"),
        ("02222", "02222"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, digits: str) -> None:
    assert values.dialled_number(text) == PhoneNumber(digits)


def test_anything_else_is_no_number() -> None:
    assert values.dialled_number("anything else") is None


@pytest.mark.parametrize("text", ["110", "112", "113", "1 1 2"])
def test_an_emergency_number_is_never_routed(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        values.dialled_number(text)

    assert refused.value.kind is Kind.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "12345&PJSIP/x",
        "1@2",
        "1;2",
        "${SHELL(id)}",
        "22\r\n334455",
        "２２３３４４５５",
        "\u202e22334455",
        "x" * 500,
    ],
)
def test_what_could_reach_a_dial_string_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        values.dialled_number(text)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("kari", Account("kari")),
        ("kari-2", Account("kari-2")),
        ("sip:kari@127.0.0.1:5091", SipAddress("sip:kari@127.0.0.1:5091")),
        ("sip:kari@phones.example", SipAddress("sip:kari@phones.example")),
        ("sip:kari@[::1]:5091", SipAddress("sip:kari@[::1]:5091")),
    ],
)
def test_an_agents_phone_is_an_account_or_a_uri(text: str, phone: Account | SipAddress) -> None:
    assert values.agent_phone(text) == phone


@pytest.mark.parametrize(
    "text",
    [
        "Kari",
        "PJSIP/kari",
        "sip:kari",
        "sip:kari@",
        "sip:kari@host:0",
        "sip:kari@host:70000",
        "sip:k@h\r\nX: y",
        "tel:22334455",
        "sips:kari@host",
        "sip:kari@host;transport=tcp",
    ],
)
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        values.agent_phone(text)

    assert refused.value.kind is Kind.PHONE


@pytest.mark.parametrize("text", ["welcome", "main.choices", "closed.summer_2026", "a1"])
def test_a_prompt_is_a_name(text: str) -> None:
    assert values.prompt_name(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "../welcome",
        "/etc/x",
        "a/b",
        "a..b",
        ".a",
        "a.",
        "Welcome",
        "a b",
        "x\0",
        "http://x",
        "CON:",
        "æ",
    ],
)
def test_a_prompt_is_never_a_path(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        values.prompt_name(text)

    assert refused.value.kind is Kind.PROMPT_NAME


@pytest.mark.parametrize("text", ["yes", "no", "on", "nei", "0", "True", "FALSE"])
def test_only_true_and_false_are_truths(text: str) -> None:
    with pytest.raises(ValueRefused):
        values.true_false(text)

    assert values.true_false("true")
    assert not values.true_false("false")


@pytest.mark.parametrize(
    "read", [values.version, values.country, values.zone, values.language, values.ring_way]
)
@pytest.mark.parametrize("text", ["", "x" * 1000, "../../etc/passwd", "\0", "Europe", "１"])
def test_a_setting_that_is_not_known_is_refused_in_words(
    read: Callable[[str], object], text: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        read(text)

    assert refused.value.kind is Kind.SETTING
    assert refused.value.hint


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("50%", "write it as 50% each week, or 50% each day"),
        ("50", "write it as 50% each week, or 50% each day"),
        ("50% each month", "write it as 50% each week, or 50% each day"),
        ("half", "write it as 25% each week, or 5% each day"),
        ("500%", "write it as 25% each week, or 5% each day"),
    ],
)
def test_a_ramp_without_a_pace_keeps_its_share_in_the_advice(text: str, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        values.ramp(text)

    assert refused.value.hint == advice
