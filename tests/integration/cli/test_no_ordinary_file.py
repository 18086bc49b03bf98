"""A pipe, a device or a folder where a file is meant, and files on a disk that hangs: nobody waits for ever."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import ivr
from ivr.cli import ivr as command
from ivr.errors import IvrError

SHIPPED = Path(ivr.__file__).parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(SHIPPED)}
LONGEST_SECONDS = 30.0


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_folder(path: Path) -> None:
    path.mkdir()


MAKES: dict[Callable[[Path], None], str] = {
    a_pipe: "it is a pipe, not a file",
    a_device: "it is a device, not a file",
    a_folder: "it is a folder",
}


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """A folder with rules, tests, prompts and settings that are right."""
    for name in ("routing_rules.yaml", "routing_tests.yaml"):
        shutil.copy(SHIPPED / name, tmp_path / name)
    shutil.copytree(SHIPPED / "prompts", tmp_path / "prompts")
    shutil.copy(SHIPPED / "routing_rules.yaml", tmp_path / "old.yaml")
    (tmp_path / "ivr.toml").touch()
    return tmp_path


COMMANDS: dict[str, tuple[str, ...]] = {
    "routing_rules.yaml": ("check", "{}/routing_rules.yaml"),
    "routing_tests.yaml": ("test", "{}/routing_tests.yaml", "--rules", "{}/routing_rules.yaml"),
    "new.yaml": ("plan", "{}/new.yaml", "--against", "{}/routing_rules.yaml"),
    "calls.csv": (
        *("plan", "{}/routing_rules.yaml", "--against", "{}/old.yaml"),
        *("--replay", "{}/calls.csv"),
    ),
    "recording.wav": (
        *("prompts", "import", "{}/recording.wav", "welcome", "--language", "nb"),
        *("--into", "{}/prompts"),
    ),
    "ivr.toml": (
        *("serve", "--home", "{}/home", "--rules", "{}/routing_rules.yaml"),
        *("--config", "{}/ivr.toml"),
    ),
}


@pytest.mark.parametrize(
    ("name", "make"),
    [
        (name, make)
        for name in COMMANDS
        for make in MAKES
        if (name, make) != ("routing_tests.yaml", a_folder)  # which may be named, too
    ],
)
def test_commands_tell_what_lies_there_instead_of_a_file(
    centre: Path, name: str, make: Callable[[Path], None]
) -> None:
    (centre / name).unlink(missing_ok=True)
    make(centre / name)

    done = CliRunner().invoke(command, [word.format(centre) for word in COMMANDS[name]])

    told = done.output + (str(done.exception) if isinstance(done.exception, IvrError) else "")
    assert done.exit_code != 0
    assert isinstance(done.exception, SystemExit | IvrError), done.exception
    assert "not a file" in told or "is a folder" in told or "irectory" in told
    assert name in told


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("name", ["nb/welcome.wav", "script.yaml", "music/calm/song.wav"])
def test_check_finds_them_among_the_prompts(
    centre: Path, name: str, make: Callable[[Path], None]
) -> None:
    path = centre / "prompts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    make(path)

    done = CliRunner().invoke(command, ["prompts", "check", str(centre / "prompts")])

    assert isinstance(done.exception, SystemExit | IvrError), done.exception
    assert Path(name).name in done.output + str(done.exception)


@pytest.mark.parametrize("make", [a_pipe, a_device])
def test_what_rules_include_is_read_only_where_it_is_a_file(
    centre: Path, make: Callable[[Path], None]
) -> None:
    rules = centre / "routing_rules.yaml"
    rules.write_text(rules.read_text() + "\ninclude: [more.yaml]\n")
    make(centre / "more.yaml")

    done = CliRunner().invoke(command, ["check", str(rules)])

    assert done.exit_code == 1
    assert "more.yaml" in done.output


@pytest.mark.parametrize("make", MAKES)
def test_serve_refuses_such_rules_and_ends(centre: Path, make: Callable[[Path], None]) -> None:
    rules = centre / "routing_rules.yaml"
    rules.unlink()
    make(rules)

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ivr",
            "serve",
            "--home",
            str(centre / "home"),
            "--rules",
            str(rules),
        ],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )

    assert done.returncode == 1
    assert MAKES[make] in done.stderr
    assert str(rules) in done.stderr


HANGS = """
import sys, threading
from ivr.rulebook import in_force

def hang(*_):
    print("reading", flush=True)
    threading.Event().wait()

in_force.take_rules = hang
from ivr.cli import main
sys.argv = ["ivr", "serve", "--home", sys.argv[1], "--rules", sys.argv[2]]
main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_whose_rules_lie_on_a_disk_that_hangs_ends_when_it_is_told_to(
    centre: Path, number: signal.Signals
) -> None:
    words = [str(centre / "home"), str(centre / "routing_rules.yaml")]
    with subprocess.Popen(
        [sys.executable, "-c", HANGS, *words], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        while "reading" not in server.stdout.readline():
            assert server.poll() is None

        server.send_signal(number)

        assert server.wait(timeout=LONGEST_SECONDS) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_output_that_takes_no_more_is_no_fault_of_ours() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ivr", "--help"],
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )

    assert done.returncode == 1
    assert done.stderr == "ivr: nothing more can be written: No space left on device\n"
