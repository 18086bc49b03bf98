from __future__ import annotations

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from ivr.asterisk.passwords import keep_passwords, keep_token, renew_password
from ivr.asterisk.pins import is_pin, renew_pin
from ivr.clock import SystemClock
from ivr.private_file import new_private, new_private_folder, one_at_a_time, write_private
from ivr.server.tokens import TokenBook

SOMEBODY = 12345
"""Whoever the server runs as."""


@pytest.fixture
def anothers(tmp_path: Path) -> Path:
    """A folder of another user, as root finds it."""
    try:
        os.chown(tmp_path, SOMEBODY, SOMEBODY)
    except OSError:
        pytest.skip("only root may make a file another user's")
    return tmp_path


def test_a_file_is_replaced_in_one_step_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("old")
    path.chmod(0o644)

    write_private(path, "new")

    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_made_with_those_above_it_and_may_be_there(tmp_path: Path) -> None:
    folder = tmp_path / "one" / "two"

    new_private_folder(folder)
    new_private_folder(folder)

    assert {stat.S_IMODE(one.stat().st_mode) for one in (folder, folder.parent)} == {0o700}
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError):
        new_private_folder(tmp_path / "file")


def test_what_root_writes_belongs_to_whom_the_folder_does(anothers: Path) -> None:
    write_private(anothers / "tokens.json", "{}")
    os.close(new_private(anothers / "journal.sqlite"))
    new_private_folder(anothers / "rules" / "revision")

    made = [*anothers.rglob("*")]

    assert len(made) == 4
    assert {(one.stat().st_uid, one.stat().st_gid) for one in made} == {(SOMEBODY, SOMEBODY)}


def test_what_root_writes_in_a_folder_of_its_own_stays_its_own(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "")

    assert (tmp_path / "file").stat().st_uid == os.geteuid()


def test_who_changes_a_file_waits_for_who_changes_one_there(tmp_path: Path) -> None:
    is_asking, order = Event(), list[str]()

    def other() -> None:
        is_asking.set()
        with one_at_a_time(tmp_path):
            order.append("other")

    with ThreadPoolExecutor() as pool:
        with one_at_a_time(tmp_path):
            waits = pool.submit(other)
            is_asking.wait()
            assert not waits.done()
            order.append("first")
        waits.result()

    assert order == ["first", "other"]


def test_a_folder_that_is_not_there_is_waited_for_by_nobody(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path / "none"):
        pass

    assert not (tmp_path / "none").exists()


def _token(home: Path, who: str) -> Callable[[], bool]:
    """Make one; what comes back asks whether it is still there."""
    book = TokenBook(home, SystemClock())
    _, secret = book.add(who, ("read",), 30)
    return lambda: book.find(secret) is not None


def _pin(home: Path, who: str) -> Callable[[], bool]:
    pin = renew_pin(home, who)
    return lambda: is_pin(home, who, pin)


def _new_password(home: Path, who: str) -> Callable[[], bool]:
    password = renew_password(home, who)
    return lambda: keep_passwords(home, (who,)).phones[who] == password


def _password(home: Path, who: str) -> Callable[[], bool]:
    password = keep_passwords(home, (who,)).phones[who]
    return lambda: keep_passwords(home, (who,)).phones[who] == password


def _control(home: Path, _: str) -> Callable[[], bool]:
    token = keep_token(home)
    return lambda: keep_token(home) == token


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param((_token,), id="tokens"),
        pytest.param((_pin,), id="pins"),
        pytest.param((_password, _new_password, _control), id="passwords"),
    ],
)
def test_nothing_is_lost_of_what_is_changed_at_the_same_time(
    tmp_path: Path, kinds: tuple[Callable[[Path, str], Callable[[], bool]], ...]
) -> None:
    def change(number: int) -> Callable[[], bool]:
        return kinds[number % len(kinds)](tmp_path, f"agent{number}")

    with ThreadPoolExecutor(12) as pool:
        kept = list(pool.map(change, range(12)))

    assert all(is_there() for is_there in kept)
