"""What this machine knows of Debian: its mirrors, its keyring, its architecture."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from ivr.asterisk.mirror import debian_mirrors, read_sources


class AptFailed(Exception):
    """Something on the way to a package failed. Becomes part of AsteriskMissing in `fetch`."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


def machine_mirrors() -> tuple[str, ...]:
    """The Debian mirrors that this machine's apt is told to use; AptFailed says what is missing."""
    for program in ("apt-get", "apt-config", "dpkg-deb"):
        if shutil.which(program) is None:
            raise AptFailed(reason=f"there is no `{program}` on this machine")
    release = _os_release(Path("/etc/os-release"))
    if release.get("ID") != "debian":
        raise AptFailed(
            reason=f"this machine runs {release.get('PRETTY_NAME', 'something else')}, not Debian"
        )
    mirrors = debian_mirrors(read_sources(_source_files()), release.get("VERSION_CODENAME", ""))
    if not mirrors:
        raise AptFailed(reason="this machine's apt configuration names no Debian mirror")
    return mirrors


def machine_release() -> str:
    """The name of the Debian release that this machine runs, such as `trixie`; AptFailed where it has none."""
    name = _os_release(Path("/etc/os-release")).get("VERSION_CODENAME")
    if not name:
        raise AptFailed(reason="this machine does not say which Debian release it runs")
    return name


def debian_keyring() -> Path:
    """The key that Debian signs with, as this machine holds it."""
    for folder in ("/usr/share/keyrings", "/etc/apt/trusted.gpg.d"):
        for name in ("debian-archive-keyring.pgp", "debian-archive-keyring.gpg"):
            if (path := Path(folder, name)).is_file():
                return path
    raise AptFailed(
        reason="Debian's keyring is not on this machine (package debian-archive-keyring)"
    )


def architecture() -> str:
    """What Debian calls this kind of machine, such as `amd64`."""
    return _said_by("dpkg", "--print-architecture").strip()


def _source_files() -> list[Path]:
    """Where apt reads its sources, as its own configuration says."""
    said = _said_by("apt-config", "shell", "LIST", "Dir::Etc::sourcelist/f")
    said += _said_by("apt-config", "shell", "PARTS", "Dir::Etc::sourceparts/d")
    where = dict(re.findall(r"(LIST|PARTS)='([^']*)'", said))
    parts = Path(where.get("PARTS", "/etc/apt/sources.list.d"))
    single = Path(where.get("LIST", "/etc/apt/sources.list"))
    return [single, *sorted(parts.glob("*.list")), *sorted(parts.glob("*.sources"))]


def _said_by(*argv: str) -> str:
    asked = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return asked.stdout


def _os_release(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {key: value.strip("\"'") for key, _, value in pairs}
