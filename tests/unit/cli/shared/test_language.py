from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.call import call
from ivr.cli.explain import explain

ROOT = Path(__file__).parents[4]
ENGLISH = "the caller dialled +47 55 30 10 00 (Bergen): menu main"
NORWEGIAN = "innringeren slo +47 55 30 10 00 (Bergen): menu main"
ASKED = ("--to", "+47 55 30 10 00", "--at", "2025-03-03 09:00", "--press", "1")


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def explained(*options: str, **environment: str) -> str:
    result = CliRunner().invoke(explain, [*ASKED, *options], env=environment)
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "nb_NO.UTF-8"},
        {"LANG": "nn_NO"},
        {"LANG": "no"},
        {"LANG": "C", "LC_MESSAGES": "nb_NO.UTF-8"},
        {"LANG": "C", "LC_MESSAGES": "en_GB", "LC_ALL": "nb_NO@bokmal"},
        {"LANG": "nb_NO.UTF-8", "LC_ALL": ""},
    ],
)
def test_a_norwegian_locale_is_told_in_norwegian(environment: dict[str, str]) -> None:
    told = explained(**environment)

    assert NORWEGIAN in told
    assert "ikke queue bergen: kundeservice i Bergen er nasjonal siden 2025-03-01" in told
    assert ENGLISH not in told


@pytest.mark.parametrize(
    "environment", [{}, {"LANG": "de_DE"}, {"LANG": "nb_NO.UTF-8", "LC_ALL": "C.UTF-8"}]
)
def test_any_other_locale_is_told_in_english(environment: dict[str, str]) -> None:
    assert ENGLISH in explained(**environment)


def test_the_option_wins_over_the_locale() -> None:
    assert ENGLISH in explained("--language", "en", LANG="nb_NO.UTF-8")
    assert NORWEGIAN in explained("--language", "nb")


def test_scripts_get_english_unless_they_ask_and_the_kind_in_any_case() -> None:
    for options, text in (((), ENGLISH), (("--language", "nb"), NORWEGIAN)):
        first = json.loads(explained("--json", *options, LANG="nb_NO.UTF-8"))["steps"][0]

        assert first["text"] == text
        assert first["kind"] == "dialled"
        assert first["facts"] == {"dialled": "+4755301000", "to": "menu main", "name": "Bergen"}


def test_a_made_up_call_tells_its_steps_in_norwegian_too() -> None:
    told = CliRunner().invoke(call, ["--why", "--language", "nb"], input="").output

    assert "innringeren slo +47 21 00 00 00" in told
