"""The administrator's guides, followed to the letter: each edit is made, each command is run, each answer compared."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli import ivr

ROOT = Path(__file__).parents[2]
GUIDES = [ROOT / "docs/howto/admin.en.md", ROOT / "docs/howto/admin.nb.md"]
RECORDED = ("christmas", "lunch", "postcode", "refused", "submenu")
"""What the administrator has recorded: `christmas-nb.wav` and so on."""

PASTED = {
    "vip.csv": "Kunde\tTelefon\nSykehuset\t55\u00a097 00 00\nHavnekontoret\t+4755230000\n",
    "blocked.csv": "85 00 00 07;robot;23.11.2026\n85000008;;\n",
}
"""What the administrator has pasted from a spreadsheet."""

HEADING = re.compile(r"^## +(.*)$", re.MULTILINE)
BLOCK = re.compile(
    r"^( *)```(yaml find|yaml write|console server|console)\n(.*?)^\1```", re.M | re.S
)


@dataclass(frozen=True)
class Block:
    """A block of a guide; `kind` is what stands behind the backticks."""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """A section of a guide: it begins with the shipped rules."""

    guide: Path
    title: str
    blocks: tuple[Block, ...]


def sections() -> Iterator[Section]:
    for guide in GUIDES:
        text = guide.read_text("utf-8")
        found = list(HEADING.finditer(text))
        ends = [heading.start() for heading in found[1:]] + [len(text)]
        for heading, end in zip(found, ends, strict=True):
            blocks = BLOCK.findall(text[heading.end() : end])
            if blocks:
                yield Section(guide, heading[1], tuple(Block(b[1], unindented(*b)) for b in blocks))


def unindented(indent: str, kind: str, text: str) -> str:
    # An edit stands in the guide as it stands in the rules.
    return text if kind.startswith("yaml") else re.sub(f"^{indent}", "", text, flags=re.MULTILINE)


SECTIONS = list(sections())
ENGLISH = [section for section in SECTIONS if section.guide == GUIDES[0]]
NORWEGIAN = [section for section in SECTIONS if section.guide == GUIDES[1]]


def test_a_guide_has_something_to_follow() -> None:
    shown = [command for s in ENGLISH for b in s.blocks for command in commands(b)]

    assert len(ENGLISH) >= 10
    assert len(shown) > 25
    assert sum(answer.strip() not in {"", "…"} for _, answer in shown) > 12


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped rules, as the administrator has it."""
    for name in ("routing_rules.yaml", "routing_tests.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    for language in ("nb", "en"):
        for name in RECORDED:
            there = tmp_path / f"{name}-{language}.wav"
            shutil.copy(ROOT / "prompts" / language / "closed.wav", there)
    for name, pasted in PASTED.items():
        (tmp_path / name).write_text(pasted, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Each command and the answer that the guide shows."""
    for found in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", block.text, re.MULTILINE):
        yield found[1], found[2]


def run(command: str) -> str:
    program, *arguments = shlex.split(command)
    if program == "cp":
        shutil.copy(*arguments)
        return ""
    assert program == "ivr", f"{command!r}: a guide uses cp and ivr only"
    result = CliRunner().invoke(ivr, arguments)
    assert result.exit_code in {0, 1, 2}, result.output
    assert "Usage:" not in result.output, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


def edit(file: Path, find: str, write: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(find.rstrip("\n")) == 1, f"not once in {file.name}: {find}"
    file.write_text(text.replace(find.rstrip("\n"), write.rstrip("\n")), "utf-8")


def matches(shown: str, answer: str) -> bool:
    """`…` stands for anything; a line that is `…` alone for any lines."""
    pattern = re.escape(shown.strip()).replace("…", "(?:.|\n)*")
    return re.fullmatch(pattern, answer.strip()) is not None


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_a_section_can_be_followed_to_the_letter(
    section: Section, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each guide is read on a machine that is set to its language.
    monkeypatch.setenv("LC_ALL", "nb_NO.UTF-8" if section in NORWEGIAN else "en_GB.UTF-8")
    looked_for = ""
    for block in section.blocks:
        match block.kind:
            case "yaml find":
                looked_for = block.text
            case "yaml write":
                edit(workplace / "new.yaml", looked_for, block.text)
            case "console":
                for command, shown in commands(block):
                    answer = run(command)
                    assert matches(shown, answer), f"{command}\n{answer}"


def test_both_guides_tell_the_same() -> None:
    def as_told(section: Section) -> list[tuple[str, object]]:
        # Answers, and why something is done, are in the language of the guide.
        said = re.compile(r' -m "[^"]*"| --language \w+$')
        return [
            (
                block.kind,
                block.text
                if block.kind.startswith("yaml")
                else [said.sub("", command) for command, _ in commands(block)],
            )
            for block in section.blocks
        ]

    assert [as_told(section) for section in ENGLISH] == [as_told(section) for section in NORWEGIAN]


@pytest.mark.parametrize(
    ("in_english", "in_norwegian"),
    [
        ("which file", "hvilken fil"),
        ("which editor", "hvilket skriveprogram"),
        ("how to see it live", "hvordan du ser det i drift"),
        ("how to undo", "hvordan du angrer"),
        ("--language", "--language"),
    ],
)
def test_a_guide_begins_with_where_to_type(in_english: str, in_norwegian: str) -> None:
    for guide, told in zip(GUIDES, (in_english, in_norwegian), strict=True):
        first = HEADING.split(guide.read_text("utf-8"))[2]
        assert told in first, guide.name
