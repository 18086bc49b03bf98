from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.explain import explain

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(*options: str) -> Result:
    return CliRunner().invoke(explain, options)


def asked(*options: str) -> Result:
    return run("--to", "+47 55 30 10 00", "--at", "2025-03-03 09:00", *options)


def test_a_story_has_each_step_with_its_line_and_what_came_out() -> None:
    result = asked("--press", "1")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == (
        "A call to +47 55 30 10 00, Monday 3 March 2025 09:00 (Europe/Oslo), keys 1"
    )
    assert lines[2].startswith("routing_rules.yaml:")
    assert lines[2].endswith("  the caller dialled +47 55 30 10 00 (Bergen): menu main")
    assert any(
        line.endswith("      not queue bergen: kundeservice in Bergen is national since 2025-03-01")
        for line in lines
    )
    assert "ends      queue kundeservice" in lines
    assert "hears     welcome, main.choices" in lines
    assert "language  nb" in lines
    assert "site      bergen" in lines
    assert "\x1b" not in result.output


@pytest.mark.parametrize(
    ("written", "row"),
    [("9 1", "91"), ("star", "*"), ("star 2", "*2"), ("hash , 1", "#,1"), ("", "")],
)
def test_keys_are_written_as_in_the_rules_and_their_tests(written: str, row: str) -> None:
    told = asked("--press", written)

    assert told.exit_code == 0
    assert told.output == asked("--press", row).output


def test_json_has_the_fields_that_scripts_rely_on() -> None:
    result = asked("--press", "1", "--json")

    told = json.loads(result.output)
    assert {key: told[key] for key in ("ends", "said", "language", "site")} == {
        "ends": "queue kundeservice",
        "said": ["welcome", "main.choices"],
        "language": "nb",
        "site": "bergen",
    }
    assert len(told["revision"]) == 64
    assert all(
        set(step) == {"text", "kind", "facts", "file", "line", "path", "taken"}
        for step in told["steps"]
    )
    assert {step["file"] for step in told["steps"]} == {"routing_rules.yaml"}
    not_taken = [step for step in told["steps"] if not step["taken"]]
    assert not_taken[-1]["path"] == "sites.bergen.departments.kundeservice.local"


@pytest.mark.parametrize(
    ("options", "ends"),
    [
        (("--press", "2"), "queue bergen-henting"),
        (("--press", "1", "--at", "2025-02-28T15:00"), "queue bergen"),
        (("--press", "1", "--at", "2025-02-28T22:30:00+00:00"), "voicemail kundeservice"),
        (("--press", "3", "--given", "queue faktura agents=0"), "queue kundeservice"),
        (
            (
                "--press",
                "3",
                "--given",
                "queue faktura agents=0",
                "--given",
                "queue kundeservice agents=0",
            ),
            "voicemail kundeservice",
        ),
        (("--press", "3", "--given", "queue faktura agents=2"), "queue faktura"),
        ((), "queue kundeservice"),
        (("--from", "+47 400 00 000", "--press", "9*1"), "queue kundeservice"),
    ],
)
def test_time_keys_and_staffing_change_where_a_call_ends(
    options: tuple[str, ...], ends: str
) -> None:
    assert json.loads(asked(*options, "--json").output)["ends"] == ends


def test_without_a_time_it_is_now() -> None:
    assert run("--to", "55301000", "--json").exit_code == 0


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--to", "Bergen"), "--to: 'Bergen' is not a phone number: write it as"),
        (("--to", "112"), "--to 112: an emergency call goes past all rules, over the trunks of"),
        (("--to", "1412", "--by", "kari"), "--to 1412: an emergency call goes past all rules"),
        (("--to", "100", "--from", "x"), "--from: 'x' is not a phone number: write it as"),
        (("--to", "100", "--at", "monday"), "--at 'monday' is not a time; write it as"),
        (
            ("--to", "100", "--at", "23.11.2026 10:00"),
            "--at '23.11.2026 10:00' is not a time; write it as '2026-11-23 10:00'",
        ),
        (
            ("--to", "100", "--at", "kl. 7"),
            "--at 'kl. 7' is not a time; write it as '2026-11-23 07:00'",
        ),
        (("--to", "100", "--at", "0001-01-01"), "--at '0001-01-01' is too far away; write"),
        (
            ("--to", "100", "--press", "1a"),
            "--press '1a': '1a' are not keys of a telephone; write digits, star or hash",
        ),
        (
            ("--to", "100", "--press", "1" * 65),
            f"--press '{'1' * 65}': 65 keys are too many; write 64 at most",
        ),
        (("--to", "100", "--rate", "x"), "--rate 'x': 'x' are not keys of a telephone; write"),
        (("--to", "100", "--given", "faktura=0"), "--given 'faktura=0' is not understood; write"),
        (
            ("--to", "100", "--given", "queue fakture agents=0"),
            "--given 'queue fakture agents=0': there is no queue called 'fakture'; "
            "did you mean 'faktura'?",
        ),
        (
            ("--to", "100", "--left", "faktura 20s"),
            "--left 'faktura 20s' is not understood; write it as 'queue faktura ago=20s waited=2m'",
        ),
        (
            ("--to", "100", "--left", "queue fakture ago=20s waited=2m"),
            "--left 'queue fakture ago=20s waited=2m': there is no queue called 'fakture'",
        ),
        (
            ("--to", "100", "--left", "queue faktura ago=20 waited=2m"),
            "--left 'queue faktura ago=20 waited=2m': '20' is not a duration; write a unit behind",
        ),
        (("--to", "100", "--rules", "nowhere.yaml"), "cannot read the rules nowhere.yaml: no such"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_1(options: tuple[str, ...], line: str) -> None:
    result = run(*options)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"Error: {line}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--to", "100", "--at", "2026-11-23", "10:00"), "a space: --at '2026-11-23 10:00'"),
        (("--to", "100", "01k2"), "'01k2' would be a call that happened, and --to is of one that"),
        (
            ("01k2", "--press", "1"),
            "and --press is of one that might come; take one of the two out",
        ),
        (("55 30 10 00",), "a number that is dialled is --to '55 30 10 00'"),
    ],
)
def test_a_call_that_happened_is_asked_about_alone(options: tuple[str, ...], told: str) -> None:
    result = run(*options)

    assert result.exit_code == 2
    assert told in result.stderr


