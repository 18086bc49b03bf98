import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from ivr.cli.shared.letters import show_what_it_can

ROOT = Path(__file__).resolve().parents[4]
Form = Literal["NFC", "NFD"]
TWO_PIECES = unicodedata.normalize("NFD", "måløy")
RULES = """version: 1
languages: [nb, en]
numbers: {anything else: menu main}
menus: {main: {say: [welcome], keys: {1: queue måløy}, nothing_chosen: queue måløy}}
queues: {måløy: {answer: 80% within 30s, while_waiting: [{after: 4m, to: hangup}]}}
agents: {åse: {phone: aase, queues: [måløy], languages: [nb]}}
"""


def ivr(
    *words: str | Path, encoding: str = "utf-8", typed: bytes = b"", folder: Path = ROOT
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "100"}
    argv = [sys.executable, "-m", "ivr", *map(str, words)]
    return subprocess.run(
        argv, input=typed, capture_output=True, check=False, env=environment, cwd=folder
    )


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
@pytest.mark.parametrize("command", ["graph", "paths", "explain", "--help"])
def test_no_command_fails_on_a_terminal_that_lacks_its_letters(encoding: str, command: str) -> None:
    words = [command, *(["--to", "+47 55 30 10 00"] if command == "explain" else [])]

    said = ivr(*words, encoding=encoding)

    assert b"Traceback" not in said.stderr
    assert b"UnicodeEncodeError" not in said.stderr
    assert said.returncode == 0
    assert said.stdout


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a → b", "a -> b"),
        ("├─ kø", "|- k?"),
        ("Łódź", "?odz"),
        ("日", "?"),
        ("“å”", '"a"'),
        ("\udce5", "?"),
    ],
)
def test_what_a_terminal_lacks_is_shown_by_something_like_it(text: str, shown: str) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    show_what_it_can(terminal)

    terminal.write(text)

    terminal.seek(0)
    assert terminal.read() == shown


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("words", [["check", "{}"], ["explain", "--to", "100", "--rules={}"]])
def test_a_file_is_found_however_its_name_is_typed_and_however_it_lies_on_the_disk(
    tmp_path: Path, on_disk: Form, typed: Form, words: list[str]
) -> None:
    rules = tmp_path / unicodedata.normalize(on_disk, "sør/måløy.yaml")
    rules.parent.mkdir()
    rules.write_text(RULES, "utf-8")
    named = unicodedata.normalize(typed, str(tmp_path / "sør/måløy.yaml"))

    said = ivr(*(word.format(named) for word in words))

    assert said.returncode == 0, said.stderr.decode()


def test_what_is_typed_is_a_name_of_the_rules_though_a_file_is_called_so(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, "utf-8")
    (tmp_path / TWO_PIECES).touch()
    given = ["--given", f"queue {TWO_PIECES} agents=0"]

    said = ivr("explain", "--rules", rules, "--to", "100", *given, folder=tmp_path)

    assert said.returncode == 0, said.stderr.decode()


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
def test_json_says_the_same_on_every_terminal(tmp_path: Path, encoding: str) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES.replace("[welcome]", "[welcome, 日本→å]"), "utf-8")

    said = ivr("check", rules, "--format", "json", encoding=encoding)

    findings = json.loads(said.stdout.decode(encoding))["findings"]
    assert any("日本→å" in finding["message"] for finding in findings)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_rules_read_alike_whether_letters_are_in_one_piece_or_in_two(
    tmp_path: Path, form: Form
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(unicodedata.normalize(form, RULES), "utf-8")

    said = ivr(
        "explain",
        "--rules",
        rules,
        "--to",
        "100",
        "--press",
        "1",
        "--given",
        f"queue {TWO_PIECES} agents=0",
    )

    assert b"queue m\xc3\xa5l\xc3\xb8y" in said.stdout, said.stderr.decode()


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("pattern", ["sør/måløy.yaml", "s*r/m*.yaml", "s?r/må*"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_a_file_is_included_however_its_letters_lie_on_the_disk(
    tmp_path: Path, on_disk: Form, pattern: str, written: Form
) -> None:
    head, _, queues = RULES.partition("queues:")
    part = tmp_path / unicodedata.normalize(on_disk, "sør/måløy.yaml")
    part.parent.mkdir()
    part.write_text("queues:" + queues, "utf-8")
    rules = tmp_path / "rules.yaml"
    rules.write_text(unicodedata.normalize(written, head + f"include: [{pattern}]\n"), "utf-8")

    said = ivr("explain", "--rules", rules, "--to", "100", "--press", "1")

    assert said.returncode == 0, said.stderr.decode()


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_a_file_of_tests_finds_its_rules_however_their_name_lies_on_the_disk(
    tmp_path: Path, on_disk: Form, written: Form
) -> None:
    named = "../sør/måløy.yaml"
    folder = tmp_path / "prøver"
    folder.mkdir()
    rules = folder / unicodedata.normalize(on_disk, named)
    rules.parent.mkdir(exist_ok=True)
    rules.write_text(RULES, "utf-8")
    tests = folder / "routing_tests.yaml"
    test = (
        "{name: one, call: {to: 100, at: 2026-11-23 09:00, press: 1}, expect: {ends: queue måløy}}"
    )
    text = f"rules: {named}\ntests:\n  - {test}\n"
    tests.write_text(unicodedata.normalize(written, text), "utf-8")

    said = ivr("test", tests)

    assert said.returncode == 0, said.stdout.decode() + said.stderr.decode()


def test_rules_that_are_nowhere_are_still_missed(tmp_path: Path) -> None:
    tests = tmp_path / "routing_tests.yaml"
    tests.write_text("rules: sør/måløy.yaml\ntests: []\n", "utf-8")

    said = ivr("test", tests)

    assert said.returncode == 1
    assert b"there are no rules" in said.stdout + said.stderr


@pytest.mark.parametrize("command", ["init", "call"])
@pytest.mark.parametrize("typed", ["å\n".encode("latin-1"), "å\n".encode("utf-16")])
def test_what_is_no_text_is_no_answer_and_no_traceback(
    tmp_path: Path, command: str, typed: bytes
) -> None:
    words = ["init", str(tmp_path / "centre")] if command == "init" else ["call", "--to", "100"]

    said = ivr(*words, encoding="utf-8:strict", typed=typed)

    assert b"Traceback" not in said.stderr
    assert b"Unicode" not in said.stderr


def test_fmt_composes_letters_and_changes_no_meaning(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(unicodedata.normalize("NFD", RULES), "utf-8")

    assert ivr("fmt", rules).returncode == 0

    text = rules.read_text("utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert "måløy" in text
