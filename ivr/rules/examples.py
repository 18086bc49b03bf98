"""What advice names as an example: what these rules have, where they have any."""

from __future__ import annotations

from ivr.rules.reading.source import Source
from ivr.rules.reading.tree import Listing, Scalar, Table

_EXAMPLES = {
    "menu": "menu main", "hour": "office", "department": "department kundeservice", "queue": "queue kundeservice",
}  # fmt: skip
"""What examples name, by the kind of thing that it is."""


class Examples:
    """Examples from the rules in `source`."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def with_names(self, needed: str) -> str:
        """An example with the names that these rules have, where they have any."""
        for kind, example in _EXAMPLES.items():
            if names := self.names(f"{kind}s"):
                needed = needed.replace(
                    example, names[0] if kind == "hour" else f"{kind} {names[0]}"
                )
        return needed

    def names(self, section: str) -> list[str]:
        """The names of a section."""
        entry = self._source.root.entries.get(section)
        return list(entry.value.entries) if entry and isinstance(entry.value, Table) else []

    def somewhere(self) -> str:
        """A destination that these rules have: the first department, else the first queue."""
        for kind in ("department", "queue"):
            if names := self.names(f"{kind}s"):
                return f"{kind} {names[0]}"
        return "hangup"

    def first_language(self) -> str:
        """The language that callers hear first in these rules."""
        entry = self._source.root.entries.get("languages")
        languages = entry.value.items if entry and isinstance(entry.value, Listing) else ()
        first = next(iter(languages), entry.value if entry else None)
        return first.text if isinstance(first, Scalar) and first.text else "nb"
