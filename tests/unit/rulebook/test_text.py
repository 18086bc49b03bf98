from pathlib import Path

import pytest

from ivr.errors import ChangeRefused, ConfigRefused
from ivr.rulebook.text import RulesText
from ivr.rules.load import load_rules
from tests.flows.conftest import RULES

QUEUES = RULES[RULES.index("queues:\n") : RULES.index("agents:\n")]
MAIN = "include: [parts/*.yaml]\n" + RULES.replace(QUEUES, "")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/queues.yaml").write_text(QUEUES)
    file = tmp_path / "rules.yaml"
    file.write_text(MAIN)
    return file


def revision(written: RulesText) -> str:
    return load_rules(written.text, written.file, files=written.files)[0].revision


def test_rules_are_read_with_all_that_they_include(file: Path) -> None:
    written = RulesText.of(file)

    assert set(written.included) == {"parts/queues.yaml"}
    assert revision(written) == revision(RulesText("rules.yaml", RULES.encode()))


def test_what_was_read_is_the_same_after_being_sent_and_after_being_stored(
    file: Path,
) -> None:
    written = RulesText.of(file)
    texts = {name: found.text.decode() for name, found in written.included.items()}

    sent = RulesText.sent(written.file, written.text.decode(), texts)
    stored = RulesText.kept(sent.to_keep())

    assert revision(sent) == revision(stored) == revision(written)


def test_a_file_that_a_pattern_matches_is_watched_as_soon_as_it_is_there(file: Path) -> None:
    written = RulesText.of(file)
    new = file.parent / "parts/new.yaml"
    assert new not in set(written.on_disk())

    new.write_text("")

    assert {file, new, file.parent / "parts/queues.yaml"} == set(written.on_disk())


def test_rules_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused, match="No such file"):
        RulesText.of(tmp_path / "rules.yaml")


@pytest.mark.parametrize("name", ["../secrets.json", "/etc/passwd", "a//b", "", "a\0b", "x/.."])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(ChangeRefused, match="not a file's name"):
        RulesText.sent("/etc/rules.yaml", RULES, {name: ""})


def test_a_list_of_numbers_belongs_to_the_rules_as_an_included_file_does(tmp_path: Path) -> None:
    pasted = "\ufeffKunde;Telefon\r\nSykehuset;55 97 00 00\r\n"
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/vip.csv").write_text(pasted, "utf-8")
    file = tmp_path / "rules.yaml"
    file.write_text(RULES + "callers: {vip: {file: lists/vip.csv, first_in_line: true}}\n")

    written = RulesText.of(file)

    assert [path.name for path in written.on_disk()] == ["rules.yaml", "vip.csv"]
    texts = {name: found.text.decode() for name, found in written.included.items()}
    sent = RulesText.sent(written.file, written.text.decode(), texts)
    assert revision(sent) == revision(RulesText.kept(written.to_keep())) == revision(written)
    (tmp_path / "lists/vip.csv").write_text(pasted.replace("00\r", "01\r"), "utf-8")
    assert revision(RulesText.of(file)) != revision(written)
