"""Ordinary files are read; whatever else lies there keeps nobody waiting."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.regular_file import NotRegular, open_regular, read_regular, read_regular_text


def pipe_of_nobody(path: Path) -> None:
    os.mkfifo(path)


def pipe_that_nobody_writes_to(path: Path) -> None:
    os.mkfifo(path)
    os.open(
        path, os.O_RDWR | os.O_NONBLOCK
    )  # left open to the end of the process: a writer who says nothing


def link_to_a_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def silent_device(path: Path) -> None:
    path.symlink_to("/dev/null")


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (Path.mkdir, "it is a folder"),
        (pipe_of_nobody, "it is a pipe, not a file"),
        (pipe_that_nobody_writes_to, "it is a pipe, not a file"),
        (link_to_a_pipe, "it is a pipe, not a file"),
        (endless_device, "it is a device, not a file"),
        (silent_device, "it is a device, not a file"),
        (bound_socket, "it is a socket, not a file"),
    ],
)
def test_what_is_no_file_is_told_by_its_kind(
    tmp_path: Path, make: Callable[[Path], None], told: str
) -> None:
    path = tmp_path / "x"
    make(path)

    for read in (open_regular, read_regular, read_regular_text):
        with pytest.raises(NotRegular) as refused:
            read(path)

        assert refused.value.strerror == told
        assert refused.value.filename == str(path)


def test_a_file_is_read_as_far_as_asked_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xef\xbb\xbfhei")
    (tmp_path / "link").symlink_to("file")

    assert read_regular(tmp_path / "link") == b"\xef\xbb\xbfhei"
    assert read_regular(tmp_path / "file", 3) == b"\xef\xbb\xbf"
    assert read_regular_text(tmp_path / "file", "utf-8-sig") == "hei"


def test_a_file_that_is_not_there_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "none")


def test_no_descriptor_is_left_behind(tmp_path: Path) -> None:
    pipe_of_nobody(tmp_path / "pipe")
    before = len(os.listdir("/proc/self/fd"))

    for _ in range(10):
        with pytest.raises(NotRegular):
            read_regular(tmp_path / "pipe")

    assert len(os.listdir("/proc/self/fd")) == before
