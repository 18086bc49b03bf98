"""The built wheel alone is a switchboard: installed into an empty environment, it makes a centre and takes a call.

The environment has the wheel and, by a path file, the dependencies of the environment that runs the tests: so no index
is asked. Path files inside the folder that it names are not heeded, so the checkout is out of reach; a test says so.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.asterisk.passwords import keep_passwords
from ivr.records.events import Said
from ivr.sipp import AgentScript, CallerScript, Credentials, Pause, Press, PutDown, Sipp
from tests.acceptance import probe
from tests.acceptance.serving import addresses, left_running, no_settings, running
from tests.acceptance.tones import is_loud
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real]

ROOT = Path(__file__).parents[2]
MAIN = "+4721000000"
MONDAY = "2026-11-23T10:00"


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that holds the wheel."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def ivr(self) -> Path:
        return self.folder / "bin" / "ivr"

    def run(self, *words: str | Path, folder: Path) -> str:
        """What a program of the environment says; it must end with 0."""
        done = subprocess.run(
            [self.folder / "bin" / words[0], *map(str, words[1:])],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def build(what: str, project: Path, into: Path) -> Path:
    """The `wheel` or `sdist` of a project, made with the build backend of this environment."""
    argv = (sys.executable, "-m", "hatchling", "build", "-t", what, "-d", into)
    subprocess.run(argv, cwd=project, check=True, capture_output=True)
    (built,) = into.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip = (sys.executable, "-m", "pip", "--python", folder, "install", "--quiet")
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    kept = no_settings()
    return Installed(folder, kept)


def test_what_runs_is_the_wheel_and_nothing_of_the_checkout(
    installed: Installed, tmp_path: Path
) -> None:
    asked = (
        "import ivr, sys; from ivr.centre.voice import parts, shipped_prompts; "
        "from ivr.store.schema import sql_folder; "
        "print(ivr.__file__, parts(), shipped_prompts(), sql_folder(), *sys.path, sep='\\n')"
    )

    ours, *rest = installed.run("python", "-c", asked, folder=tmp_path).splitlines()

    assert Path(ours).is_relative_to(installed.folder)
    assert all(Path(one).is_relative_to(installed.folder) for one in rest[:3])
    assert not any(one and Path(one) == ROOT for one in rest[3:])


def test_wheel_made_from_the_source_distribution_holds_the_same_files(
    wheel: Path, tmp_path: Path
) -> None:
    (tmp_path / "sdist").mkdir()
    (tmp_path / "again").mkdir()
    archive = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "unpacked", filter="data")
    (project,) = (tmp_path / "unpacked").iterdir()

    again = build("wheel", project, tmp_path / "again")

    assert names(again) == names(wheel)


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as packed:
        return sorted(packed.namelist())


async def test_centre_made_by_the_installed_command_takes_a_call_to_its_agent(
    installed: Installed, sipp_argv: tuple[str, ...], tmp_path: Path
) -> None:
    centre = tmp_path / "centre"
    await asyncio.to_thread(installed.run, "ivr", "init", centre, "--yes", folder=tmp_path)
    checked = await asyncio.to_thread(installed.run, "ivr", "check", "--strict", folder=centre)
    tested = await asyncio.to_thread(installed.run, "ivr", "test", folder=centre)
    home = centre / "home"
    environment = {**installed.environment, "IVR_TEST__CALL_TIME": MONDAY}

    with addresses() as at:
        listening = ("--sip", at.sip, "--rtp", at.rtp, "--web", at.web)
        serve = (installed.ivr, "serve", "--home", "home", *listening)
        async with running(serve, home, tmp_path / "server.log", environment, centre) as server:
            kari = Credentials("kari", keep_passwords(home, ("kari",)).phones["kari"], server.sip)
            sipp = Sipp(sipp_argv, tmp_path / "sipp", sip_ports=SIP, media_ports=MEDIA)
            async with sipp.agent(AgentScript(answers_after=0.1), account=kari):
                await server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
                steps = (Pause(1.0), Press("1"), Pause(2.0), PutDown())
                report = await sipp.call(
                    CallerScript(MAIN, "+4790000001", steps), server.sip, within_seconds=25
                )
            record = await server.record(report.call_id)
            events = await server.events(record.call_id)
            async with probe.call(server.sip, MAIN, "+4790000002") as placed, asyncio.timeout(5):
                while not is_loud((await placed.media.packets.get())[1]):
                    pass

    said = [prompt for event in events if isinstance(event, Said) for prompt in event.prompts]
    assert "no errors, no warnings" in checked
    assert "0 failed" in tested
    assert (record.disposition, record.agent) == ("answered", "kari")
    assert said[:2] == ["welcome", "main.choices"]
    assert not left_running(home)
