"""`ivr serve`: what is refused before anything is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from ivr.cli.serve import serve
from ivr.server.watch import argv_of_server
from ivr.server.watcher import SILENCE, SOCKET

SYSTEMD = {SOCKET: "/run/systemd/notify", SILENCE: "10000000"}


def test_two_watchers_over_one_server_are_refused(tmp_path: Path) -> None:
    ran = CliRunner().invoke(serve, ["--home", str(tmp_path), "--watched"], env=SYSTEMD)

    assert ran.exit_code == 2
    assert "watches over this server already" in ran.output
    assert [*tmp_path.iterdir()] == []


def test_what_is_watched_is_the_same_command_without_the_watching() -> None:
    words = ["serve", "--home", "/srv/ivr", "--watched", "--verbose"]

    assert argv_of_server(words) == (
        sys.executable,
        "-m",
        "ivr",
        "serve",
        "--home",
        "/srv/ivr",
        "--verbose",
    )


def test_the_watcher_does_not_import_what_takes_calls() -> None:
    code = "import sys; import ivr.cli.serve; print('ivr.server.app' in sys.modules)"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"
