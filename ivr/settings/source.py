"""Where a server's settings come from, so that they can be read once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.errors import ConfigRefused
from ivr.settings.lines import at_line
from ivr.settings.load import load_settings
from ivr.settings.sections import Settings


@dataclass(slots=True)
class SettingsSource:
    """`find` says which file it is now; `options` are those of the command, by section, and win."""

    find: Callable[[], Path | None] = lambda: None
    options: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    file: Path | None = field(default=None, init=False)
    """The one that was read last."""

    def read(self) -> Settings:
        """What they say now. Blocks. Raises ConfigRefused, also where a file that was there is gone."""
        found = self.find()
        if found is None and self.file is not None:
            wanted = "it anew: a file that is gone is no wish to have no trunks"
            raise ConfigRefused("--config", str(self.file), wanted)
        settings = load_settings(found, **self.options)
        self.file = found
        return settings

    def at_line(self, refused: ConfigRefused) -> ConfigRefused:
        """The refusal, with the line of the file that it speaks of. Blocks."""
        return at_line(refused, self.file)
