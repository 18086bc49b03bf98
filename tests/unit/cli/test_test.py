from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner, Result

from ivr.cli.test import test as command

RULES = """\
version: 1
numbers: {anything else: {to: menu main}}
menus: {main: {say: welcome, keys: {1: queue sales, 2: hangup}, nothing_chosen: hangup, tries: 1}}
queues: {sales: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}], nobody_logged_in: hangup}}
agents: {kari: {phone: kari, queues: [sales]}}
"""
PASSING = """\
tests:
  - name: sales
    call: {to: 02222, at: 2026-11-23 09:00, press: 1}
    expect: {ends: queue sales}
"""
FAILING = PASSING.replace("ends: queue sales", "ends: hangup, said: [welcome]")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routing_rules.yaml").write_text(RULES)
    return tmp_path


def run(*arguments: str, tests: str | None = None) -> Result:
    if tests is not None:
        Path("routing_tests.yaml").write_text(tests)
    return CliRunner().invoke(command, arguments)


def test_tests_that_pass_exit_0_and_the_last_line_counts_them() -> None:
    result = run(tests=PASSING)

    assert (result.exit_code, result.output) == (0, "1 passed, 0 failed\n")


def test_a_test_that_fails_tells_expected_got_and_the_steps_and_exits_1() -> None:
    result = run(tests=FAILING)

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "FAILED routing_tests.yaml:2  sales",
        "    ends: expected hangup, got queue sales",
        "    routing_rules.yaml:2  the caller dialled anything else: menu main",
        "    routing_rules.yaml:3  menu main",
        "    routing_rules.yaml:3  the caller keyed 1 in menu main: queue sales",
        "    routing_rules.yaml:3  queue sales",
        "0 passed, 1 failed",
    ]


def test_coverage_is_a_percentage_and_what_is_missed() -> None:
    result = run("--coverage", tests=PASSING)

    assert result.output.splitlines() == [
        "routing_rules.yaml: 33.3% of the branches reached (2 of 6)",
        "    routing_rules.yaml:3  key 2 of menu main: press: 2",
        "    routing_rules.yaml:3  nothing chosen in menu main: press nothing",
        "    routing_rules.yaml:4  5m of waiting in queue sales: call: {waits: 5m}, ending in queue sales",
        "    routing_rules.yaml:4  nobody logged in to queue sales: given: {queue sales: {agents: 0}}",
        "1 passed, 0 failed",
    ]


def test_all_of_it_is_told_in_norwegian() -> None:
    passes = FAILING.replace("ends: hangup", "passes: [queue sale], first: kari").replace(
        "sale]", "sales, hangup]"
    )
    result = run("--coverage", "--language", "nb", tests=passes)

    assert result.output.splitlines() == [
        "FEILET routing_tests.yaml:2  sales",
        "    first: ventet kari, fikk ingen før andre",
        "    passes: ventet hangup, men samtalen kommer ikke dit",
        "    routing_rules.yaml:2  innringeren slo noe annet (`anything else`): menu main",
        "    routing_rules.yaml:3  menu main",
        "    routing_rules.yaml:3  innringeren tastet 1 i menyen main: queue sales",
        "    routing_rules.yaml:3  queue sales",
        "routing_rules.yaml: 33,3 % av grenene er nådd (2 av 6)",
        "    routing_rules.yaml:3  tasten 2 i menyen main: press: 2",
        "    routing_rules.yaml:3  ingenting valgt i menyen main: tast ingenting",
        "    routing_rules.yaml:4  5m venting i køen sales: call: {waits: 5m}, som ender i køen sales",
        "    routing_rules.yaml:4  ingen logget inn i køen sales: given: {queue sales: {agents: 0}}",
        "0 bestått, 1 feilet",
    ]


def test_json_has_all_of_it() -> None:
    told = json.loads(run("--json", "--coverage", tests=FAILING).output)

    assert (told["passed"], told["failed"], told["findings"]) == (0, 1, [])
    (one,) = told["tests"]
    assert (one["name"], one["file"], one["line"], one["passed"], one["ends"]) == (
        "sales",
        "routing_tests.yaml",
        2,
        False,
        "queue sales",
    )
    assert one["mismatches"] == [{"word": "ends", "expected": "hangup", "got": "queue sales"}]
    (covered,) = told["coverage"]
    assert (covered["rules"], covered["percent"], covered["reached"]) == (
        "routing_rules.yaml",
        33.3,
        2,
    )
    assert covered["missed"][0]["path"] == "menus.main.keys.2"


