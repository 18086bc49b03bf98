"""Where a server's settings lie."""

from __future__ import annotations

import os
from pathlib import Path

from ivr.on_disk import as_on_disk


def settings_file(home: Path | None, rules: Path) -> Path | None:
    """Where `IVR_CONFIG` says, else in the home folder, else beside the rules, where `ivr init` puts it."""
    if named := os.environ.get("IVR_CONFIG"):
        return as_on_disk(Path(named))
    places = (*((home / "ivr.toml",) if home else ()), rules.parent / "ivr.toml")
    # Not `Path.exists`, which raises where this user may not look: the home folder is refused later.
    return next((file for file in places if os.path.exists(file)), None)
