from __future__ import annotations

import pytest

from ivr.proving.outcomes import TrialCall
from ivr.proving.replay import BrokenLine, HeaderRefused, as_it_came, read_replay
from ivr.records.events import MenuTry
from ivr.records.keyed_call import KeyedCall

HEADER = "at,from,to,press\n"
GOOD = "2026-11-23 09:00,+4790000001,+47 55 30 10 00,1\n"


def read(*lines: str) -> list[TrialCall | BrokenLine]:
    return list(read_replay(iter(lines)))


def test_each_line_is_a_call() -> None:
    (trial,) = read(HEADER, GOOD)

    assert isinstance(trial, TrialCall)
    call = trial.call
    assert call.dialled is not None
    assert call.caller is not None
    assert (f"{call.at}", call.caller.digits, call.dialled.digits, call.press) == (
        "2026-11-23 09:00:00",
        "+4790000001",
        "+4755301000",
        "1",
    )


def test_a_caller_may_hide_the_number_and_press_nothing() -> None:
    (trial,) = read(HEADER, "2026-11-23T09:00:00+01:00,,02222,\n")

    assert isinstance(trial, TrialCall)
    assert (trial.call.caller, trial.call.press) == (None, "")


@pytest.mark.parametrize("word", ["", "anonymous", "Withheld", " SKJULT ", "hemmelig"])
def test_a_hidden_number_is_none_by_whatever_word_an_export_has_for_it(word: str) -> None:
    (trial,) = read(HEADER, f"2026-11-23 09:00,{word},+4755301000,1\n")

    assert isinstance(trial, TrialCall)
    assert trial.call.caller is None


def test_words_may_be_said() -> None:
    (trial,) = read("at,from,to,press,say\r\n", '2026-11-23 09:00,,02222,,"faktura, takk"\r\n')

    assert isinstance(trial, TrialCall)
    assert trial.call.say == ("faktura, takk",)


@pytest.mark.parametrize("header", ["", "at,to,from,press\n", "2026-11-23 09:00,,02222,1\n"])
def test_a_file_without_the_header_is_refused(header: str) -> None:
    with pytest.raises(HeaderRefused, match="write at,from,to,press there"):
        read(header, GOOD)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("yesterday,,02222,1\n", "'yesterday' is no time; write it as 2026-11-23 09:00"),
        ("23.11.2026 kl 10,,02222,1\n", "write it as 2026-11-23 10:00"),
        ("2026-11-23 09:00,,Bergen,1\n", "'Bergen' is not a phone number"),
        ("2026-11-23 09:00,,02222,one\n", "'one' are no keys"),
        (f"2026-11-23 09:00,,02222,{'1' * 65}\n", "65 keys are too many; write 64 at most"),
        ("2026-11-23 09:00,,02222\n", "it has 3 fields, not 4"),
        ('2026-11-23 09:00,,02222,"1\n', "it is not CSV"),
        ("x" * 5000 + "\n", "it is longer than 4096 characters"),
        ("\x00\ufffd,,,\n", "is no time"),
    ],
)
def test_a_broken_line_is_told_by_its_number_and_the_others_go_on(line: str, why: str) -> None:
    first, broken, last = read(HEADER, GOOD, line, GOOD)

    assert isinstance(first, TrialCall)
    assert isinstance(last, TrialCall)
    assert isinstance(broken, BrokenLine)
    assert broken.line == 3
    assert why in str(broken)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("\ufeffat;from;to;press\r\n", "23.11.2026 09:00;+4790000001;+47 55 30 10 00;9,1\r\n"),
        ("at;from;to;press\n", '"23.11.2026 9:00:00";"+4790000001";"55 30 10 00";"9,1"\n'),
        ("At\tFrom\tTo\tPress\n", "2026-11-23 09:00\t+4790000001\t55301000\t9,1\n"),
        ('"at","from","to","press"\n', '2026-11-23 09:00,+4790000001,55301000,"9,1"\n'),
    ],
)
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_a_file_from_a_spreadsheet_is_read(first: str, header: str, line: str) -> None:
    found = read(*filter(None, [first]), header, line, ";;;\n")

    (trial,) = found
    assert isinstance(trial, TrialCall)
    call = trial.call
    assert (f"{call.at:%Y-%m-%d %H:%M}", call.press) == ("2026-11-23 09:00", "9,1")
    assert call.dialled is not None
    assert call.dialled.digits == "+4755301000"


@pytest.mark.parametrize("number", ["4,75530E+09", "4.7553E+09", "4,7553e9"])
def test_a_number_that_a_spreadsheet_has_shortened_is_told(number: str) -> None:
    (broken,) = read("at;from;to;press\n", f"23.11.2026 09:00;;{number};1\n")

    assert isinstance(broken, BrokenLine)
    assert (broken.line, "format Text" in broken.why) == (2, True)


def test_a_broken_line_behind_a_spreadsheets_own_line_has_its_own_number() -> None:
    (broken,) = read("sep=;\n", "at;from;to;press\n", "31.02.2026 09:00;;02222;1\n")

    assert isinstance(broken, BrokenLine)
    assert broken.line == 3


def test_empty_lines_are_no_calls() -> None:
    assert len(read(HEADER, "\n", GOOD, "  \n")) == 1


def test_a_stored_call_comes_again_with_its_keys() -> None:
    stored = KeyedCall(
        call_id="01",
        dialled="+4755301000",
        caller=None,
        call_time="2026-11-23T09:00:00+01:00",
        test=False,
        tries=(
            MenuTry(menu="main", result="no_match"),
            MenuTry(menu="main", result="no_input"),
            MenuTry(menu="main", result="chosen", key="1"),
        ),
    )

    assert as_it_came(stored).call.press == "D,1"


def test_a_stored_call_to_what_is_no_number_comes_to_no_number() -> None:
    stored = KeyedCall(
        call_id="01",
        dialled="s",
        caller="anonymous",
        call_time="2026-11-23T09:00:00+01:00",
        test=False,
    )

    call = as_it_came(stored).call

    assert (call.dialled, call.caller) == (None, None)
