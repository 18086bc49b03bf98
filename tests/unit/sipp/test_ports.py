import socket

import pytest

from ivr.errors import PortTaken
from ivr.sipp import PortRange


def taken(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", port))
    return listener


@pytest.fixture
def free() -> int:
    """The first of ten neighbouring ports that nobody holds now."""
    with PortRange(16_900, 16_999).lend(10) as first:
        return first


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


def test_range_without_enough_free_neighbours_is_refused_with_its_name(free: int) -> None:
    ports = PortRange(free, free + 3)

    with (
        ports.lend(2),
        pytest.raises(PortTaken, match=f"127.0.0.1:{free}-{free + 3}/udp"),
        ports.lend(4),
    ):
        pass
