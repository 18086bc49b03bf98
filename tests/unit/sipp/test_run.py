"""Sipp against a stand-in for the program: a shell script that leaves the files which SIPp would leave."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ivr.errors import PhoneFailed
from ivr.sipp import CallerScript, Credentials, PortRange, PutDown, Sipp

SERVER = ("127.0.0.1", 16_888)
HANGS_UP = CallerScript("100", "+4790000001", (PutDown(),))

Play = Callable[[str], Sipp]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Sipp whose program is the given shell script; `$@` are SIPp's arguments."""

    def build(shell: str) -> Sipp:
        argv = ("/bin/sh", "-c", shell, "sipp")
        folder = tmp_path / "played"
        ports = PortRange(16_900, 16_998)
        return Sipp(argv, folder, sip_ports=ports, media_ports=PortRange(24_000, 24_999))

    return build


async def test_call_that_went_as_scripted_is_ok_under_the_call_id_that_sipp_was_given(
    play: Play,
) -> None:
    report = await play('echo "$@" > arguments').call(HANGS_UP, SERVER)

    assert report.ok
    assert report.call_id.endswith("-sipp")


async def test_everything_is_on_loopback_and_below_the_work_folder(
    play: Play, tmp_path: Path
) -> None:
    await play('echo "$@" > arguments').call(HANGS_UP, SERVER)

    arguments = (tmp_path / "played/arguments").read_text().split()
    for option in ("-i", "-mi", "-ci"):
        assert arguments[arguments.index(option) + 1] == "127.0.0.1"
    assert "-bind_local" in arguments
    assert arguments[arguments.index("-error_file") + 1] == "0001-caller/errors.log"
    assert (tmp_path / "played/0001-caller.xml").stat().st_mode & 0o777 == 0o600


async def test_long_load_takes_no_more_ports_than_calls_are_up_at_once(
    play: Play, tmp_path: Path
) -> None:
    await play('echo "$@" > arguments').load(
        HANGS_UP, SERVER, calls=5_000, rate_per_second=50, at_once=100
    )

    arguments = (tmp_path / "played/arguments").read_text().split()
    value = {name: arguments[arguments.index(name) + 1] for name in ("-m", "-l", "-mp")}
    assert (value["-m"], value["-l"]) == ("5000", "100")
    ports = int(arguments[arguments.index("-max_rtp_port") + 1]) - int(value["-mp"])
    assert ports == 205


async def test_call_that_failed_says_why(play: Play) -> None:
    report = await play("echo 'no route to anybody' >&2; exit 1").call(HANGS_UP, SERVER)

    assert not report.ok
    assert report.failures == ("SIPp ended with 1", "no route to anybody")


async def test_program_that_outlives_its_limit_is_killed(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.sipp.run.KILL_AFTER_SECONDS", 0.0)
    others = psutil.Process().children()

    report = await play("exec sleep 60").call(HANGS_UP, SERVER, within_seconds=0.05)

    assert report.failures == ("the time limit was reached",)
    assert psutil.Process().children() == others


async def test_call_that_is_given_up_leaves_no_process(play: Play) -> None:
    others = psutil.Process().children()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await play("exec sleep 60").call(HANGS_UP, SERVER)

    assert psutil.Process().children() == others


async def test_account_that_is_not_let_in_is_named_with_the_reason(play: Play) -> None:
    account = Credentials("kari", "feil-passord", SERVER)
    sipp = play("echo '403 Forbidden' >&2; exit 1")

    with pytest.raises(PhoneFailed, match=r"sign in the account kari:\n.*\n403 Forbidden"):
        async with sipp.agent(account=account):
            pass


async def test_phone_that_ends_at_once_is_no_phone(play: Play) -> None:
    with pytest.raises(PhoneFailed, match="Unable to bind main socket"):
        async with play("echo 'Unable to bind main socket' >&2; exit 255").agent():
            pass
