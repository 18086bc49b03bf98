"""The steps of the container's file, done in a plain folder: what is copied is enough to build, to serve and to answer.

Debian's packages and the user are left out: Asterisk comes from the cache, and nobody need be root. So is the fetching
of dependencies: the environment that runs the tests has them from a lock with the same versions, and lends them.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import psycopg
import pytest
import yaml

from tests.acceptance import probe
from tests.acceptance.serving import addresses, left_running, no_settings, running
from tests.acceptance.tones import is_loud
from tests.dockerfile import Instruction, instructions
from tests.postgres import PASSWORD, PostgresCluster, database_of, postgres_cluster

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
LEFT_OUT = ("apt-get", "rm -rf /var/lib/apt", "useradd")


class PlainFolder:
    """A folder in place of a container's root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.here = root
        self.left_out: list[str] = []
        self.argv: list[str] = []

    def at(self, place: str) -> Path:
        return self.root / place.lstrip("/") if place.startswith("/") else self.here / place

    def do(self, one: Instruction) -> None:
        match one.word:
            case "WORKDIR":
                self.here = self.at(one.rest)
                self.here.mkdir(parents=True)
            case "COPY":
                *sources, into = one.words
                for source in sources:
                    self._copy(ROOT / source, self.at(into))
            case "RUN":
                for command in one.commands:
                    self._run(command)
            case "VOLUME":
                self.at(one.rest).mkdir(parents=True, mode=0o700)
            case "ENTRYPOINT" | "CMD":
                words = [str(self.at(word)) if word.startswith("/") else word for word in one.words]
                self.argv += words

    def _copy(self, source: Path, into: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, into, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, into / source.name if into.is_dir() else into)

    def _run(self, command: str) -> None:
        if command.startswith(LEFT_OUT):
            self.left_out.append(command.split(maxsplit=1)[0])
            return
        program, *words = command.split()
        argv = [str(self.at(word)) if word.startswith("/opt") else word for word in command.split()]
        if program == "python3":
            argv[0] = sys.executable
        if "--requirement" in words:
            self._lend_dependencies()
            return
        done = subprocess.run(argv, cwd=self.here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"

    def _lend_dependencies(self) -> None:
        environment = self.at("/opt/venv")
        base = {"base": str(environment), "platbase": str(environment)}
        site = Path(sysconfig.get_path("purelib", vars=base))
        (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")


async def test_what_the_image_is_made_of_serves_and_answers(tmp_path: Path) -> None:
    container = PlainFolder(tmp_path / "root")
    container.root.mkdir()
    for one in instructions(ROOT / "docker" / "Dockerfile"):
        await asyncio.to_thread(container.do, one)
    assert set(container.left_out) == {"apt-get", "rm", "useradd"}

    home = container.at("/var/lib/sentralbord")
    with addresses() as at, postgres_cluster() as postgres:
        kept = {**no_settings(), **composed(postgres, tmp_path)}
        argv = (*container.argv, "--sip", at.sip, "--rtp", at.rtp, "--web", at.web)
        async with (
            running(argv, home, tmp_path / "server.log", kept, container.here) as server,
            asyncio.timeout(20),
        ):
            async with probe.call(server.sip, "+4755301000", "+4790000001") as placed:
                while not is_loud((await placed.media.packets.get())[1]):
                    pass
            await arrives(postgres, database_of(kept["IVR_STORE__URL"]))
    assert not left_running(home)


def composed(postgres: PostgresCluster, folder: Path) -> dict[str, str]:
    """What the services give the server, and PostgreSQL as they make it, at another port."""
    services = yaml.safe_load((ROOT / "docker/compose.yaml").read_text("utf-8"))["services"]
    made, given = services["postgresql"]["environment"], services["sentralbord"]["environment"]
    role, database = made["POSTGRES_USER"], made["POSTGRES_DB"]
    postgres.run(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
    postgres.run(f"CREATE DATABASE {database} OWNER {role}")
    secret = folder / "postgres_password"
    secret.write_text(PASSWORD + "\n")
    port = services["postgresql"]["ports"][0].split(":")[1]
    return {
        **given,
        "IVR_STORE__URL": given["IVR_STORE__URL"].replace(f":{port}/", f":{postgres.port}/"),
        "IVR_STORE__PASSWORD_FILE": str(secret),
    }


async def arrives(postgres: PostgresCluster, database: str) -> None:
    """The call's record comes to PostgreSQL."""
    # Another process's state: there is nothing to wait on but time.
    while not await asyncio.to_thread(rows_of_calls, postgres, database):  # noqa: ASYNC110
        await asyncio.sleep(0.1)


def rows_of_calls(postgres: PostgresCluster, database: str) -> int:
    try:
        return len(postgres.rows("SELECT call_id FROM call", database))
    except psycopg.errors.UndefinedTable:  # before the server has made it
        return 0
