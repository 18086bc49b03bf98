from pathlib import Path

from ivr.sipp.report import caller_report, failures_in, finished_calls, load_report

REFUSED = """\
The following events occurred:
2026-11-22\t00:11:13.740000\t1795306273.740000: Aborting call on unexpected message for Call-Id 'a-sipp': \
while expecting '180' (index 2), received 'SIP/2.0 486 Busy Here
Via: SIP/2.0/UDP 127.0.0.1:16104
'
"""
STATISTICS = """\
StartTime;SuccessfulCall(P);SuccessfulCall(C);FailedCall(P);FailedCall(C);
2026-11-22;1;1;0;0;
2026-11-22;1;298;0;2;
"""


def test_call_that_went_as_scripted_is_ok_whatever_was_noted_on_the_way(tmp_path: Path) -> None:
    (tmp_path / "errors.log").write_text("The following events occurred:\nnothing grave\n")

    report = caller_report(tmp_path, 0, "a-sipp")

    assert report.ok
    assert report.failures == ()


def test_failure_is_told_in_sipps_words_without_the_whole_message(tmp_path: Path) -> None:
    (tmp_path / "errors.log").write_text(REFUSED)

    report = caller_report(tmp_path, 1, "a-sipp")

    assert not report.ok
    assert report.failures == (
        "SIPp ended with 1",
        "Aborting call on unexpected message for Call-Id 'a-sipp': "
        "while expecting '180' (index 2), received 'SIP/2.0 486 Busy Here",
    )


def test_sipp_that_did_not_start_is_told_from_its_last_lines(tmp_path: Path) -> None:
    (tmp_path / "console.log").write_text("\nUnable to bind main socket\nerrno = 98\n")

    assert failures_in(tmp_path, 255) == (
        "SIPp ended with 255",
        "Unable to bind main socket",
        "errno = 98",
    )


def test_call_that_took_too_long_says_so(tmp_path: Path) -> None:
    assert failures_in(tmp_path, 97) == ("the time limit was reached",)


def test_load_counts_calls_from_the_last_row_and_names_those_that_ended_well(
    tmp_path: Path,
) -> None:
    (tmp_path / "statistics.csv").write_text(STATISTICS)
    (tmp_path / "call-ids.log").write_text("a.1\na.2\n")

    report = load_report(tmp_path, 1)

    assert (report.successful, report.failed) == (298, 2)
    assert report.call_ids == ("a.1", "a.2")
    assert report.statistics["StartTime"] == "2026-11-22"


def test_load_that_never_began_has_no_calls(tmp_path: Path) -> None:
    report = load_report(tmp_path, 99)

    assert (report.successful, report.failed, report.call_ids) == (0, 0, ())
    assert report.failures == ("no call was placed",)


def test_calls_not_written_down_yet_are_no_calls(tmp_path: Path) -> None:
    assert finished_calls(tmp_path) == ()
