"""What `ivr serve` says to input that it cannot serve with: one clear text, exit code 1, nothing left running."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ivr.asterisk.ports import free_port
from tests.acceptance.serving import BUILT_IN, Addresses, ivr, left_running, started, write_tone
from tests.ports import RTP, SIP

pytestmark = pytest.mark.real

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: menu main}
menus:
  main:
    say: menu
    keys: {1: hangup}
    wait: 6s
    tries: 1
    nothing_chosen: hangup
"""

FAULTY_RULES = RULES.replace("to: menu main", "to: menu mian").replace("wait: 6s", "wiat: 6s")


@dataclass(frozen=True, slots=True)
class Start:
    """What `ivr serve` is started with."""

    folder: Path
    at: Addresses

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def prompts(self) -> Path:
        return self.folder / "prompts"

    @property
    def rules(self) -> Path:
        return self.folder / "rules.yaml"

    async def refused(
        self, *, environment: Mapping[str, str] | None = None, home: Path | None = None
    ) -> str:
        """What it says for people; the lines of its log are for machines."""
        words: dict[str, str | Path] = {
            "--home": home or self.home,
            "--rules": self.rules,
            "--prompts": self.prompts,
            "--sip": self.at.sip,
            "--rtp": self.at.rtp,
            "--web": self.at.web,
        }
        said = await ivr(
            "serve", *(word for pair in words.items() for word in pair), environment=environment
        )
        assert said.exit_code == 1, said
        assert said.out == ""
        assert "Traceback" not in said.err
        assert not left_running(self.folder / "home")
        return "\n".join(line for line in said.err.splitlines() if not is_log(line))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A start that nothing is wrong with, until a test puts something in its way."""
    for name in (*BUILT_IN, "menu"):
        write_tone(tmp_path / f"prompts/nb/{name}.wav", 440, seconds=0.1)
    (tmp_path / "rules.yaml").write_text(RULES)
    with SIP.lend() as sip, RTP.lend(100) as rtp:
        at = Addresses(f"127.0.0.1:{sip}", f"{rtp}-{rtp + 99}", f"127.0.0.1:{free_port()}")
        yield Start(tmp_path, at)


def is_log(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@contextmanager
def taken(address: str, kind: socket.SocketKind) -> Iterator[None]:
    """Another program listens there."""
    host, _, port = address.rpartition(":")
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind((host, int(port)))
        if kind is socket.SOCK_STREAM:
            other.listen()
        yield


def program(folder: Path, name: str, script: str) -> None:
    """A program called `name` in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def without_asterisk(tmp_path: Path) -> dict[str, str]:
    """A machine on which no Asterisk can be had: what is called so does not run, and none can be fetched."""
    programs = tmp_path / "programs"
    program(programs, "asterisk", "exit 1")
    program(programs, "apt-get", "echo 'E: the mirror is not there' >&2; exit 100")
    path = os.pathsep.join((str(programs), os.environ.get("PATH", os.defpath)))
    return {"PATH": path, "IVR_CACHE": str(tmp_path / "cache")}


async def test_sip_port_that_is_taken_is_named_with_the_option_that_changes_it(
    start: Start,
) -> None:
    with taken(start.at.sip, socket.SOCK_DGRAM):
        said = await start.refused()

    assert start.at.sip in said
    assert "--sip" in said


async def test_web_port_that_is_taken_is_named_with_the_option_that_changes_it(
    start: Start,
) -> None:
    with taken(start.at.web, socket.SOCK_STREAM):
        said = await start.refused()

    assert start.at.web in said
    assert "--web" in said


async def test_web_address_that_is_not_this_machines_is_named(start: Start) -> None:
    elsewhere = replace(start, at=replace(start.at, web="192.0.2.1:8080"))

    said = await elsewhere.refused()

    assert "192.0.2.1:8080" in said
    assert "--web" in said


