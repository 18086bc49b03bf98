"""Where this machine gets its Debian packages: read from its own apt configuration.

Only candidates are found here. That one is Debian proper is proved by its signature, which apt
checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SCHEME = re.compile(r"(?:tor\+|mirror\+)?(?:https?|file|copy)$|mirror$|cdrom$")
_SIDE_SUITE = re.compile(r"(-security|-updates|-backports|-proposed-updates|/updates)$")
_ONE_LINE = re.compile(
    r"deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)(?P<components>[^#]*)"
)
_LOGIN = re.compile(r"//[^/@\s]+@")


@dataclass(frozen=True, slots=True)
class AptSource:
    """One place that apt is told to look at, and the key that it must be signed with."""

    uri: str
    suite: str
    components: tuple[str, ...]
    signed_by: str = ""


def read_sources(paths: Iterable[Path]) -> tuple[AptSource, ...]:
    """The enabled sources in files of both kinds; a file that cannot be read has none."""
    found: list[AptSource] = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found += parse_deb822(text) if path.suffix == ".sources" else parse_one_line(text)
    return tuple(found)


def parse_one_line(text: str) -> tuple[AptSource, ...]:
    """`deb [signed-by=…] http://mirror/debian trixie main contrib`, a source a line."""
    matches = filter(None, (_ONE_LINE.match(line.strip()) for line in text.splitlines()))
    return tuple(
        AptSource(
            match["uri"],
            match["suite"],
            tuple(match["components"].split()),
            _option(match["options"] or "", "signed-by"),
        )
        for match in matches
    )


def parse_deb822(text: str) -> tuple[AptSource, ...]:
    """Stanzas of `Types`, `URIs`, `Suites`, `Components`; each may name several."""
    found: list[AptSource] = []
    for fields in _stanzas(text):
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes") == "no":
            continue
        found += [
            AptSource(
                uri, suite, tuple(fields.get("components", "").split()), fields.get("signed-by", "")
            )
            for uri in fields.get("uris", "").split()
            for suite in fields.get("suites", "").split()
        ]
    return tuple(found)


def debian_mirrors(sources: Iterable[AptSource], codename: str) -> tuple[str, ...]:
    """The addresses that look like Debian's own archive, the likeliest first.

    Debian's own has the machine's release with a component `main`; a third party's often has too,
    but seldom an `-updates` beside it, or Debian's key.
    """
    known = tuple(source for source in sources if "main" in source.components)
    scores: dict[str, int] = {}
    for source in known:
        if _SIDE_SUITE.search(source.suite) or not _SCHEME.match(source.uri.split(":", 1)[0]):
            continue
        beside = {other.suite for other in known if other.uri == source.uri}
        signs = (
            source.suite in {codename, "stable", "oldstable", "testing", "unstable", "sid"},
            f"{source.suite}-updates" in beside,
            "debian-archive" in source.signed_by,
            source.uri.rstrip("/").endswith(("/debian", "debian.list")),
        )
        scores[source.uri] = max(sum(signs), scores.get(source.uri, 0))
    return tuple(
        sorted((uri for uri, score in scores.items() if score), key=lambda uri: -scores[uri])
    )


def without_login(text: str) -> str:
    """`text` without the name and password that an address may hold."""
    return _LOGIN.sub("//…@", text)


def _option(options: str, name: str) -> str:
    for option in options.split():
        key, _, value = option.partition("=")
        if key.lower() == name:
            return value
    return ""


def _stanzas(text: str) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    last = ""
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            if fields:
                yield fields
            fields, last = {}, ""
        elif line[0].isspace() and last:
            fields[last] += f" {line.strip()}"
        else:
            key, _, value = line.partition(":")
            last = key.strip().lower()
            fields[last] = value.strip()
