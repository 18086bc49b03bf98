"""`ivr rename`: another name, in all files at once."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from unicodedata import normalize

import click

from ivr.cli.shared.choice import WordChoice
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath, prompts_beside, read_file
from ivr.cli.shared.replacing import replace_all
from ivr.on_disk import as_on_disk, composed, inside
from ivr.proving.reading import read_tests
from ivr.proving.references import check_tests, sound_tests
from ivr.proving.running import run_test
from ivr.rulebook.folder import files_beside
from ivr.rules.fault import Fault
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.rules.reading.include import FoundFile
from ivr.rules.reading.text import read_tree
from ivr.rules.reading.tree import Table
from ivr.rules.rename import (
    SECTIONS,
    RenameRefused,
    Renaming,
    edited,
    renaming,
    same_but_for,
    words_in,
)


@dataclass(slots=True)
class _Files:
    """The rules, what they include, and their tests: the text of each by path."""

    rules: Path
    texts: dict[Path, bytes] = field(default_factory=dict)
    tests: list[Path] = field(default_factory=list)

    def read(
        self, changed: Mapping[Path, bytes] | None = None
    ) -> tuple[RuleSet | None, tuple[Fault, ...]]:
        """The rules; what they include is noted. `changed` are texts that stand in for those on disk."""
        beside, changed = files_beside(self.rules), changed or {}

        def found_files(pattern: str) -> Iterator[FoundFile]:
            for found in beside(pattern):
                path = as_on_disk(self.rules.parent / found.name)
                self.texts.setdefault(path, found.text)
                yield replace(found, text=changed.get(path, found.text))

        text = self.texts.setdefault(self.rules, read_file(self.rules))
        return read_rules(changed.get(self.rules, text), str(self.rules), files=found_files)


@click.command()
@click.argument("kind", type=WordChoice(list(SECTIONS)))
@click.argument("old")
@click.argument("new")
@click.argument("file", type=DiskPath(), default=DEFAULT_RULES)
@click.option(
    "--tests",
    "tests",
    type=DiskPath(),
    help="The tests of these rules.  [default: *_tests.yaml beside them that name them]",
)
@click.option(
    "--prompts",
    type=DiskPath(file_okay=False),
    help="The folder of recordings.  [default: prompts beside FILE]",
)
@click.option("--yes", is_flag=True, help="Write it; without, only show what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print facts for scripts.")
def rename(
    kind: str,
    old: str,
    new: str,
    file: Path,
    tests: Path | None,
    prompts: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Give the queue, menu, site … OLD the name NEW, in the rules, what they include, and their tests.

    Shows what would change, and writes it with --yes: all files or none. Comments and layout stay.
    """
    files = _Files(file)
    before, faults = files.read()
    if before is None:
        for one in faults:
            click.echo(str(one), err=True)
        message = f"{file} has errors, so its names cannot be followed; mend what stands above"
        raise click.ClickException(message)
    trees = {path: tree for path in files.texts if (tree := _tree(files.texts[path], path))}
    wanted = renaming(kind, old, new, trees.values())
    files.tests = [tests] if tests else list(_tests_of(file))
    for path in files.tests:
        files.texts[path] = read_file(path, "tests")
        if tree := _tree(files.texts[path], path):
            trees[path] = tree
    changed = _changed(files, trees, wanted)
    _refuse_unlike(files, (before, faults), changed, wanted)
    folder = prompts or prompts_beside(file)
    named = {text for tree in trees.values() for text in _texts(tree)}
    moves = _moves(folder, named, wanted)
    for path, text in _prompt_lists(folder, named, wanted):
        files.texts[path] = read_file(path, "prompts")
        changed[path] = text
    if yes:
        replace_all(changed, moves)
    _tell(files, changed, moves, written=yes, as_json=as_json)


def _tree(text: bytes, path: Path) -> Table | None:
    return read_tree(text, str(path))[0]


def _tests_of(rules: Path) -> Iterator[Path]:
    for path in sorted(rules.parent.glob("*_tests.yaml")):
        found, _ = read_tests(read_file(path, "tests"), str(path))
        named = as_on_disk(path.parent / found.rules) if found else None
        if named is not None and named.resolve() == rules.resolve():
            yield path


def _changed(files: _Files, trees: Mapping[Path, Table], wanted: Renaming) -> dict[Path, bytes]:
    found = {
        path: edited(files.texts[path], wanted.mentions(tree), wanted)
        for path, tree in trees.items()
    }
    return {path: text for path, text in found.items() if text != files.texts[path]}


