"""Rules as somebody wrote them: one file, with those that it includes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from ivr.errors import ChangeRefused, ConfigRefused
from ivr.regular_file import read_regular
from ivr.rulebook.folder import files_beside
from ivr.rules.fault import shown
from ivr.rules.reading.include import FoundFile, include
from ivr.rules.reading.text import MAX_BYTES, read_tree
from ivr.store.door import KeptText


@dataclass(frozen=True, slots=True)
class RulesText:
    """`file` is the name that findings and the steps of decisions carry; `included` by name from its folder.

    `patterns` are those that files were included by.
    """

    file: str
    text: bytes
    included: Mapping[str, FoundFile] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: Path) -> RulesText:
        """What the files say now. Blocks. Raises ConfigRefused where the first cannot be read."""
        try:
            text = read_regular(file, MAX_BYTES + 1)
        except OSError as error:
            wanted = f"the path of a rules file ({error.strerror})"
            raise ConfigRefused("--rules", str(file), wanted) from error
        if (
            b"include" not in text and b"file" not in text
        ):  # large rules are not read twice for nothing
            return cls(str(file), text)
        beside = files_beside(file)
        included: dict[str, FoundFile] = {}
        patterns: list[str] = []

        def read(pattern: str) -> Iterator[FoundFile]:
            patterns.append(pattern)
            for found in beside(pattern):
                included[found.name] = found
                yield found

        tree, _ = read_tree(text, str(file))
        if tree is not None:
            include(tree, str(file), read)
        return cls(str(file), text, included, tuple(patterns))

    @classmethod
    def sent(cls, file: str, text: str, included: Mapping[str, str]) -> RulesText:
        """What a command read and sent. Raises ChangeRefused for names that are none of files."""
        for name in (file.removeprefix("/"), *included):
            parts = name.split("/")
            if not name.isprintable() or {"", ".", ".."} & set(parts):
                message = f"{shown(name)} is not a file's name; name the file to apply"
                raise ChangeRefused(message)
        found = {name: FoundFile(name, _bytes(text)) for name, text in included.items()}
        return cls(file, _bytes(text), found)

    def says_what(self, other: RulesText) -> bool:
        """Whether both are the same rules to the letter, wherever their files lie."""
        return self.text == other.text and self.included == other.included

    def files(self, pattern: str) -> Iterator[FoundFile]:
        """The included files that a pattern matches: a reader for `load_rules`."""
        wanted = pattern.split("/")
        for name in sorted(self.included):
            if _matches(name.split("/"), wanted):
                yield self.included[name]

    def on_disk(self) -> Iterable[Path]:
        """The files as they are there at this moment, new ones that a pattern matches among them."""
        file = Path(self.file)
        yield file
        for pattern in self.patterns:
            yield from sorted(file.parent.glob(pattern))

    @classmethod
    def kept(cls, kept: KeptText) -> RulesText:
        """What the store has kept of rules that were read before."""
        found = {name: FoundFile(name, text) for name, text in kept.included.items()}
        return cls(kept.file, kept.text, found)

    def to_keep(self) -> KeptText:
        """For the store."""
        return KeptText(
            self.file, self.text, {name: found.text for name, found in self.included.items()}
        )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # what is no text is refused by whoever reads it


def _matches(name: list[str], wanted: list[str]) -> bool:
    """As `Path.glob` matches: a `*` stays within one folder, `**` is any number of folders."""
    if not wanted:
        return not name
    if wanted[0] == "**":
        return any(_matches(name[skipped:], wanted[1:]) for skipped in range(len(name)))
    return bool(name) and fnmatchcase(name[0], wanted[0]) and _matches(name[1:], wanted[1:])
