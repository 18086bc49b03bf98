"""Where callers' messages lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.server.messages import BYTES_A_SECOND, MessageFolder


@pytest.fixture
def messages(tmp_path: Path) -> MessageFolder:
    (tmp_path / "spool").mkdir()
    return MessageFolder(tmp_path, "spool")


@pytest.mark.parametrize(
    ("bytes_there", "seconds", "is_whole"),
    [
        (5 * BYTES_A_SECOND + 44, 5.0, True),
        (5 * BYTES_A_SECOND - 100, 5.0, True),
        (44, 5.0, False),
        (0, 2.0, False),
        (44, 1.0, False),
        (9_000, 1.0, True),
    ],
    ids=[
        "whole",
        "a little short",
        "a header only",
        "empty",
        "of a second, and only a header",
        "of a second",
    ],
)
def test_a_message_is_whole_if_its_length_is_there(
    messages: MessageFolder, bytes_there: int, seconds: float, is_whole: bool
) -> None:
    (messages.folder / "spool/a.wav").write_bytes(bytes(bytes_there))

    assert messages.is_whole("spool/a.wav", seconds) is is_whole


def test_a_message_that_is_not_there_is_not_whole(messages: MessageFolder) -> None:
    assert not messages.is_whole("spool/b.wav", 5)


def test_an_asterisk_elsewhere_is_believed(tmp_path: Path) -> None:
    messages = MessageFolder(tmp_path, "nowhere/spool", is_elsewhere=True)

    assert messages.is_whole("nowhere/spool/a.wav", 5)
    assert messages.has_room(1e12)


def test_where_the_folder_is_gone_no_message_is_asked_for_and_none_is_called_whole(
    messages: MessageFolder,
) -> None:
    (messages.folder / "spool").rmdir()

    assert not messages.has_room(1)
    assert not messages.is_whole("spool/a.wav", 5)
    assert messages.seconds("spool/a.wav") == 0
    assert (cause := messages.trouble()) is not None
    assert cause.says == "its folder is not there"


def test_there_is_room_for_what_the_disk_holds(messages: MessageFolder) -> None:
    assert messages.has_room(1)
    assert not messages.has_room(1e12)


def test_how_much_sound_a_file_has_is_known_by_its_size(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    messages = MessageFolder(tmp_path, "recordings")
    (folder / "a.wav").write_bytes(bytes(44 + 16_000 * 3))
    (folder / "empty.wav").write_bytes(bytes(44))

    assert [messages.seconds(f"recordings/{name}.wav") for name in ("a", "empty", "none")] == [
        3,
        0,
        0,
    ]


def test_what_another_machine_has_is_not_known(tmp_path: Path) -> None:
    messages = MessageFolder(tmp_path, "recordings", is_elsewhere=True)

    assert messages.seconds("recordings/a.wav") is None
