"""The archive's names and ours."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from ivr.archives.names import ArchiveNames, Placed, read_names
from ivr.errors import ArchiveRefused

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("PJSIP/kari", "kari"),
        ("SIP/1001-0000002a", "1001"),
        ("Local/1001@from-queue/n", "1001"),
        ("Agent/1001", "1001"),
        ("Kari Nordmann", "Kari Nordmann"),
    ],
)
def test_an_agent_without_a_name_here_keeps_its_own_without_the_technology(
    written: str, name: str
) -> None:
    assert ArchiveNames(OSLO).agent(written) == name


def test_an_agent_may_be_named_as_the_log_writes_it_or_without_the_technology() -> None:
    names = ArchiveNames(OSLO, agents={"PJSIP/1001": "kari", "1002": "ola"})

    assert [names.agent(one) for one in ("PJSIP/1001", "Local/1002@from-queue/n")] == [
        "kari",
        "ola",
    ]


def test_a_queue_may_be_given_a_place() -> None:
    names = read_names(
        b'zone = "Europe/London"\n[queues]\n"600" = "salg"\n'
        b'"601" = { queue = "faktura", site = "bergen", department = "faktura" }\n',
        OSLO,
    )

    assert names.zone == ZoneInfo("Europe/London")
    assert names.queue("600") == Placed("salg")
    assert names.queue("601") == Placed("faktura", "bergen", "faktura")
    assert names.queue("602") == Placed("602")


@pytest.mark.parametrize(
    "text",
    [
        b"[queues",
        b"\xff",
        b"queues = 1",
        b'[queue]\n"600" = "salg"',
        b'[queues]\n"600" = 1',
        b'[queues]\n"600" = { site = "bergen" }',
        b'[queues]\n"600" = { queue = "salg", town = "bergen" }',
        b"[agents]\nkari = []",
        b'zone = "Nowhere/At_all"',
        b'zone = "../../etc/passwd"',
        b'zone = ""',
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_what_to_write(text: bytes) -> None:
    with pytest.raises(ArchiveRefused, match="zone = "):
        read_names(text, OSLO)
