"""`ivr test`: the tests beside the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from ivr.cli.shared.facts import facts_text, finding_facts, step_facts
from ivr.cli.shared.files import DiskPath, read_file
from ivr.cli.shared.language import language_option, language_told
from ivr.on_disk import as_on_disk
from ivr.proving.coverage import Coverage, coverage
from ivr.proving.junit import junit
from ivr.proving.marks import Branch
from ivr.proving.reading import read_tests
from ivr.proving.references import check_tests, sound_tests
from ivr.proving.refusals import ProvingKind, refusal
from ivr.proving.rule_tests import RuleTests
from ivr.proving.running import Result, run_test
from ivr.proving.telling import told
from ivr.rulebook.folder import files_beside
from ivr.rules.fault import Fault
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.rules.walk import Walk
from ivr.showing.sentences import Language

DEFAULT_TESTS = Path("routing_tests.yaml")
_TESTS_IN_A_FOLDER = "*_tests.yaml"
_FAILED: Mapping[Language, str] = {"en": "FAILED", "nb": "FEILET"}
_COUNTED: Mapping[Language, str] = {"en": "{} passed, {} failed", "nb": "{} bestått, {} feilet"}
_COVERED: Mapping[Language, str] = {
    "en": "{}: {}% of the branches reached ({} of {})",
    "nb": "{}: {} % av grenene er nådd ({} av {})",
}


@dataclass(slots=True)
class _Run:
    """All that came of the files: results, faults, and the tests and files that could not be run.

    `instead` are the rules to try, whatever the files name.
    """

    results: list[Result] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refused: int = 0
    rules: dict[Path, RuleSet | None] = field(default_factory=dict)
    instead: Path | None = None
    walks: dict[Path, list[Walk]] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self.results)

    @property
    def failed(self) -> int:
        return len(self.results) - self.passed + self.refused

    def coverages(self, language: Language) -> dict[Path, Coverage]:
        return {
            path: coverage(rules, self.walks.get(path, ()), language)
            for path, rules in self.rules.items()
            if rules is not None
        }


@click.command()
@click.argument("files", metavar="[FILE]…", nargs=-1, type=DiskPath())
@click.option(
    "--rules",
    type=DiskPath(),
    help="Try the calls on these rules.  [default: those that FILE names]",
)
@click.option(
    "--coverage", "with_coverage", is_flag=True, help="Say which branches no test reaches."
)
@click.option(
    "--junit",
    "junit_file",
    metavar="F",
    type=DiskPath(dir_okay=False),
    help="Write the results to F as JUnit XML.",
)
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print facts for scripts.")
def test(
    files: tuple[Path, ...],
    rules: Path | None,
    with_coverage: bool,
    junit_file: Path | None,
    language: Language | None,
    as_json: bool,
) -> None:
    """Make the calls that stand in FILE, and say which do not end as expected.

    Exit 0 when all pass; 1 when one fails, or a file is not right.
    """
    told_in = language_told(language, as_json=as_json)
    if rules is not None and not rules.is_file():
        message = f"there are no rules {str(rules)!r}; name the file to try"
        raise click.ClickException(message)
    run = _Run(instead=rules)
    for file in _named(files):
        _run_file(file, run)
    if junit_file is not None:
        _write(junit_file, junit(run.results, run.faults))
    if as_json:
        click.echo(_as_facts(run, told_in, with_coverage=with_coverage))
    else:
        _tell(run, told_in, with_coverage=with_coverage)
    raise SystemExit(1 if run.failed else 0)


def _named(files: Sequence[Path]) -> list[Path]:
    """The files of tests that are meant."""
    if not files:
        found = [DEFAULT_TESTS] if DEFAULT_TESTS.exists() else _tests_in(Path())
        if not found:
            message = f"there are no tests here; write {DEFAULT_TESTS}, or name a file"
            raise click.ClickException(message)
        return found
    named: list[Path] = []
    for file in files:
        inside = _tests_in(file) if file.is_dir() else [file]
        if not inside:
            message = f"there is no {_TESTS_IN_A_FOLDER} in {file}; name a file of tests"
            raise click.ClickException(message)
        named += inside
    return named


def _tests_in(folder: Path) -> list[Path]:
    return sorted(folder.glob(_TESTS_IN_A_FOLDER))


def _run_file(file: Path, run: _Run) -> None:
    tests, faults = read_tests(read_file(file, "tests"), str(file))
    run.faults += faults
    if tests is None:
        run.refused += 1
        return
    # A file that is faulty around its tests must not pass as if it were right.
    run.refused += max(tests.refused, 1 if faults else 0)
    rules_file = run.instead or as_on_disk(file.parent / tests.rules)
    rules = _rules(rules_file, tests, run)
    if rules is None:
        run.refused += len(tests.tests)
        return
    astray = check_tests(tests, rules)
    run.faults += astray
    sound = sound_tests(tests, astray)
    run.refused += len(tests.tests) - len(sound)
    results = [run_test(rules, one) for one in sound]
    run.results += results
    run.walks.setdefault(rules_file, []).extend(result.walked for result in results)


def _rules(path: Path, tests: RuleTests, run: _Run) -> RuleSet | None:
    """The rules that the tests are about, read once; what is wrong with them is a fault of the tests."""
    if path in run.rules:
        return run.rules[path]
    run.rules[path] = None
    if not path.is_file():
        message = f"there are no rules {str(path)!r}"
        hint = "name them from the folder of the tests: rules: routing_rules.yaml"
        run.faults.append(refusal(ProvingKind.NO_RULES, tests.rules_at, message, hint))
        return None
    rules, faults = read_rules(read_file(path), str(path), files=files_beside(path))
    run.rules[path] = rules
    if rules is None:
        errors = [one for one in faults if one.severity == "error"]
        run.faults += errors
        message = f"the rules {str(path)!r} have errors"
        hint = f"mend them first; `ivr check {path}` says how"
        run.faults.append(refusal(ProvingKind.RULES_REFUSED, tests.rules_at, message, hint))
    return rules


def _write(file: Path, text: bytes) -> None:
    try:
        file.write_bytes(text)
    except OSError as error:
        message = f"cannot write {file}: {(error.strerror or str(error)).lower()}"
        raise click.ClickException(message) from error


def _tell(run: _Run, language: Language, *, with_coverage: bool) -> None:
    for fault in run.faults:
        click.echo(str(fault).replace(fault.severity, click.style(fault.severity, fg="red"), 1))
    for result in run.results:
        if not result.passed:
            failed = click.style(_FAILED[language], fg="red")
            click.echo(f"{failed} {result.test.at}  {result.test.name}")
            for line in told(result, language):
                click.echo(f"    {line}")
    if with_coverage:
        for file, covered in run.coverages(language).items():
            _tell_coverage(file, covered, language)
    click.echo(_COUNTED[language].format(run.passed, run.failed))


def _tell_coverage(file: Path, covered: Coverage, language: Language) -> None:
    count = len(covered.reached) + len(covered.missed)
    percent = f"{covered.percent:g}"
    if language == "nb":
        percent = percent.replace(".", ",")
    click.echo(_COVERED[language].format(file, percent, len(covered.reached), count))
    for branch in covered.missed:
        click.echo(f"    {branch.at}  {branch.words}: {branch.advice}")


def _as_facts(run: _Run, language: Language, *, with_coverage: bool) -> str:
    facts: dict[str, object] = {
        "passed": run.passed,
        "failed": run.failed,
        "findings": [finding_facts(one) for one in run.faults],
        "tests": [_result(result, language) for result in run.results],
    }
    if with_coverage:
        facts["coverage"] = [
            {
                "rules": str(file),
                "percent": covered.percent,
                "reached": len(covered.reached),
                "missed": [_missed(branch) for branch in covered.missed],
            }
            for file, covered in run.coverages(language).items()
        ]
    return facts_text(facts)


def _result(result: Result, language: Language) -> dict[str, object]:
    return {
        "name": result.test.name,
        "file": result.test.at.file,
        "line": result.test.at.line,
        "passed": result.passed,
        "ends": result.walked.ends,
        "said": list(result.walked.said),
        "language": result.walked.language,
        "site": result.walked.site,
        "mismatches": [
            {"word": one.word, "expected": one.expected, "got": one.got}
            for one in result.mismatches
        ],
        "steps": [step_facts(step, language) for step in result.walked.steps],
    }


def _missed(branch: Branch) -> dict[str, object]:
    return {
        "file": branch.at.file,
        "line": branch.at.line,
        "path": branch.at.path,
        "words": branch.words,
        "advice": branch.advice,
    }
