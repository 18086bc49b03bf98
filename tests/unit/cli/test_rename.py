"""`ivr rename`: the name changes everywhere, and nothing else does."""

from __future__ import annotations

import json
import shutil
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from ivr.audio.script import read_script
from ivr.cli.rename import rename
from ivr.cli.test import test as run_tests
from ivr.errors import IvrError
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.rules.reading.text import read_tree
from ivr.rules.rename import SECTIONS, RenameRefused, edited, renaming, same_but_for

ROOT = Path(__file__).parents[3]
WHOLE = (ROOT / "tests/data/rules/whole_language.yaml").read_bytes()
# What the whole language leaves out: a voicemail and a phone of its own, breaks, quotes, and a Mac's letters.
MORE = """
voicemails:
  annet: {say: voicemail}
  faktura: {say: voicemail}
phones:
  vakt: {phone: +47 55 30 10 99, no_answer: 'voicemail annet'}
"""
OPEN = b"  open: [{day: 2026-12-20, hours: 10:00-14:00, departments: [henting], sites: [bergen]}]\n"
RULES = (
    WHOLE.replace(b"first_in_line: hospitals", b'first_in_line: "hospitals"')
    .replace(b"  closed:\n    - {from", OPEN + b"  closed:\n    - {from")
    .replace(b"when_full: voicemail kundeservice", b'when_full: "voicemail kundeservice"')
    .replace(b"after: 10m, to: voicemail kundeservice", b"after: 10m, to: phone vakt")
    .replace(b"    hours: office\n", b"    hours: office\n    breaks: {night: {say: closed}}\n", 1)
    + MORE.encode()
)
NAMES = [
    ("queue", "bergen"), ("queue", "kundeservice"), ("department", "kundeservice"),
    ("department", "henting"), ("site", "bergen"), ("menu", "main"), ("question", "postnummer"),
    ("agent", "kari"), ("callers", "hospitals"), ("hours", "office"), ("hours", "night"),
    ("voicemail", "annet"), ("phone", "vakt"),
]  # fmt: skip
SPELLED = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)


def _read(text: bytes) -> RuleSet:
    rules, faults = read_rules(text, "rules.yaml")
    assert rules is not None, [str(one) for one in faults]
    return rules


def _renamed(text: bytes, kind: str, old: str, new: str) -> bytes:
    tree, _ = read_tree(text, "rules.yaml")
    assert tree is not None
    one = renaming(kind, old, new, [tree])
    return edited(text, one.mentions(tree), one)


def test_every_kind_is_tried() -> None:
    assert OPEN in RULES
    assert {kind for kind, _ in NAMES} == set(SECTIONS)


@pytest.mark.parametrize(("kind", "old"), NAMES)
def test_the_rules_differ_in_the_name_only_and_come_back(kind: str, old: str) -> None:
    tree, _ = read_tree(RULES, "rules.yaml")
    assert tree is not None
    text = _renamed(RULES, kind, old, "vest")
    before, after = _read(RULES), _read(text)
    assert same_but_for(before, after, renaming(kind, old, "vest", [tree]))
    assert not same_but_for(before, after, renaming(kind, old, "other", [tree]))
    assert old not in getattr(after, SECTIONS[kind])
    assert _renamed(text, kind, "vest", old) == RULES


@given(st.sampled_from(NAMES), SPELLED)
def test_a_fresh_name_and_back_is_no_change(named: tuple[str, str], fresh: str) -> None:
    kind, old = named
    new = f"fresh-{fresh}"
    assert _renamed(_renamed(RULES, kind, old, new), kind, new, old) == RULES


def test_letters_in_two_pieces_and_line_ends_stay() -> None:
    note = unicodedata.normalize("NFD", "  bergen:  # på Ålgård\r\n    name: å Bergen\r\n")
    text = RULES.replace(b"\n", b"\r\n").replace(
        b"  bergen:\r\n    name: Bergen\r\n", note.encode()
    )
    flow = "{name: Bergen, site: bergen"
    text = text.replace(
        flow.encode(), unicodedata.normalize("NFD", "{name: Å å, site: bergen").encode()
    )
    assert text.count("å".encode()) == 0
    once = _renamed(text, "site", "bergen", "vest")
    assert unicodedata.normalize("NFD", "{name: Å å, site: vest").encode() in once
    assert _renamed(once, "site", "vest", "bergen") == text


