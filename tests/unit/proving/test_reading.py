from __future__ import annotations

from datetime import datetime

import pytest

from ivr.proving.reading import read_tests
from ivr.proving.rule_tests import Expected, Given, PlayedCall
from ivr.rules.fault import Fault

WHOLE = """\
rules: rules.yaml
tests:
  - name: a whole test
    call: {to: +47 55 30 10 00, from: 90 00 00 01, at: 2026-11-23 09:00, press: 9 star 1, say: faktura, waits: 3m}
    given: {queue faktura: {agents: 0}, queue bergen: {waiting: 25, free: 1}}
    expect: {ends: queue bergen, said: [welcome], language: en, site: none, passes: [menu main, queue faktura]}
"""


def faults_in(text: str) -> tuple[Fault, ...]:
    return read_tests(text.encode(), "t.yaml")[1]


def one(call: str = "to: +47 55 30 10 00, at: 2026-11-23 09:00", rest: str = "") -> str:
    expect = rest or "    expect: {ends: hangup}\n"
    return f"tests:\n  - name: one\n    call: {{{call}}}\n{expect}"


def test_every_word_of_a_test_is_read() -> None:
    tests, faults = read_tests(WHOLE.encode(), "t.yaml")

    assert faults == ()
    assert tests is not None
    assert tests.rules == "rules.yaml"
    (test,) = tests.tests
    assert (test.at.line, test.at.column) == (3, 5)
    assert test.given == Given(agents={"faktura": 0}, waiting={"bergen": 25}, free={"bergen": 1})
    assert test.expect == Expected(
        "queue bergen", ("welcome",), "en", "", ("menu main", "queue faktura")
    )
    call = test.call
    assert call.dialled is not None
    assert call.caller is not None
    assert call == PlayedCall(
        call.dialled,
        datetime.fromisoformat("2026-11-23 09:00"),
        call.caller,
        "9*1",
        ("faktura",),
        180.0,
    )
    assert (call.dialled.digits, call.caller.digits) == ("+4755301000", "+4790000001")


