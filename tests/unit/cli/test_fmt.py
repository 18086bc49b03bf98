from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.fmt import fmt

UNTIDY = "version: 1\r\nnumbers:\r\n    anything else: {to:   queue main}  # all\r\n"
TIDY = "version: 1\n\nnumbers:\n  anything else: {to: queue main}      # all\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "r.yaml"
    file.write_bytes(UNTIDY.encode())
    file.chmod(0o640)
    return file


def run(*options: object) -> Result:
    return CliRunner().invoke(fmt, [str(option) for option in options])


def test_a_file_is_laid_out_and_keeps_its_mode(rules: Path) -> None:
    result = run(rules)

    assert result.exit_code == 0
    assert result.output == f"{rules}: laid out anew\n"
    assert rules.read_bytes().decode() == TIDY
    assert stat.S_IMODE(rules.stat().st_mode) == 0o640
    assert list(rules.parent.iterdir()) == [rules]


def test_a_file_that_is_laid_out_is_not_touched(rules: Path) -> None:
    run(rules)
    before = rules.stat()

    result = run(rules)

    assert result.exit_code == 0
    assert result.output == f"{rules}: laid out as it should be\n"
    assert rules.stat() == before


def test_a_check_changes_nothing_and_shows_what_differs(rules: Path) -> None:
    result = run("--check", rules)

    assert result.exit_code == 1
    assert "-    anything else: {to:   queue main}  # all␍" in result.output
    assert "+  anything else: {to: queue main}      # all" in result.output
    assert f"write: ivr fmt {rules}" in result.output
    assert rules.read_bytes() == UNTIDY.encode()


def test_a_check_of_a_file_that_is_laid_out_says_so(rules: Path) -> None:
    run(rules)

    assert run("--check", rules).exit_code == 0


def test_a_file_with_errors_of_syntax_is_refused_with_its_findings(rules: Path) -> None:
    rules.write_text("version: 1\nmenus: [\n")

    result = run(rules)

    assert result.exit_code == 1
    assert "IVR101" in result.output
    assert rules.read_text() == "version: 1\nmenus: [\n"


def test_a_file_behind_a_link_is_laid_out_where_it_lies(rules: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(rules)

    assert run(link).exit_code == 0
    assert link.is_symlink()
    assert rules.read_text() == TIDY


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = run(tmp_path / "none.yaml")

    assert result.exit_code == 1
    assert "none.yaml" in result.output
