"""The commands for a running server, where there is none."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli import ivr
from ivr.errors import ChangeRefused, ConfigRefused, RulesRefused, ServerNotRunning, StoreFailed
from ivr.server.whereabouts import find_server


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.yaml"
    file.write_text("version: 1\n")
    return file


@pytest.mark.parametrize(
    "words",
    [
        ("apply", "RULES", "-m", "why"),
        ("rollback",),
        ("close", "bergen", "--until", "14:00"),
        ("open", "bergen"),
    ],
)
def test_who_asks_a_server_that_does_not_run_is_told_so(
    words: tuple[str, ...], rules: Path, tmp_path: Path
) -> None:
    given = [str(rules) if word == "RULES" else word for word in words]

    with pytest.raises(ServerNotRunning, match="start one with `ivr serve"):
        CliRunner().invoke(ivr, [*given, "--home", str(tmp_path)], catch_exceptions=False)


def test_a_server_that_was_killed_left_its_address_and_does_not_answer(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"pid": 1, "host": "127.0.0.1", "port": port}
    (tmp_path / "server.json").write_text(json.dumps(told))
    assert find_server(tmp_path).port == port

    with pytest.raises(ServerNotRunning, match="does not answer"):
        CliRunner().invoke(ivr, ["open", "bergen", "--home", str(tmp_path)], catch_exceptions=False)


def test_rules_are_not_applied_without_a_reason(rules: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(ivr, ["apply", str(rules), "--home", str(tmp_path)])

    assert ran.exit_code == 2
    assert "-m WHY" in ran.output


def test_rules_that_are_not_there_or_are_no_text_are_refused_before_anybody_is_asked(
    tmp_path: Path,
) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("name: Løkka\n".encode("latin-1"))
    words = ["-m", "why", "--home", str(tmp_path)]

    with pytest.raises(ConfigRefused, match="No such file"):
        CliRunner().invoke(
            ivr, ["apply", str(tmp_path / "no.yaml"), *words], catch_exceptions=False
        )
    with pytest.raises(RulesRefused, match="IVR102"):
        CliRunner().invoke(ivr, ["apply", str(latin), *words], catch_exceptions=False)


def test_closing_needs_an_end(tmp_path: Path) -> None:
    ran = CliRunner().invoke(ivr, ["close", "bergen", "--home", str(tmp_path)])

    assert ran.exit_code == 2
    assert "--until" in ran.output


@pytest.mark.parametrize("words", [("history",), ("overrides",), ("open", "bergen")])
def test_who_does_not_say_where_the_server_lives_is_asked(words: tuple[str, ...]) -> None:
    ran = CliRunner(env={"IVR_HOME": None}).invoke(ivr, words)

    assert ran.exit_code == 2
    assert "Give --home DIR, or set IVR_HOME to its home folder" in ran.output


def test_a_closing_without_an_end_is_asked_for_one(tmp_path: Path) -> None:
    refused = CliRunner().invoke(ivr, ("close", "bergen", "--home", str(tmp_path)))

    assert refused.exit_code == 2
    assert "until when? Add --until 14:00" in refused.output


@pytest.mark.parametrize(
    "words", [("agent", "k\udce5re", "resume"), ("queue", "sales", "move", "1", "l\udcf8rdag")]
)
def test_words_of_a_terminal_that_is_not_utf_8_are_refused_in_a_sentence(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(ChangeRefused, match="set the terminal to UTF-8"):
        CliRunner().invoke(ivr, [*words, "--home", str(tmp_path)], catch_exceptions=False)


@pytest.mark.parametrize(
    "words",
    [
        ("agents", "--home", "HOME", "log"),
        ("agents", "log", "--home", "HOME"),
        ("agents", "--home", "/nowhere", "log", "--home", "HOME"),
    ],
)
def test_the_home_folder_may_stand_before_what_is_asked_of_it(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    given = [str(tmp_path) if word == "HOME" else word for word in words]

    for elsewhere in (None, "/nowhere"):
        ran = CliRunner(env={"IVR_HOME": elsewhere}).invoke(ivr, given)
        assert str(tmp_path) in f"{ran.output} {ran.exception}", ran.output
        assert "/nowhere" not in f"{ran.output} {ran.exception}"


@pytest.mark.parametrize(
    "words",
    [
        "agents log",
        "calls",
        "explain 01j",
        "export +4755301000",
        "forecast",
        "history",
        "kpi",
        "lost",
        "migration",
        "overrides",
        "plan NEW --against RULES --replay 2026-11-01..2026-11-02",
        "removals",
        "report day",
        "speech report",
    ],
)
def test_who_only_reads_postgresql_needs_no_home_folder(words: str, rules: Path) -> None:
    new = rules.with_name("new.yaml")
    for file in (rules, new):
        file.write_text("version: 1\nnumbers: {+47 21 00 00 00: hangup}\n")
    given = [str({"RULES": rules, "NEW": new}.get(word, word)) for word in words.split()]
    runner = CliRunner(env={"IVR_HOME": None, "IVR_STORE__URL": "postgresql://me@127.0.0.1:1/x"})

    ran = runner.invoke(ivr, given)

    assert isinstance(ran.exception, StoreFailed), ran.output
    assert "postgresql://me@127.0.0.1:1/x cannot be used" in str(ran.exception)


def test_who_changes_what_is_kept_names_the_home_folder_whatever_is_read_elsewhere() -> None:
    runner = CliRunner(env={"IVR_HOME": None, "IVR_STORE__URL": "postgresql://me@127.0.0.1:1/x"})

    for words in (["purge"], ["forget", "+4755301000"], ["lost", "done", "+4755301000"]):
        ran = runner.invoke(ivr, words)
        assert (ran.exit_code, "Give --home DIR" in ran.output) == (2, True)
