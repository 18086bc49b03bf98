import socket
import subprocess
import sys

import pytest

from ivr.errors import PortTaken
from ivr.sipp import PortRange


def taken(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", port))
    return listener


LENDER = """
import sys
from ivr.sipp import PortRange
with PortRange(int(sys.argv[1]), int(sys.argv[2])).lend(4) as first:
    print(first, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def free(worker_id: str) -> int:
    """The first of ten neighbouring ports that nobody holds now; other workers of this run have others."""
    first = 16_500 + 20 * int(worker_id.removeprefix("gw") if worker_id != "master" else 15)
    with PortRange(first, first + 19).lend(10) as lent:
        return lent


def test_ports_lent_at_the_same_time_never_meet(free: int) -> None:
    ports = PortRange(free, free + 9)

    with ports.lend(4) as first, ports.lend(4) as second:
        assert first % 2 == second % 2 == 0
        assert not set(range(first, first + 4)) & set(range(second, second + 4))


def test_port_of_another_program_is_stepped_over(free: int) -> None:
    ports = PortRange(free, free + 9)

    with taken(free + 1), ports.lend(2) as first:
        assert first == free + 2


def test_port_just_given_back_comes_last(free: int) -> None:
    ports = PortRange(free, free + 5)

    lent = []
    for _ in range(4):
        with ports.lend(2) as first:
            lent.append(first - free)

    assert lent == [0, 2, 4, 0]


def test_ports_from_the_wanted_beginning_on_are_lent_before_the_others(free: int) -> None:
    ports = PortRange(free, free + 5, begin=free + 3)

    with ports.lend(2) as first, ports.lend(2) as second:
        assert (first, second) == (free + 4, free)


def test_range_without_enough_free_neighbours_is_refused_with_its_name(free: int) -> None:
    ports = PortRange(free, free + 3)

    with (
        ports.lend(2),
        pytest.raises(PortTaken, match=f"127.0.0.1:{free}-{free + 3}/udp"),
        ports.lend(4),
    ):
        pass


def test_ports_lent_by_another_process_are_stepped_over_and_come_back_with_its_end(
    free: int,
) -> None:
    words = [sys.executable, "-c", LENDER, str(free), str(free + 9)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert int(other.stdout.readline()) == free
        with PortRange(free, free + 9).lend(4) as first:
            assert first == free + 4
        other.kill()

    with PortRange(free, free + 9).lend(4) as first:
        assert first == free