def test_junit_is_written() -> None:
    result = run("--junit", "out.xml", tests=FAILING)

    root = Xml.fromstring(Path("out.xml").read_bytes())
    assert result.exit_code == 1
    assert (root.get("tests"), root.get("failures")) == ("1", "1")


def test_junit_that_cannot_be_written_is_told() -> None:
    result = run("--junit", "no/such/out.xml", tests=PASSING)

    assert result.exit_code == 1
    assert "cannot write no/such/out.xml" in result.output


def test_a_name_that_does_not_exist_is_an_error_and_the_other_tests_are_run() -> None:
    astray = PASSING.removeprefix("tests:\n").replace("sales", "sale").replace("1}", "1}")

    result = run(tests=PASSING + astray)

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "routing_tests.yaml:7:20: error IVR204: there is no queue called 'sale' in the rules; "
        "did you mean 'sales'?",
        "1 passed, 1 failed",
    ]


def test_a_file_with_a_stray_word_does_not_pass() -> None:
    result = run(tests=PASSING + "teste: []\n")

    assert result.exit_code == 1
    assert "IVR201: the word 'teste' is not known here; did you mean 'tests'?" in result.output
    assert result.output.splitlines()[-1] == "1 passed, 1 failed"


def test_rules_that_are_not_there_are_a_fault_of_the_tests() -> None:
    result = run(tests="rules: other.yaml\n" + PASSING)

    assert result.exit_code == 1
    assert "routing_tests.yaml:1:8: error IVR801: there are no rules 'other.yaml'" in result.output
    assert result.output.splitlines()[-1] == "0 passed, 1 failed"


def test_rules_with_errors_are_told_with_their_errors() -> None:
    Path("routing_rules.yaml").write_text(RULES.replace("1: queue sales", "1: queue sale"))

    result = run(tests=PASSING)

    assert result.exit_code == 1
    assert "error IVR204" in result.output
    assert "error IVR802: the rules 'routing_rules.yaml' have errors" in result.output


def test_the_rules_lie_beside_the_tests(folder: Path) -> None:
    (folder / "there").mkdir()
    (folder / "there" / "routing_rules.yaml").write_text(RULES)
    (folder / "there" / "one_tests.yaml").write_text(PASSING)

    assert run("there/one_tests.yaml").output == "1 passed, 0 failed\n"
    assert run("there").output == "1 passed, 0 failed\n"


def test_without_tests_it_says_where_they_are_looked_for() -> None:
    result = run()

    assert result.exit_code == 1
    assert "there are no tests here; write routing_tests.yaml, or name a file" in result.output


def test_a_file_that_is_not_there_is_told() -> None:
    result = run("no.yaml")

    assert result.exit_code == 1
    assert "cannot read the tests no.yaml: no such file or directory" in result.output


def test_the_tests_can_be_tried_on_other_rules() -> None:
    Path("new.yaml").write_text(RULES.replace("1: queue sales", "1: hangup"))

    result = run("--rules", "new.yaml", tests=PASSING)

    assert result.exit_code == 1
    assert "    ends: expected queue sales, got hangup" in result.output.splitlines()


def test_other_rules_that_are_not_there_are_told() -> None:
    result = run("--rules", "no.yaml", tests=PASSING)

    assert result.exit_code == 1
    assert result.output == "Error: there are no rules 'no.yaml'; name the file to try\n"


def test_rules_given_as_tests_are_told_with_what_to_type() -> None:
    result = run("routing_rules.yaml")

    assert result.output.splitlines() == [
        "routing_rules.yaml:1:1: error IVR203: this is a file of rules, not of tests; "
        "to try the tests on it: ivr test --rules routing_rules.yaml",
        "0 passed, 1 failed",
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "    say: menu main does not listen, so 'salg' was not said; write speech: true in it",
        ),
        (
            "nb",
            "    say: menyen main lytter ikke, så «salg» ble ikke sagt; skriv speech: true i den",
        ),
    ],
)
def test_words_in_a_menu_that_does_not_listen_are_told(language: str, told: str) -> None:
    result = run("--language", language, tests=PASSING.replace("press: 1", "say: salg"))

    assert told in result.output.splitlines()


def test_words_that_were_heard_are_not_told_besides(folder: Path) -> None:
    listening = RULES.replace("tries: 1}", "tries: 1, speech: true}")
    (folder / "routing_rules.yaml").write_text(listening)

    result = run(tests=PASSING.replace("press: 1", "say: salg"))

    assert result.exit_code == 1
    assert "does not listen" not in result.output
