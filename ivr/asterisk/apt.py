"""An `apt-get` with folders of its own: it resolves, downloads and verifies, as any user."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ivr.asterisk.debian import AptFailed, architecture
from ivr.asterisk.mirror import without_login

SUITE = "forky"
"""The first Debian with an Asterisk that is new enough (22.10.1)."""

Tell = Callable[[str], None]
"""Takes one line of progress for a person to read."""

_URI_LINE = re.compile(r"'(?P<uri>[^']+)' (?P<file>\S+) (?P<size>\d+)")
_PERCENT = re.compile(r"dlstatus:[^:]*:(?P<percent>[\d.]+)")


@dataclass(frozen=True, slots=True)
class Packages:
    """What is to be downloaded: files and their size together, in bytes."""

    files: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Apt:
    """`folder` holds its state, its downloads and `apt.conf`.

    `turn` is the open lock that lets us use `folder`. Every child holds it too: should we be killed,
    nobody else comes in before the child that we leave behind has ended.
    """

    folder: Path
    turn: int

    @property
    def archives(self) -> Path:
        return self.folder / "cache/archives"

    def closure(self, packages: Sequence[str]) -> Packages:
        """Everything that `packages` need, down to the C library."""
        # It names only what is not downloaded yet; we want all of it, so it looks where nothing is.
        nothing = f"Dir::Cache::archives={self.folder}/nothing"
        said = self._run("-o", nothing, "--print-uris", "-qq", "install", *packages)
        lines = [match for line in said.splitlines() if (match := _URI_LINE.match(line))]
        return Packages(
            tuple(line["file"] for line in lines), sum(int(line["size"]) for line in lines)
        )

    def update(self) -> None:
        self._run("update")

    def download(self, packages: Sequence[str], each_percent: Callable[[float], None]) -> None:
        """Download into `archives`; what is there already, and whole, is not fetched again."""
        self._run("--download-only", "install", *packages, each_percent=each_percent)

    def unpack(self, file: str, into: Path) -> None:
        """Unpack one downloaded package; its scripts are not run."""
        argv = ["dpkg-deb", "--extract", str(self.archives / file), str(into)]
        done = subprocess.run(  # noqa: S603 - argv is ours, no shell
            argv, capture_output=True, text=True, check=False, pass_fds=(self.turn,)
        )
        if done.returncode != 0:
            raise AptFailed(reason=f"{file} could not be unpacked: {done.stderr.strip()}")

    def _run(self, *words: str, each_percent: Callable[[float], None] | None = None) -> str:
        """Run apt-get; raise AptFailed with the lines in which it says why."""
        out_path = self.folder / "out.txt"
        reading, writing = os.pipe()
        argv = [
            "apt-get",
            "-c",
            str(self.folder / "apt.conf"),
            "-o",
            f"APT::Status-Fd={writing}",
            *words,
        ]
        with out_path.open("wb") as out, os.fdopen(reading) as status:
            try:
                running = subprocess.Popen(  # noqa: S603 - argv is ours, no shell
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    pass_fds=(writing, self.turn),
                    env={**os.environ, "LC_ALL": "C.UTF-8"},
                )
            finally:
                os.close(writing)
            with running:
                _report(status, each_percent)
        said = out_path.read_text(encoding="utf-8", errors="replace")
        if running.returncode != 0:
            raise AptFailed(reason=_why(said) or f"apt-get ended with {running.returncode}")
        return said


def prepare(folder: Path, mirror: str, keyring: Path, turn: int, *, suite: str = SUITE) -> Apt:
    """Write an apt that knows `mirror` and nothing of this machine's packages, below `folder`."""
    for name in ("state/lists/partial", "cache/archives/partial", "nothing/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "status").write_text("")
    (folder / "apt.conf").write_text(configuration(folder, architecture()))
    # A frozen mirror's Release file expires; its signature is checked all the same.
    source = f"deb [signed-by={keyring} check-valid-until=no] {mirror} {suite} main\n"
    sources = folder / "sources.list"
    # An address may hold a password.
    sources.touch(mode=0o600)
    sources.write_text(source)
    return Apt(folder, turn)


def configuration(folder: Path, architecture: str) -> str:
    """apt.conf: our folders; the machine's proxies and logins stay, its hooks and pins do not.

    With an empty status file apt takes nothing for installed and resolves the whole closure.
    """
    return f"""\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
#clear APT::Default-Release;
#clear Acquire::Languages;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::trusted "/dev/null";
Dir::Etc::trustedparts "/dev/null";
Debug::NoLocking "true";
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Sandbox::User "";
APT::Install-Recommends "false";
APT::Get::Assume-Yes "true";
APT::Keep-Downloaded-Packages "true";
APT::Update::Error-Mode "any";
Acquire::Languages {{ "none"; }};
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
"""


def _report(status: IO[str], each_percent: Callable[[float], None] | None) -> None:
    for line in status:
        if each_percent and (match := _PERCENT.match(line)):
            each_percent(float(match["percent"]))


def _why(said: str) -> str:
    """The lines in which apt-get says what went wrong, without the logins in its addresses."""
    lines = [line.removeprefix("E:").strip() for line in said.splitlines() if line.startswith("E:")]
    return without_login("; ".join(dict.fromkeys(lines)))[:400].rstrip(".")
