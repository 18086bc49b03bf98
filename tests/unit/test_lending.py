import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ivr import lending
from ivr.lending import give_back, lend

UDP, TCP = socket.SOCK_DGRAM, socket.SOCK_STREAM

ASKER = """
import sys
from socket import SOCK_DGRAM
from ivr.lending import lend
first = int(sys.argv[1])
print(lend(range(first, first + 4), SOCK_DGRAM), flush=True)
sys.stdin.read()
"""


PORTS = range(900, 904)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the test's own: nobody else has lent anything."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(lending, "_LENT_HERE", set())
    opened = cache(lending._lent_everywhere.__wrapped__)
    monkeypatch.setattr(lending, "_lent_everywhere", opened)
    yield tmp_path
    if (file := opened()) is not None:
        os.close(file)


def asks() -> subprocess.Popen[bytes]:
    """Another program, which asks for these ports and holds them until it is ended."""
    argv = [sys.executable, "-c", ASKER, str(PORTS.start)]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def answer(program: subprocess.Popen[bytes]) -> str:
    assert program.stdout
    return program.stdout.readline().decode().strip()


def test_lent_ports_are_lent_once_until_they_are_given_back() -> None:
    assert lend(PORTS, UDP)
    assert not lend(PORTS[1:2], UDP)

    give_back(PORTS, UDP)
    assert lend(PORTS[1:2], UDP)


def test_a_port_of_udp_is_another_than_that_of_tcp() -> None:
    assert lend(PORTS, UDP)
    assert lend(PORTS, TCP)


def test_what_one_program_has_another_does_not_get() -> None:
    assert lend(PORTS[3:], UDP)

    with asks() as other:
        assert answer(other) == "False"
        other.kill()


def test_what_a_killed_program_had_is_free_again() -> None:
    with asks() as other:
        assert answer(other) == "True"
        assert not lend(PORTS, UDP)
        other.kill()

    assert lend(PORTS, UDP)


def test_where_no_file_can_be_written_every_program_has_what_it_asks_for(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "nowhere"))

    assert lend(PORTS, UDP)
    assert not lend(PORTS, UDP)
    give_back(PORTS, UDP)
    assert lend(PORTS, UDP)
