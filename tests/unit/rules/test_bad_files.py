"""One file for each thing that can be wrong: its first comment says what is found, and where, and nothing else is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from ivr.rulebook.folder import files_beside
from ivr.rules.fault import Fault, FaultKind
from ivr.rules.lint.prompts import AGENT_PROMPTS, ENGINE_PROMPTS, Sounds
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.rules.reading import text as text_module

FILES = sorted((Path(__file__).parents[2] / "data" / "rules" / "bad").glob("*.yaml"))
EXPECTED = re.compile(rb"# ((?:IVR[0-9]{3} (?:[a-z/]+\.(?:yaml|csv):)?[0-9]+:[0-9]+(?:, )?)+)")

RECORDED = {
    "welcome",
    "no_input",
    "no_match",
    "closed",
    "speaks_of_two",
    "greeting",
    *ENGINE_PROMPTS,
    *AGENT_PROMPTS.values(),
    "agent.no_such_code",
    "agent.not_done",
}
WORDS = {"nb": {"speaks_of_two": "Tast 2."}}
ON_DISK = {"nb": RECORDED | {"only_norwegian", "greeting.bergen"}, "en": RECORDED}
SOUNDS = Sounds({"calm"}, {"nb/garbage.wav": "not a WAV file; record it again"}, WORDS)

# Found by the command, which knows the folders; see tests/unit/cli/test_check.py and test_older.py beside it.
# Emergency calls are the settings' matter, too: see tests/unit/rulebook/test_emergency.py.
# And so are calls out, and trunks: tests/unit/rulebook/test_outgoing.py, test_trunks.py.
FOUND_ELSEWHERE = {
    FaultKind.PROMPTS_UNCHECKED,
    FaultKind.OLDER_THAN_LIVE,
    FaultKind.SITE_NOT_FOUND,
    FaultKind.NUMBER_OF_NO_SITE,
    FaultKind.ONE_EMERGENCY_TRUNK,
    FaultKind.NO_EMERGENCY_TRUNK,
    FaultKind.NEVER_CALLED,
    FaultKind.NO_WAY_OUT,
    FaultKind.SHOWS_NO_NUMBER,
    FaultKind.CALLER_NOT_SHOWN,
    FaultKind.NO_ENGINE,
    FaultKind.NOT_PRONOUNCED,
    FaultKind.SOUNDS_ALIKE,
    FaultKind.NOT_LED,
    FaultKind.FALLBACK_NOT_CALLED,
    FaultKind.BEYOND_LOOPBACK,
}


def found_in(file: Path) -> tuple[RuleSet | None, tuple[Fault, ...]]:
    """The rules of a file and all that is found; what it includes lies beside it."""
    return read_rules(
        file.read_bytes(),
        file.name,
        ON_DISK,
        files=files_beside(file),
        at=datetime(2026, 7, 1, tzinfo=UTC),
        sounds=SOUNDS,
    )


def placed(fault: Fault, file: Path) -> str:
    """The finding as a first comment promises it; in another file with that file's name."""
    elsewhere = "" if fault.location.file == file.name else f"{fault.location.file}:"
    return f"{fault.code} {elsewhere}{fault.location.line}:{fault.location.column}"


def expected_in(text: bytes) -> list[str]:
    """What the first comment promises, also where the file is UTF-16."""
    found = EXPECTED.search(text.split(b"\n")[0].replace(b"\0", b""))
    assert found, "the first line must be a comment such as `# IVR204 4:23`"
    return found[1].decode().split(", ")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem.replace("-", " "))
def test_a_bad_file_gets_what_its_first_comment_promises_and_nothing_else(file: Path) -> None:
    rules, faults = found_in(file)

    assert [placed(f, file) for f in faults] == expected_in(file.read_bytes())
    assert (rules is None) == any(f.severity == "error" for f in faults)


def test_every_finding_has_a_bad_file() -> None:
    promised = {line.split(" ")[0] for file in FILES for line in expected_in(file.read_bytes())}

    assert {kind.value for kind in FaultKind} - promised == {kind.value for kind in FOUND_ELSEWHERE}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem.replace("-", " "))
def test_a_finding_is_one_line_that_a_person_can_read(file: Path) -> None:
    _, faults = found_in(file)

    for fault in faults:
        assert re.match(
            re.escape(fault.location.file) + r":[0-9]+:[0-9]+: (error|warning) IVR[0-9]{3}: \S",
            str(fault),
        )
        assert str(fault).isprintable()
        assert len(str(fault)) < 300


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem.replace("-", " "))
def test_the_parser_without_libyaml_finds_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_libyaml = found_in(file)
    monkeypatch.setattr(text_module, "_PARSER", yaml.SafeLoader)

    without = found_in(file)

    assert without[1] == with_libyaml[1]
