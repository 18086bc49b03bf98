"""The unit for systemd: what it promises fits the server, and systemd itself reads it without a word."""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from ivr.cli.serve import serve
from ivr.server.watch import AGAIN_SECONDS, SILENCE_SECONDS

UNIT = Path(__file__).parents[3] / "systemd/sentralbord.service"


def said() -> dict[str, list[str]]:
    """Each key's values; no key stands in two sections."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in UNIT.read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


def test_it_is_watched_as_closely_as_without_systemd() -> None:
    unit = said()

    assert unit["Type"] == ["notify"]
    assert float(unit["WatchdogSec"][0]) == SILENCE_SECONDS
    assert float(unit["RestartSec"][0]) == AGAIN_SECONDS
    assert unit["Restart"] == ["always"]
    assert unit["StartLimitIntervalSec"] == ["0"]


def test_stop_drains_restart_hands_over_and_asterisk_is_let_be() -> None:
    unit = said()

    assert unit["KillSignal"] == ["SIGTERM"]
    assert unit["RestartKillSignal"] == ["SIGUSR1"]
    assert unit["WatchdogSignal"] == ["SIGABRT"]
    assert unit["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert unit["KillMode"] == ["process"]
    assert unit["OOMPolicy"] == ["continue"]


def test_the_journal_may_go_first() -> None:
    unit = said()

    assert unit["LimitRTPRIO"] == ["1"]
    assert "RestrictRealtime" not in unit


def test_it_starts_a_command_that_there_is() -> None:
    ((_, command, *words),) = [line.split() for line in said()["ExecStart"]]
    options = {name for option in serve.params for name in option.opts}

    assert command == "serve"
    assert {word for word in words if word.startswith("--")} <= options
    assert words[words.index("--home") + 1] == f"/var/lib/{said()['StateDirectory'][0]}"


def test_systemd_reads_it_without_a_word(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("no systemd-analyze on this machine")
    ours = tmp_path / UNIT.name
    text = UNIT.read_text("utf-8")
    program = said()["ExecStart"][0].split()[0]
    # The program has to be there, and the user is made where it is installed.
    ours.write_text(
        text.replace(program, "/bin/true")
        .replace("User=sentralbord\n", "")
        .replace("Group=sentralbord\n", "")
    )

    done = subprocess.run(
        [verify, "verify", "--man=no", str(ours)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
