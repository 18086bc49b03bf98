"""`ivr token`: the secret is shown once, and mistakes say what to write instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.token import token
from ivr.clock import SystemClock
from ivr.errors import ChangeRefused
from ivr.server.tokens import TokenBook


def ran(home: Path, *words: str) -> Result:
    return CliRunner().invoke(token, [*words, "--home", str(home)])


def test_the_secret_is_the_only_line_of_the_output(tmp_path: Path) -> None:
    done = ran(tmp_path, "add", "wallboard", "--for", "30d")

    secret = done.stdout.strip()
    assert done.exit_code == 0, done.output
    assert TokenBook(tmp_path, SystemClock()).find(secret) is not None
    assert "wallboard may read until" in done.stderr
    assert "this once" in done.stderr


def test_the_list_has_names_scopes_and_days_and_no_secret(tmp_path: Path) -> None:
    assert "`ivr token add NAME` makes one" in ran(tmp_path, "list").output
    secret = ran(tmp_path, "add", "wallboard").stdout.strip()
    ran(tmp_path, "add", "crm", "--scope", "numbers", "--scope", "read")

    lines = ran(tmp_path, "list").output.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["wallboard", "crm"]
    assert "numbers, read" in lines[1]
    facts = ran(tmp_path, "list", "--json").output
    assert [one["name"] for one in json.loads(facts)] == ["wallboard", "crm"]
    assert secret not in facts
    assert "digest" not in facts


def test_a_script_gets_all_in_one_answer(tmp_path: Path) -> None:
    facts = json.loads(ran(tmp_path, "add", "wallboard", "--json").stdout)

    assert facts["scopes"] == ["read"]
    assert TokenBook(tmp_path, SystemClock()).find(facts["token"]) is not None


def test_what_is_revoked_is_gone(tmp_path: Path) -> None:
    ran(tmp_path, "add", "wallboard")

    assert ran(tmp_path, "revoke", "wallboard").exit_code == 0
    assert isinstance(ran(tmp_path, "revoke", "wallboard").exception, ChangeRefused)


@pytest.mark.parametrize("days", ["0d", "731d", "3w", "-1", "1.5", "ever", ""])
def test_days_that_are_none_are_refused(tmp_path: Path, days: str) -> None:
    done = ran(tmp_path, "add", "wallboard", "--for", days)

    assert done.exit_code == 2
    assert "write 1d to 730d" in done.output