@pytest.mark.parametrize(
    ("kind", "old", "new", "advice"),
    [
        ("queue", "bergenn", "vest", "did you mean 'bergen'"),
        ("queue", "bergen", "trondheim", "taken by another queue"),
        ("queue", "bergen", "bergen", "is called 'bergen' already"),
        ("queue", "bergen", "Vest Agder", "write vest-agder"),
        ("voicemail", "kundeservice", "vest", "rename the department"),
        ("site", "oslo", "vest", "known: bergen, trondheim"),
        ("voicemail", "annet", "kundeservice", "would become another's"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused(kind: str, old: str, new: str, advice: str) -> None:
    with pytest.raises(RenameRefused, match=advice):
        _renamed(RULES, kind, old, new)


def test_an_escaped_name_is_told_with_its_line() -> None:
    text = RULES.replace(
        b"nobody_logged_in: queue kundeservice", b'nobody_logged_in: "queue \\x6bundeservice"'
    )
    with pytest.raises(RenameRefused, match=r"rules.yaml:\d+: .*without escapes"):
        _renamed(text, "queue", "kundeservice", "vest")


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The shipped rules with their tests; the sites stand in a file of their own, with a recording."""
    text = (ROOT / "routing_rules.yaml").read_text()
    begin = text.index("\nsites:\n") + 1
    end = text.index("\n\n", begin) + 1
    (tmp_path / "sites.yaml").write_text(text[begin:end])
    whole = text[:begin] + text[end:]
    (tmp_path / "routing_rules.yaml").write_text(whole + "\ninclude: [sites.yaml]\n")
    shutil.copy(ROOT / "routing_tests.yaml", tmp_path)
    (tmp_path / "prompts/nb").mkdir(parents=True)
    (tmp_path / "prompts/nb/welcome.bergen.wav").write_bytes(b"RIFF")
    for listed in ("script.yaml", "stand-ins.yaml"):
        shutil.copy(ROOT / "prompts" / listed, tmp_path / "prompts")
    return tmp_path


def _run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(rename, [*words, str(folder / "routing_rules.yaml")])


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_shown_first_and_nothing_written(shipped: Path) -> None:
    before = _files(shipped)
    result = _run(shipped, "queue", "bergen", "vest")
    assert result.exit_code == 0, result.output
    assert "+    expect: {ends: queue vest}" in result.output
    assert "add --yes" in result.output
    assert _files(shipped) == before


@pytest.mark.parametrize(
    ("kind", "old"),
    [
        ("queue", "bergen"),
        ("site", "bergen"),
        ("department", "henting"),
        ("menu", "main"),
        ("agent", "tommy"),
    ],
)
def test_all_files_or_none_and_the_tests_pass(shipped: Path, kind: str, old: str) -> None:
    before = _files(shipped)
    result = _run(shipped, kind, old, "vest", "--yes", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["written"] is True
    assert (shipped / "prompts/nb/welcome.vest.wav").exists() == (kind == "site")
    assert CliRunner().invoke(run_tests, [str(shipped / "routing_tests.yaml")]).exit_code == 0
    assert _files(shipped) != before
    assert _run(shipped, kind, "vest", old, "--yes").exit_code == 0
    assert _files(shipped) == before


def test_a_sites_prompts_have_the_new_name_in_the_script_and_keep_their_words(
    shipped: Path,
) -> None:
    before = {(one.name, one.language): one.words for one in read_script(shipped / "prompts").lines}
    marks = (shipped / "prompts/stand-ins.yaml").read_text().count("welcome.bergen:")

    assert _run(shipped, "site", "bergen", "vest", "--yes").exit_code == 0

    after = {(one.name, one.language): one.words for one in read_script(shipped / "prompts").lines}
    assert after == {
        (name.replace(".bergen", ".vest"), language): words
        for (name, language), words in before.items()
    }
    assert ("welcome.vest", "nb") in after
    stand_ins = (shipped / "prompts/stand-ins.yaml").read_text()
    assert (stand_ins.count("welcome.vest:"), "bergen" in stand_ins) == (marks, False)
    assert marks > 0


def test_what_cannot_be_written_changes_nothing(
    shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, whole = _files(shipped), Path.rename

    def full(path: Path, target: Path) -> Path:
        if path.suffix == ".wav":
            raise OSError(28, "No space left on device", str(path))
        return whole(path, target)

    monkeypatch.setattr(Path, "rename", full)
    result = _run(shipped, "site", "bergen", "vest", "--yes")
    assert result.exit_code == 1
    assert "nothing was changed" in result.output
    assert _files(shipped) == before


def test_what_cannot_be_put_back_is_kept_beside_and_told(
    shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, replaced = Path.replace, 0

    def breaks_down(path: Path, target: Path) -> Path:
        nonlocal replaced
        replaced += 1
        if replaced > 1:
            raise OSError(5, "Input/output error", str(path))
        return whole(path, target)

    old = (shipped / "routing_rules.yaml").read_bytes()
    monkeypatch.setattr(Path, "replace", breaks_down)
    result = _run(shipped, "queue", "bergen", "vest", "--yes")

    assert result.exit_code == 1
    assert "nor can all be put back: move " in result.output
    assert old in [kept.read_bytes() for kept in shipped.glob(".routing_rules.yaml-*")]


def test_a_recording_that_is_there_is_not_overwritten(shipped: Path) -> None:
    (shipped / "prompts/nb/welcome.vest.wav").write_bytes(b"another")
    before = _files(shipped)
    result = _run(shipped, "site", "bergen", "vest", "--yes")
    assert isinstance(result.exception, IvrError)
    assert _files(shipped) == before
