import shutil
import socket
from pathlib import Path

import pytest

from ivr.asterisk import pids
from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.installation import Installation
from ivr.asterisk.ports import free_port
from ivr.asterisk.run import find_running, start
from ivr.errors import ConfigRefused, PortTaken


@pytest.mark.parametrize("trace", ["", "{", "[]", '{"pid": "x"}'])
def test_a_broken_trace_means_that_nothing_is_running(tmp_path: Path, trace: str) -> None:
    _leave(tmp_path, trace)

    assert find_running(tmp_path) is None


def test_a_home_that_never_had_an_asterisk_has_none_running(tmp_path: Path) -> None:
    assert find_running(tmp_path) is None


async def test_a_process_is_ours_only_if_it_was_started_with_our_configuration(
    tmp_path: Path,
) -> None:
    mark = str(tmp_path / "ours/asterisk/etc/asterisk.conf")
    pid = pids.begin(["sleep", "60"], folder=tmp_path, log=tmp_path / "log")
    _leave_configuration(tmp_path / "ours")
    ours = pids.begin(["tail", "-f", "/dev/null", mark], folder=tmp_path, log=tmp_path / "log")
    _leave(tmp_path / "other", _trace(pid))
    _leave(tmp_path / "ours", _trace(ours))

    others, own = find_running(tmp_path / "other"), find_running(tmp_path / "ours")
    await pids.end(pid, "60", patience_seconds=5)
    await pids.end(ours, mark, patience_seconds=5)

    assert others is None
    assert own is not None
    assert own.pid == ours


@pytest.mark.parametrize("is_copy", [False, True], ids=["moved", "copied"])
async def test_a_home_that_was_moved_from_under_its_asterisk_is_told_apart_from_a_copy(
    tmp_path: Path, is_copy: bool
) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    mark = str(before / "asterisk/etc/asterisk.conf")
    _leave_configuration(before)
    pid = pids.begin(["tail", "-f", "/dev/null", mark], folder=tmp_path, log=tmp_path / "log")
    assert pids.runs(pid, mark)
    if not is_copy:
        shutil.rmtree(before)
    _leave(now, _trace(pid))

    refused = ConfigRefused if not is_copy else PortTaken
    try:
        with socket.socket() as taken, pytest.raises(refused) as told:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            await start(_plan(now, taken.getsockname()[1]))
    finally:
        await pids.end(pid, mark, patience_seconds=5)

    if not is_copy:
        assert f"write {before}, and move the folder back there" in str(told.value)
        assert f"`kill {pid}`" in str(told.value)


def _plan(home: Path, http_port: int) -> Blueprint:
    nowhere = Path("/nowhere")
    places = (nowhere, nowhere, nowhere, nowhere)
    installation = Installation(("asterisk",), (22, 10, 1), *places, private=True)
    return Blueprint(
        home=home,
        installation=installation,
        http_port=http_port,
        ari_password="not-a-secret-1",
        fallback_prompt=nowhere,
        sip_port=free_port(kind=socket.SOCK_DGRAM),
    )


def _leave(home: Path, trace: str) -> None:
    (home / "asterisk").mkdir(parents=True, exist_ok=True)
    (home / "asterisk/running.json").write_text(trace)


def _leave_configuration(home: Path) -> None:
    (home / "asterisk/etc").mkdir(parents=True)
    (home / "asterisk/etc/asterisk.conf").touch()


def _trace(pid: int) -> str:
    ports = '"http_port":1,"sip_host":"127.0.0.1","sip_port":1,"rtp_first":1,"rtp_last":1'
    return f'{{"pid":{pid},{ports}}}'