def test_rules_with_errors_explain_nothing_but_themselves(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\nnumbers: {anything else: {to: menu main}}\n")

    result = run("--to", "100", "--rules", str(rules))

    assert result.exit_code == 1
    assert "error IVR204: there is no menu called 'main'" in result.stderr
    assert "mend what stands above" in result.stderr


@pytest.mark.parametrize(
    ("caller", "ends"),
    [
        ((), "queue main"),
        (("--from", "22 33 44 55"), "queue main"),
        (("--from", "98 76 54 32"), "refuse"),
        (("--from", "withheld"), "hangup"),
        (("--from", "Skjult"), "hangup"),
    ],
)
def test_who_calls_may_be_on_a_list_or_hide_the_number(
    tmp_path: Path, caller: tuple[str, ...], ends: str
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "version: 1\nnumbers: {anything else: queue main}\n"
        "callers: {robots: {file: robots.csv, to: refuse},"
        " hidden: {numbers: withheld, say: no, to: hangup}}\n"
        "queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}\n"
    )
    (tmp_path / "robots.csv").write_text("navn;nummer\nRobot;98 76 54 32\n")

    result = run("--to", "21000000", "--rules", str(rules), "--json", *caller)

    assert json.loads(result.output)["ends"] == ends
    assert "98765432" not in result.output.replace(" ", "")


FULL_AND_KEPT = """version: 1
languages: [nb]
numbers: {anything else: {to: queue main}}
queues:
  main:
    answer: 80% within 20s
    keep_place: 60s
    at_most: 2 waiting
    when_full: hangup
    while_waiting: [{after: 5m, to: hangup}]
"""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--left", "queue main ago=20s waited=2m", "--press", "1"),
            "the caller took back the place in queue main: a wait of 140 s counts",
        ),
        (
            ("--left", "queue main ago=20s waited=2m"),
            "the caller left queue main a moment ago (120 s): the place is offered",
        ),
        (("--given", "queue main waiting=2"), "queue main is full, 2 wait: hangup"),
        (
            ("--given", "queue main waiting=2", "--given", "queue main free=1"),
            "not queue main is full, 2 wait, but somebody is free who takes this call",
        ),
    ],
)
def test_who_waits_who_is_free_and_who_left_a_place_may_be_given(
    tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    (tmp_path / "rules.yaml").write_text(FULL_AND_KEPT)
    at = ("--to", "100", "--from", "+47 90 00 00 01", "--at", "2026-11-23 09:00")

    result = run(*at, "--rules", str(tmp_path / "rules.yaml"), *options)

    assert result.exit_code == 0, result.output
    assert told in result.output


@pytest.mark.parametrize(("language", "ends"), [("en", "ends      "), ("nb", "ender     ")])
def test_what_an_agent_dials_is_told_in_one_language(
    tmp_path: Path, language: str, ends: str
) -> None:
    rules = tmp_path / "r.yaml"
    rules.write_text(
        "version: 1\nnumbers: {anything else: {to: hangup}}\nduty: {codes: {star 11: sign in}}\n"
        "agents: {kari: {phone: kari}}\n"
    )

    told = run("--rules", str(rules), "--by", "kari", "--to", "*11", "--language", language).output

    assert told.splitlines()[-1].startswith(ends), told


@pytest.mark.parametrize("may_call", ["", ", may_call: [national]", ", may_call: [short]"])
@pytest.mark.parametrize("to", ["112", "+47 112", "1412"])
def test_an_emergency_call_of_an_agent_is_never_told_to_be_barred(
    tmp_path: Path, may_call: str, to: str
) -> None:
    rules = tmp_path / "r.yaml"
    rules.write_text(
        "version: 1\nnumbers: {anything else: {to: hangup}}\n"
        f"agents: {{kari: {{phone: kari{may_call}}}}}\n"
    )

    result = run("--rules", str(rules), "--by", "kari", "--to", to)

    assert "an emergency call goes past all rules" in result.output


@pytest.mark.parametrize(
    ("may_call", "to", "told"),
    [
        ('"+47"', "55301001", "ends      outside"),
        ('"+47"', "81500000", "kari may not call numbers that begin with 8"),
        ("special", "81500000", "ends      outside"),
        ('"+46"', "+469001234567", "kari may not call premium numbers abroad"),
        ('"+46900"', "+469001234567", "ends      outside"),
    ],
)
def test_a_countrys_code_lets_nobody_dial_what_costs_more_there(
    tmp_path: Path, may_call: str, to: str, told: str
) -> None:
    rules = tmp_path / "r.yaml"
    rules.write_text(
        "version: 1\nnumbers: {anything else: {to: hangup}}\n"
        f"agents: {{kari: {{phone: kari, may_call: [{may_call}]}}}}\n"
    )

    result = run("--rules", str(rules), "--by", "kari", "--to", to)

    assert told in result.output


def test_words_in_a_menu_that_does_not_listen_are_told() -> None:
    result = asked("--say", "faktura")

    assert "menu main does not listen, so 'faktura' was not said" in result.stderr