async def test_speech_ports_that_are_mostly_taken_are_named_with_their_option(start: Start) -> None:
    first, last = map(int, start.at.rtp.split("-"))
    with ExitStack() as others:
        for port in range(first, last - 20):
            others.enter_context(taken(f"127.0.0.1:{port}", socket.SOCK_DGRAM))
        said = await start.refused()

    assert start.at.rtp in said
    assert "--rtp" in said


async def test_rules_that_are_not_there_are_named(start: Start) -> None:
    start.rules.unlink()

    said = await start.refused()

    assert str(start.rules) in said
    assert "--rules" in said


async def test_every_fault_of_the_rules_is_told_with_its_place(start: Start) -> None:
    start.rules.write_text(FAULTY_RULES)

    said = await start.refused()

    assert f"\n{start.rules}:6:23: error" in said
    assert "did you mean 'main'?" in said
    assert f"\n{start.rules}:11:5: error" in said
    assert "did you mean 'wait'?" in said


async def test_home_that_cannot_be_made_is_named(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")

    said = await start.refused(home=file / "home")

    assert str(file / "home") in said
    assert "--home" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_home_that_may_not_be_written_is_named(start: Start) -> None:
    start.home.mkdir(mode=0o500)

    said = await start.refused()

    assert str(start.home) in said
    assert "--home" in said


@pytest.mark.parametrize(
    ("settings", "key", "advice"),
    [
        ('[sip]\nadress = "127.0.0.1:5060"\n', "sip.adress", "sip.address"),
        ("[calls]\ndrain_seconds = -1\n", "calls.drain_seconds", "how long a stop waits"),
        ("sip = 5060\n", "sip", "[sip]"),
        ("[sip\n", "ivr.toml", "TOML"),
    ],
)
async def test_wrong_setting_is_named_with_what_to_write_instead(
    start: Start, settings: str, key: str, advice: str
) -> None:
    start.home.mkdir()
    (start.home / "ivr.toml").write_text(settings)

    said = await start.refused()

    assert key in said
    assert advice in said


@pytest.mark.fault("F-09a")
async def test_home_of_a_server_that_runs_is_refused_and_that_server_goes_on(start: Start) -> None:
    async with started(start.folder, RULES, start.prompts, start.at) as running:
        said = await ivr(
            *("serve", "--home", running.home, "--rules", start.rules, "--prompts", start.prompts)
        )
        health = await running.health()

    assert said.exit_code == 1
    assert "Traceback" not in said.err
    assert f"process {running.pid}" in said.err
    assert "--home" in said.err
    assert health["status"] == "ok"
    assert running.program.returncode == 0


async def test_asterisk_that_is_too_old_is_told_with_its_version_and_the_wanted_one(
    start: Start, without_asterisk: dict[str, str], tmp_path: Path
) -> None:
    program(tmp_path / "programs", "asterisk", "echo 'Asterisk 20.1.0'")

    said = await start.refused(environment=without_asterisk)

    assert "20.1.0" in said
    assert "22.10.1" in said
    assert str(tmp_path / "programs/asterisk") in said


async def test_without_a_way_to_an_asterisk_three_ways_to_go_on_are_told(
    start: Start, without_asterisk: dict[str, str]
) -> None:
    said = await start.refused(environment=without_asterisk)

    assert "the mirror is not there" in said
    for way in ("install Asterisk 22.10.1", "docker/README.md", "ivr.toml"):
        assert way in said


async def test_a_secret_of_workers_that_is_not_there_is_told_before_asterisk_is_started(
    start: Start,
) -> None:
    start.home.mkdir()
    (start.home / "ivr.toml").write_text(
        '[speech]\nworkers = ["127.0.0.1:9090"]\nsecret_file = "speech.secret"\n'
    )

    said = await start.refused()

    assert f"{start.home}/ivr.toml:3" in said
    assert "speech.secret_file" in said
    assert not (start.home / "asterisk").exists()


async def test_something_in_the_place_of_asterisks_folder_is_named(start: Start) -> None:
    start.home.mkdir()
    (start.home / "asterisk").touch()

    said = await start.refused()

    assert f"{start.home / 'asterisk'}" in said
    assert "cannot be used: something else lies in its place, or its folder's" in said
    assert "move it away" in said