def test_rules_beside_the_tests_are_meant_where_none_are_named() -> None:
    tests, faults = read_tests(one().encode(), "t.yaml")

    assert faults == ()
    assert tests is not None
    assert tests.rules == "routing_rules.yaml"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            one(rest="    expect: {end: hangup}\n"),
            "t.yaml:4:14: error IVR201: the word 'end' is not known here; did you mean 'ends'?",
            id="a word is misspelled",
        ),
        pytest.param(
            "rules: a.yaml\ntest: []\n",
            "t.yaml:2:1: error IVR201: the word 'test' is not known here; did you mean 'tests'?",
            id="tests is misspelled",
        ),
        pytest.param(
            one(call="to: +47 55 30 10 00"),
            "t.yaml:3:11: error IVR203: the word 'at' is missing in tests.0.call; write at: 2026-11-23 09:00",
            id="the time is missing",
        ),
        pytest.param(
            one(call="to: +47 55 30 10 00, at: tomorrow"),
            "t.yaml:3:37: error IVR803: 'tomorrow' is not a time; write it as 2026-11-23 09:00",
            id="the time is none",
        ),
        pytest.param(
            one(call="to: +47 55 30 10 00, at: 24. desember 2026 kl 12.30"),
            "t.yaml:3:37: error IVR803: '24. desember 2026 kl 12.30' is not a time; write it as 2026-12-24 12:30",
            id="the time is as people say it",
        ),
        pytest.param(
            one(call="til: +47 55 30 10 00, at: 2026-11-23 09:00"),
            "t.yaml:3:12: error IVR201: the word 'til' is not known here; did you mean 'to'?",
            id="a word is Norwegian, and none is missing besides",
        ),
        pytest.param(
            one(call="to: +47 55 30 10 00, når: 2026-11-23 09:00"),
            "t.yaml:3:33: error IVR201: the word 'når' is not known here; did you mean 'at'?",
            id="the time has a Norwegian word",
        ),
        pytest.param(
            one(call="to: +47 55 30 10 00, at: 1026-11-23 09:00"),
            "t.yaml:3:37: error IVR803: '1026-11-23 09:00' is too far away; write a year from 1970 to 2200",
            id="the time is far away",
        ),
        pytest.param(
            one(call="to: Bergen, at: 2026-11-23 09:00"),
            "t.yaml:3:16: error IVR302: 'Bergen' is not a phone number; "
            "write it as +47 55 30 10 00: digits, with spaces between them where you like",
            id="the number is none",
        ),
        pytest.param(
            one(call="to: 112, at: 2026-11-23 09:00"),
            "t.yaml:3:16: error IVR303: 112 is an emergency number; rules must not route it",
            id="the number is an emergency number",
        ),
        pytest.param(
            one(call="to: +47 55 30 10 00, at: 2026-11-23 09:00, press: one"),
            "t.yaml:3:62: error IVR804: 'one' are not keys of a telephone; "
            "write digits, star or hash, with a ',' for a pause: 9 1",
            id="keys are none",
        ),
        pytest.param(
            one(call=f"to: +47 55 30 10 00, at: 2026-11-23 09:00, press: {'1' * 65}"),
            "t.yaml:3:62: error IVR804: 65 keys are too many; write 64 at most, pauses included",
            id="keys are too many",
        ),
        pytest.param(
            one(call="dials: star 14", rest="    expect: {does: sign in}\n"),
            "t.yaml:3:11: error IVR203: the word 'by' is missing in tests.0.call; write by: kari",
            id="nobody dials",
        ),
        pytest.param(
            one(call="by: kari, dials: 112", rest="    expect: {does: as a caller}\n"),
            "t.yaml:3:29: error IVR303: '112' is an emergency number; "
            "take the test out: such a call goes past all rules",
            id="an agent dials an emergency number",
        ),
        pytest.param(
            one(call="by: kari, dials: star 14", rest="    expect: {ends: hangup}\n"),
            "t.yaml:4:13: error IVR203: the word 'does' is missing in tests.0.expect; write does: pause lunch",
            id="what an agent dials is to end somewhere",
        ),
        pytest.param(
            one(rest="    expect: {ends: hangup, does: sign in}\n"),
            "t.yaml:4:28: error IVR201: the word 'does' is not known here",
            id="a caller's call is to do what a code does",
        ),
        pytest.param(
            one(rest="    expect: {ends: menu main}\n"),
            "t.yaml:4:20: error IVR805: no call ends at 'menu main'; write where the caller ends: "
            "a queue, a voicemail or hangup; `passes` has what lies on the way",
            id="a call is to end in a menu",
        ),
        pytest.param(
            one(rest="    given: {faktura: {agents: 0}}\n    expect: {ends: hangup}\n"),
            "t.yaml:4:13: error IVR806: 'faktura' cannot be given; write given: {queue faktura: {agents: 0}}",
            id="given names no queue",
        ),
        pytest.param(
            one(rest="    given: {queue faktura: {agents: no}}\n    expect: {ends: hangup}\n"),
            "error IVR311:",
            id="given has no count",
        ),
        pytest.param(
            one(rest="    expect: {}\n"),
            "t.yaml:4:13: error IVR807: nothing is expected, so nothing can fail; write expect: {ends: queue bergen}",
            id="nothing is expected",
        ),
        pytest.param(
            one() + one().removeprefix("tests:\n"),
            "t.yaml:5:5: error IVR808: the test 'one' already stands at line 2; give it a name of its own",
            id="two tests have one name",
        ),
        pytest.param(
            "tests: none\n",
            "t.yaml:1:8: error IVR301: a list is wanted here; write tests: [{name: …, call: {…}, expect: {…}}]",
            id="tests are no list",
        ),
        pytest.param(
            "tests: [one]\n",
            "t.yaml:1:9: error IVR301: a table of words is wanted here; "
            "write it as {word: value}, or indented on the lines below",
            id="a test is no table",
        ),
        pytest.param(
            one(call="to: [+47 55 30 10 00], at: 2026-11-23 09:00"),
            "t.yaml:3:16: error IVR301: one piece of text is wanted here; write one, or take the word out",
            id="a number is a list",
        ),
        pytest.param(
            "# nothing\n",
            "t.yaml:1:1: error IVR103: the file is empty; begin with `rules: routing_rules.yaml` and `tests:`",
            id="the file is empty",
        ),
        pytest.param("tests: &a []\n", "error IVR105:", id="an anchor"),
        pytest.param("tests: [\n", "error IVR101:", id="a bracket is not closed"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_to_write(text: str, told: str) -> None:
    assert any(told in str(fault) for fault in faults_in(text)), faults_in(text)


def test_all_faults_are_told_at_once() -> None:
    codes = [
        fault.code
        for fault in faults_in(
            one(call="to: x, at: y, press: z, hello: 1", rest="    expect: {ends: nowhere}\n")
        )
    ]

    assert sorted(codes) == ["IVR201", "IVR302", "IVR310", "IVR803", "IVR804"]


def test_a_faulty_test_is_counted_and_the_others_are_read() -> None:
    two = one(call="to: x, at: y").replace("name: one", "name: other") + one().removeprefix(
        "tests:\n"
    )

    tests, faults = read_tests(two.encode(), "t.yaml")

    assert len(faults) == 2
    assert tests is not None
    assert [test.name for test in tests.tests] == ["one"]
    assert tests.refused == 1


@pytest.mark.parametrize("word", ["withheld", "anonymous", "Skjult"])
def test_a_caller_may_hide_the_number(word: str) -> None:
    tests, faults = read_tests(
        one(f"to: 55301000, at: 2026-11-23 09:00, from: {word}").encode(), "t"
    )

    assert faults == ()
    assert tests is not None
    assert (tests.tests[0].call.caller, tests.tests[0].call.withheld) == (None, True)


def test_a_call_may_be_expected_to_be_refused() -> None:
    tests, faults = read_tests(one(rest="    expect: {ends: refuse}\n").encode(), "t")

    assert faults == ()
    assert tests is not None
    assert tests.tests[0].expect.ends == "refuse"


@pytest.mark.parametrize("word", ["til", "too", "tto"])
def test_a_word_that_was_meant_is_not_missed_besides(word: str) -> None:
    faults = faults_in(one(call=f"{word}: +47 55 30 10 00, at: 2026-11-23 09:00"))

    assert [fault.code for fault in faults] == ["IVR201"], faults
