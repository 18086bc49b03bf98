"""Lines of CSV whose columns have names: those that are usual, until a head of names says which is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ivr.amount import counted
from ivr.archives.queue_line import BadLine, csv_fields


@dataclass
class NamedColumns:
    """Reads such lines; `what` one of them is called where it is bad.

    A line with all names that are `needed` is a head; `other_names` mean one of the usual ones. A line's last fields
    may be cut off, down to the `least` number of them, or to all that the head has where those are fewer.
    """

    usual: Sequence[str]
    needed: Sequence[str]
    least: int
    what: str
    other_names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._columns = self.usual

    def read(self, text: str) -> Mapping[str, str] | None:
        """The fields by the names of their columns. None for an empty line and a head. Raises BadLine."""
        text = text.strip().removeprefix("\ufeff")
        if not text:
            return None
        fields = csv_fields(text)
        names = [self.other_names.get(one.lower(), one.lower()) for one in fields]
        if set(self.needed) <= set(names):
            self._columns = names
            return None
        if len(fields) < min(len(self._columns), self.least):
            message = (
                f"it has {counted(len(fields), 'field')}; {self.what} has {len(self._columns)}"
            )
            raise BadLine(message)
        return dict(zip(self._columns, fields, strict=False))
