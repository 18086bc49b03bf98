"""Tokens of programs: made once, found by their secret only, and taken back."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ivr.errors import ChangeRefused, ConfigRefused
from ivr.server.tokens import FILE, TokenBook, expiry_told


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def book(tmp_path: Path, watch: Watch) -> TokenBook:
    return TokenBook(tmp_path, watch)


def test_a_token_is_found_by_its_secret_and_by_nothing_else(book: TokenBook) -> None:
    made, secret = book.add("wallboard", ("read",), days=90)

    assert book.find(secret) == made
    for other in ("", "wallboard", made.digest, secret[:-1], secret + "A"):
        assert book.find(other) is None


@pytest.mark.parametrize("torn", [b"[{", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_opens_nothing_and_says_so(
    book: TokenBook, tmp_path: Path, torn: bytes
) -> None:
    _, secret = book.add("wallboard", ("read",), days=90)
    (tmp_path / FILE).write_bytes(torn)

    with capture_logs() as logs:
        assert book.find(secret) is None
    assert [line["event"] for line in logs] == ["tokens cannot be read"]
    with pytest.raises(ConfigRefused):
        book.kept()


def test_nobody_reads_a_secret_in_the_home_folder(book: TokenBook, tmp_path: Path) -> None:
    _, secret = book.add("wallboard", ("read",), days=90)

    assert secret not in (tmp_path / FILE).read_text()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.fault("F-95")
def test_a_server_sees_what_a_command_has_changed(
    book: TokenBook, tmp_path: Path, watch: Watch
) -> None:
    of_server = TokenBook(tmp_path, watch)
    assert of_server.find("sentralbord_x") is None

    _, first = book.add("wallboard", ("read",), days=90)
    _, second = book.add("crm", ("numbers", "read", "read"), days=1)
    found = of_server.find(second)
    assert found is not None
    assert found.scopes == ("numbers", "read")

    book.revoke("wallboard")
    assert of_server.find(first) is None
    assert of_server.find(second) == found


def test_a_token_ends_after_its_days(book: TokenBook, watch: Watch) -> None:
    made, secret = book.add("wallboard", ("read",), days=2)
    watch.time += timedelta(days=2, seconds=-1)
    assert not book.is_over(made)

    watch.time += timedelta(seconds=1)
    assert book.is_over(made)
    assert book.find(secret) == made
    assert expiry_told(made, watch.now()) == "expired 2026-11-28"


@pytest.mark.parametrize("name", ["", "x" * 61, "a\nb", "a\x1bb"])
def test_a_name_that_cannot_stand_in_a_line_is_refused(book: TokenBook, name: str) -> None:
    with pytest.raises(ChangeRefused, match="at most 60 characters"):
        book.add(name, ("read",), days=1)
    assert book.kept() == ()


def test_a_name_is_had_by_one_token(book: TokenBook) -> None:
    book.add("wallboard", ("read",), days=1)

    with pytest.raises(ChangeRefused, match="revoke it first"):
        book.add("wallboard", ("read",), days=1)
    with pytest.raises(ChangeRefused, match="there are: wallboard"):
        book.revoke("crm")


@pytest.mark.fault("F-95")
@pytest.mark.parametrize("text", ["", "{}", "[1]", "not json", '[{"name": "x"}]'])
def test_a_file_that_cannot_be_read_lets_nobody_in_and_loses_nothing(
    book: TokenBook, tmp_path: Path, text: str
) -> None:
    (tmp_path / FILE).write_text(text)

    with capture_logs() as logs:
        assert book.find("sentralbord_x") is None
    assert [line["event"] for line in logs] == ["tokens cannot be read"]
    with pytest.raises(ConfigRefused, match="make the tokens anew"):
        book.add("wallboard", ("read",), days=1)
    assert (tmp_path / FILE).read_text() == text
