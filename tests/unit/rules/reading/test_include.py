"""Rules in several files are one set of rules; each fault and each step names the file that it is in."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from ivr.rulebook.folder import files_beside
from ivr.rules.load import read_rules
from ivr.rules.reading import include as include_module
from ivr.rules.reading.include import FoundFile, ReadsFiles

MAIN = b"""\
version: 1
include: [sites/*.yaml, queues.yaml]
numbers: {anything else: {to: queue main}}
"""
QUEUE = b"queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}\n"


def lying(files: dict[str, bytes]) -> ReadsFiles:
    """A folder of files."""

    def read(pattern: str) -> Iterator[FoundFile]:
        for name in sorted(files):
            if fnmatch(name, pattern):
                yield FoundFile(name, files[name])

    return read


def found(main: bytes, files: dict[str, bytes]) -> list[str]:
    return [str(one) for one in read_rules(main, "etc/rules.yaml", files=lying(files))[1]]


def test_what_is_included_stands_in_the_rules_with_its_own_file() -> None:
    files = {"sites/bergen.yaml": b"numbers: {+47 55 30 10 00: queue main}\n", "queues.yaml": QUEUE}

    rules, faults = read_rules(MAIN, "etc/rules.yaml", files=lying(files))

    assert rules is not None, faults
    assert rules.files == ("etc/sites/bergen.yaml", "etc/queues.yaml")
    assert rules.queues["main"].at.file == "etc/queues.yaml"
    assert next(iter(rules.numbers.values())).at.file == "etc/sites/bergen.yaml"


def test_the_revision_is_that_of_the_rules_in_one_file() -> None:
    split = b"version: 1\ninclude: queues.yaml\nnumbers: {anything else: queue main}\n"
    whole = b"version: 1\nnumbers: {anything else: queue main}\n" + QUEUE

    one, _ = read_rules(whole, "rules.yaml")
    several, _ = read_rules(split, "rules.yaml", files=lying({"queues.yaml": QUEUE}))

    assert one is not None
    assert several is not None
    assert one.revision == several.revision


def test_lists_are_put_together_and_files_may_include_others() -> None:
    notice = b"notices: [{from: 2026-12-0%d 00:00, to: 2026-12-20 00:00, say: x}]\n"
    files = {
        "a/one.yaml": b"include: ../b.yaml\n" + notice % 1,
        "b.yaml": notice % 2 + QUEUE,
    }
    main = b"version: 1\ninclude: a/one.yaml\nnumbers: {anything else: queue main}\n" + notice % 3

    rules, faults = read_rules(main, "rules.yaml", files=lying(files))

    assert rules is not None, faults
    assert [one.at.file for one in rules.notices] == ["rules.yaml", "b.yaml", "a/one.yaml"]


def test_a_fault_names_the_included_file() -> None:
    files = {
        "sites/bergen.yaml": b"numbers:\n  +47 55 30 10 00: {to: queue mian}\n",
        "queues.yaml": QUEUE,
    }

    assert found(MAIN, files) == [
        "etc/sites/bergen.yaml:2:25: error IVR204: there is no queue called 'mian'; "
        "did you mean 'main'?"
    ]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.yaml", "a/../../x.yaml", "C:\\x", "a\x7fb", ".."]
)
def test_nothing_outside_the_folder_is_asked_for(path: str) -> None:
    def refuse(pattern: str) -> Iterator[FoundFile]:
        raise AssertionError(pattern)

    main = f"version: 1\ninclude: '{path}'\nnumbers: {{anything else: hangup}}\n".encode()
    _, faults = read_rules(main, "rules.yaml", files=refuse)

    assert faults
    assert all(one.code in {"IVR111", "IVR101", "IVR102"} for one in faults)


def test_a_pattern_that_takes_in_the_first_file_is_a_loop() -> None:
    main = MAIN.replace(b"sites/*.yaml", b"'*.yaml'")

    assert "IVR112" in " ".join(found(main, {"rules.yaml": main, "queues.yaml": QUEUE}))


def test_files_too_many_too_large_and_too_deep_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(include_module, "MAX_FILES", 3)
    many = {f"sites/{n}.yaml": b"sites: {s%d: {name: S}}\n" % n for n in range(5)}
    deep = {f"{n}.yaml": b"include: %d.yaml\n" % (n + 1) for n in range(20)}

    assert "IVR108" in " ".join(found(MAIN, many))
    monkeypatch.setattr(include_module, "MAX_FILES", 100)
    assert "IVR108" in " ".join(found(b"version: 1\ninclude: 0.yaml\n", deep))
    monkeypatch.setattr(include_module, "MAX_BYTES_IN_ALL", 10)
    assert "IVR108" in " ".join(found(MAIN, many))


def test_without_a_reader_of_files_the_finding_says_so() -> None:
    _, faults = read_rules(MAIN, "rules.yaml")

    assert "IVR110" in {one.code for one in faults}


def test_files_on_disk_are_read_and_links_out_of_the_folder_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    (folder / "sites").mkdir(parents=True)
    (folder / "sites" / "a.yaml").write_bytes(b"sites: {}\n")
    (folder / "sites" / "folder.yaml").mkdir()
    (tmp_path / "secret.yaml").write_bytes(b"sites: {}\n")
    (folder / "sites" / "b.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "sites" / "c.yaml").symlink_to(tmp_path / "nowhere.yaml")

    read = list(files_beside(folder / "rules.yaml")("sites/*.yaml"))

    assert [(one.name, one.text, bool(one.refusal)) for one in read] == [
        ("sites/a.yaml", b"sites: {}\n", False),
        ("sites/b.yaml", b"", True),
        ("sites/c.yaml", b"", True),
    ]
