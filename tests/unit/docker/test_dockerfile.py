"""The rules of good images, kept without an engine that builds one."""

from __future__ import annotations

import fnmatch
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from ivr.server.stopping import STOP_SECONDS
from ivr.settings import Settings, load_settings
from tests.dockerfile import Instruction, instructions

ROOT = Path(__file__).parents[3]
DOCKER = ROOT / "docker"
FILES = sorted(path for path in DOCKER.glob("Dockerfile*") if path.suffix != ".dockerignore")
KNOWN = {
    "FROM", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "STOPSIGNAL", "ENTRYPOINT", "CMD", "ENV", "HEALTHCHECK"
}  # fmt: skip


def of(file: Path, word: str) -> list[Instruction]:
    return [one for one in instructions(file) if one.word == word]


def copied(file: Path) -> list[str]:
    return [source for one in of(file, "COPY") for source in one.words[:-1]]


@pytest.fixture(scope="module")
def tracked() -> Sequence[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("no git checkout")
    return listed.stdout.splitlines()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_instruction_is_one_that_there_is(file: Path) -> None:
    found = list(instructions(file))

    assert found[0].word == "FROM"
    assert [(one.line, one.word) for one in found if one.word not in KNOWN] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_is_built_on_is_named_with_its_release(file: Path) -> None:
    stages = {one.words[2] for one in of(file, "FROM") if len(one.words) == 3}
    for one in of(file, "FROM"):
        base = one.words[0]
        assert base in stages or re.fullmatch(r"[a-z/]+:[a-z0-9][\w.-]*", base), base
        assert not base.endswith(":latest")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_packages_leave_no_lists_and_bring_no_company(file: Path) -> None:
    for one in of(file, "RUN"):
        installs = [command for command in one.commands if command.startswith("apt-get install")]
        for command in installs:
            assert "--yes" in command
            assert "--no-install-recommends" in command
            assert one.commands[0] == "apt-get update"
            assert one.commands[-1] == "rm -rf /var/lib/apt/lists/*"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_runs_as_root_and_signals_reach_the_program(file: Path) -> None:
    users = [one.rest for one in of(file, "USER")]

    assert users[-1:] not in ([], ["root"], ["0"])
    for word in ("ENTRYPOINT", "CMD"):
        assert all(one.rest.startswith("[") for one in of(file, word))
    assert len(of(file, "ENTRYPOINT")) == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_is_copied_is_in_the_repository_and_reaches_the_builder(
    file: Path, tracked: Sequence[str]
) -> None:
    let_through = [
        line[1:]
        for line in (DOCKER / f"{file.name}.dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    ]

    for source in copied(file):
        assert any(name == source or name.startswith(f"{source}/") for name in tracked), source
    assert sorted(copied(file)) == sorted(let_through)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_secret_stands_in_an_image(file: Path) -> None:
    for one in instructions(file):
        assert not re.search(r"(?i)password|secret|token", one.rest), one


def test_the_services_name_what_there_is() -> None:
    composed = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))
    used = {
        volume.split(":")[0]
        for service in composed["services"].values()
        for volume in service.get("volumes", ())
        if not volume.startswith((".", "/"))
    }

    assert used == set(composed.get("volumes", {}))
    for service in composed["services"].values():
        if build := service.get("build"):
            context = (DOCKER / build["context"]).resolve()
            file = context / build["dockerfile"]
            assert file in FILES
            stages = [one.words[2] for one in of(file, "FROM") if len(one.words) == 3]
            assert build.get("target", stages[-1]) in stages
        else:
            assert re.fullmatch(r"[a-z/]+:[0-9][\w.-]*", service["image"])
        for needed in service.get("depends_on", {}):
            assert needed in composed["services"]


KEYS_OF_A_SERVICE = {
    "build", "environment", "healthcheck", "image", "network_mode", "ports", "restart", "secrets",
    "stop_grace_period", "ulimits", "volumes",
}  # fmt: skip
"""Those of the compose specification that are used here."""


def test_the_services_say_what_compose_knows() -> None:
    composed = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))

    assert set(composed) <= {"services", "volumes", "secrets"}
    for service in composed["services"].values():
        assert set(service) <= KEYS_OF_A_SERVICE
        assert ("image" in service) != ("build" in service)
        assert service["restart"] in {"always", "on-failure", "unless-stopped"}
        # Not `network_mode: host` and `ports` together, which compose refuses; and nothing for all the world.
        assert not ("network_mode" in service and "ports" in service)
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        assert set(service.get("secrets", ())) <= set(composed.get("secrets", {}))
        if check := service.get("healthcheck"):
            assert check["test"][0] in {"CMD", "CMD-SHELL"}
        for name, value in service.get("environment", {}).items():
            if value.startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], name


def test_the_journal_may_go_first() -> None:
    composed = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))

    assert composed["services"]["sentralbord"]["ulimits"] == {"rtprio": 1}


def test_the_server_is_given_settings_that_there_are() -> None:
    composed = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))
    environment = composed["services"]["sentralbord"]["environment"]

    store = load_settings(None, environment).store

    assert store.url is not None
    assert str(store.password_file) == "/run/secrets/postgres_password"


def test_what_speaks_to_postgresql_is_in_the_image() -> None:
    locked = (ROOT / "requirements.lock").read_text("utf-8")

    assert re.search(r"^psycopg-binary==", locked, re.MULTILINE)


def test_no_secret_of_the_services_is_in_the_repository(tracked: Sequence[str]) -> None:
    composed = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))

    for secret in composed["secrets"].values():
        assert f"docker/{secret['file'].removeprefix('./')}" not in tracked


def test_a_stop_has_time_for_the_drain_and_reaches_the_server() -> None:
    composed = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))
    grace = composed["services"]["sentralbord"]["stop_grace_period"]

    assert float(grace.removesuffix("s")) >= Settings().calls.drain_seconds + STOP_SECONDS


def test_no_password_stands_in_the_services() -> None:
    text = (DOCKER / "compose.yaml").read_text("utf-8")

    for line in text.splitlines():
        assert not re.match(r"\s*\w*PASSWORD\s*[:=]\s*\S", line), line
    assert not fnmatch.filter(text.split(), "*://*:*@*")


def test_another_command_for_the_container_is_watched_too() -> None:
    """Without that the server is the first process: a restart would end Asterisk, and all calls with it."""
    (own,) = of(DOCKER / "Dockerfile", "CMD")
    told = re.findall(r"command: (\[[^`]*\])", (DOCKER / "README.md").read_text("utf-8"))

    assert told
    for command in map(yaml.safe_load, told):
        assert tuple(command[: len(own.words)]) == tuple(own.words)
