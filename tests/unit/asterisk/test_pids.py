import os
from pathlib import Path

from ivr.asterisk import pids


async def test_a_program_is_begun_in_its_own_session_and_ended(tmp_path: Path) -> None:
    pid = pids.begin(["sleep", "60"], folder=tmp_path, log=tmp_path / "log")

    assert os.getsid(pid) == pid
    assert pids.runs(pid, "60")

    await pids.end(pid, "60", patience_seconds=5)

    assert not pids.runs(pid, "60")


async def test_a_program_that_ignores_sigterm_is_ended_all_the_same(tmp_path: Path) -> None:
    stubborn = "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    pid = pids.begin(["sh", "-c", stubborn, "mark"], folder=tmp_path, log=tmp_path / "log")
    while not (tmp_path / "log").read_text():
        pass

    await pids.end(pid, "mark", patience_seconds=0.05)

    assert not pids.runs(pid, "mark")


async def test_a_pid_that_is_another_programs_by_now_is_left_alone(tmp_path: Path) -> None:
    pid = pids.begin(["sleep", "60"], folder=tmp_path, log=tmp_path / "log")

    await pids.end(pid, "/other/home/asterisk.conf", patience_seconds=1)

    assert pids.runs(pid, "60")
    await pids.end(pid, "60", patience_seconds=5)


async def test_waiting_for_a_pid_that_is_gone_ends_at_once(tmp_path: Path) -> None:
    pid = pids.begin(["true"], folder=tmp_path, log=tmp_path / "log")

    assert await pids.ended(pid, 5)
    assert await pids.ended(pid, 5)


def test_the_program_runs_in_its_folder_and_writes_to_its_log(tmp_path: Path) -> None:
    pid = pids.begin(["pwd"], folder=tmp_path, log=tmp_path / "log")

    os.waitpid(pid, 0)

    assert (tmp_path / "log").read_text() == f"{tmp_path}\n"