def _refuse_unlike(
    files: _Files,
    was: tuple[RuleSet, tuple[Fault, ...]],
    changed: Mapping[Path, bytes],
    wanted: Renaming,
) -> None:
    """Raises RenameRefused unless the rules mean what they did, are as green, and their tests end as they did."""
    before, faults_before = was
    after, faults = files.read(changed)
    known = Counter(one.code for one in faults_before)
    new = [one for one in faults if not known[one.code]]
    if new or after is None or not same_but_for(before, after, wanted):
        where = new[0] if new else f"{files.rules}: the rules would mean something else"
        message = f"the name cannot be followed everywhere, so nothing was changed; {where}"
        raise RenameRefused(message)
    for path in files.tests:
        text = files.texts[path]
        if _outcome(text, path, before) != _outcome(changed.get(path, text), path, after):
            message = (
                f"the tests in {path} would not end as they do now, so nothing was changed; "
                f"say there what does not depend on the name {wanted.old}"
            )
            raise RenameRefused(message)


def _outcome(text: bytes, path: Path, rules: RuleSet) -> tuple[list[str], list[bool]]:
    """The codes of what is wrong with the tests, and which pass."""
    tests, faults = read_tests(text, str(path))
    if tests is None:
        return [one.code for one in faults], []
    astray = check_tests(tests, rules)
    passed = [run_test(rules, one).passed for one in sound_tests(tests, astray)]
    return [one.code for one in (*faults, *astray)], passed


def _prompt_lists(
    prompts: Path, named: Collection[str], wanted: Renaming
) -> Iterator[tuple[Path, bytes]]:
    """The script and the list of stand-ins, where a site's prompts stand in them, with their new names."""
    if wanted.kind != "site":
        return
    spelled = "|".join(re.escape(normalize(form, wanted.old)) for form in ("NFC", "NFD"))
    entry = re.compile(rf"(?m)^(\s+[\"']?)([^\s\"':#]+)\.(?:{spelled})([\"']?\s*:)")

    def renamed(found: re.Match[str]) -> str:
        whole = f"{composed(found[2])}.{wanted.old}"
        return found[0] if whole in named else f"{found[1]}{found[2]}.{wanted.new}{found[3]}"

    for path in (prompts / "script.yaml", prompts / "stand-ins.yaml"):
        if path.is_file():
            text = path.read_text("utf-8")
            changed = entry.sub(renamed, text)
            if changed != text:
                yield path, changed.encode()


def _moves(prompts: Path, named: Collection[str], wanted: Renaming) -> dict[Path, Path]:
    """The recordings of a site, with their new names. What the rules name whole is no site's."""
    if wanted.kind != "site" or not prompts.is_dir():
        return {}
    moves = {}
    for recording in (
        one for folder in inside(prompts) if folder.is_dir() for one in inside(folder)
    ):
        base, dot, site = composed(recording.stem).rpartition(".")
        if dot and site == wanted.old and f"{base}.{site}" not in named:
            moves[recording] = recording.with_name(f"{base}.{wanted.new}{recording.suffix}")
    for taken in moves.values():
        if taken.exists():
            message = f"{taken} is there already; move it away first"
            raise RenameRefused(message)
    return moves


def _texts(tree: Table) -> Iterator[str]:
    return (word.text for _, word, _ in words_in(tree))


def _tell(
    files: _Files,
    changed: Mapping[Path, bytes],
    moves: Mapping[Path, Path],
    *,
    written: bool,
    as_json: bool,
) -> None:
    diff = [line for path, text in changed.items() for line in _diff(files.texts[path], text, path)]
    if as_json:
        facts = {
            "written": written,
            "files": [str(path) for path in changed],
            "recordings": [{"from": str(old), "to": str(new)} for old, new in moves.items()],
            "diff": diff,
        }
        click.echo(facts_text(facts))
        return
    for line in () if written else diff:
        click.echo(line)
    for path in changed if written else ():
        click.echo(f"{path}: written")
    for old, new in moves.items():
        click.echo(f"{old} → {new.name}")
    if not written:
        click.echo("nothing is changed yet; add --yes to write it")


def _diff(old: bytes, new: bytes, path: Path) -> Iterator[str]:
    before, after = old.decode().split("\n"), new.decode().split("\n")
    for line in difflib.unified_diff(
        before, after, str(path), f"{path}, renamed", lineterm="", n=1
    ):
        yield line.replace("\r", "␍")
