from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.prompts import prompts

ROOT = Path(__file__).parents[3]


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """The shipped rules and prompts, without the English `closed`."""
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    shutil.copy(ROOT / "routing_rules.yaml", tmp_path)
    (tmp_path / "prompts" / "en" / "closed.wav").unlink()
    return tmp_path


def run(*arguments: object, home: Path | None = None) -> Result:
    environment = {"IVR_HOME": str(home) if home else None, "LC_ALL": "C"}
    return CliRunner(env=environment).invoke(prompts, [str(one) for one in arguments])


def test_list_shows_languages_sites_and_moments(centre: Path) -> None:
    result = run("list", "--rules", centre / "routing_rules.yaml")

    lines = {line.split()[0]: line for line in result.output.splitlines()}
    assert result.exit_code == 0
    assert lines["closed"].split()[1:3] == ["stand-in", "missing"]
    assert "bergen (nb/en), trondheim (nb/en)" in lines["welcome"]
    assert lines["main.choices"].endswith("in menu main")
    assert " prompts in nb, en: recordings missing: 1; read by a machine: " in result.output


def test_missing_ends_with_1_and_names_the_file(centre: Path) -> None:
    result = run("missing", "--rules", centre / "routing_rules.yaml")

    assert result.exit_code == 1
    assert result.output == "missing     en/closed.wav\n"


def test_missing_as_facts(centre: Path) -> None:
    result = run("missing", "--json", "--rules", centre / "routing_rules.yaml")

    assert json.loads(result.output) == {
        "ok": False,
        "missing": [{"prompt": "closed", "language": "en", "is": "missing"}],
    }


def test_missing_with_stand_ins_lists_what_a_machine_reads(centre: Path) -> None:
    result = run("missing", "--stand-ins", "--rules", centre / "routing_rules.yaml")

    assert "stand-in    nb/welcome.bergen.wav" in result.output


def test_script_is_a_sheet_that_a_norwegian_spreadsheet_opens(centre: Path) -> None:
    result = run("script", "--rules", centre / "routing_rules.yaml", "--language", "nb")

    assert result.output.startswith("\ufeffmelding;språk;ord;")
    rows = list(csv.DictReader(io.StringIO(result.output[1:]), delimiter=";"))
    welcome = next(row for row in rows if row["melding"] == "welcome")
    assert welcome["ord"] == "Hei, og velkommen til kundesenteret."
    assert welcome["høyst sekunder"] == "5"
    assert [row["språk"] for row in rows] == sorted((row["språk"] for row in rows), reverse=True)


def test_script_writes_a_page_in_one_language_alone(centre: Path) -> None:
    page = centre / "page.html"
    result = run(
        "script", "--rules", centre / "routing_rules.yaml", "--html", page, "--spoken", "en"
    )

    assert result.exit_code == 0
    text = page.read_text("utf-8")
    assert "Thank you for calling. Goodbye!" in text
    assert "Ha det bra" not in text


def test_script_leaves_out_what_a_person_has_recorded(centre: Path) -> None:
    (centre / "prompts" / "stand-ins.yaml").unlink()

    result = run("script", "--rules", centre / "routing_rules.yaml")

    assert [line.split(";")[0] for line in result.output.splitlines()[1:]] == ["closed"]
    assert (
        len(run("script", "--all", "--rules", centre / "routing_rules.yaml").output.splitlines())
        > 20
    )


def test_a_language_that_the_rules_do_not_speak_is_named_with_those_they_do(centre: Path) -> None:
    result = run("script", "--rules", centre / "routing_rules.yaml", "--spoken", "de")

    assert result.exit_code == 1
    assert "the rules speak nb, en" in result.output


def test_rules_with_errors_say_nothing(centre: Path) -> None:
    (centre / "routing_rules.yaml").write_text("version: 1\nnumberz: {}\n")

    result = run("list", "--rules", centre / "routing_rules.yaml")

    assert result.exit_code == 1
    assert "has errors" in result.output


def test_a_folder_that_is_not_there_is_told(centre: Path) -> None:
    result = run("list", "--rules", centre / "routing_rules.yaml", "--prompts", centre / "none")

    assert result.exit_code == 1
    assert "there is no such folder of prompts" in result.output


def test_list_and_sheet_are_norwegian_throughout(centre: Path) -> None:
    (centre / "prompts" / "nb" / "nobody_says_it.wav").write_bytes(
        (centre / "prompts" / "nb" / "welcome.wav").read_bytes()
    )
    listed, sheet = (
        run(what, "--rules", centre / "routing_rules.yaml", "--language", "nb").output
        for what in ("list", "script")
    )

    titles, *_, last = listed.splitlines()
    assert titles.split() == ["melding", "nb", "en", "steder", "høres"]
    assert "opptak som mangler: 1; lest av en maskin: " in last
    assert "(lest inn, og sagt ingen steder)" in listed
    assert not re.search(r"\b(stand-in|missing|recorded|of|prompts|sites|heard)\b", listed)
    assert {row["er"] for row in csv.DictReader(io.StringIO(sheet[1:]), delimiter=";")} == {
        "mangler",
        "maskinlest",
    }


def test_a_page_that_was_written_is_told_in_norwegian(centre: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.html"

    told = run(
        "script", "--rules", centre / "routing_rules.yaml", "--language", "nb", "--html", file
    ).output

    assert re.fullmatch(rf"skrev {re.escape(str(file))}: \d+ meldinger å lese inn\n", told)
