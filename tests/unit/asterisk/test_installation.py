from pathlib import Path

import pytest

from ivr.asterisk.installation import installed, parse_release, with_own_loader


@pytest.mark.parametrize(
    ("said", "release"),
    [
        ("Asterisk 22.10.1~dfsg+~cs6.17.60671434", (22, 10, 1)),
        ("22.10.1+dfsg+~cs6.17.60671434-1", (22, 10, 1)),
        ("Asterisk 20.6.0~dfsg+~cs6.13.40431414-2", (20, 6, 0)),
        ("Asterisk certified-20.7-cert2", None),
        ("Asterisk GIT-master-1234567", None),
        ("", None),
    ],
)
def test_the_release_is_read_from_what_asterisk_says(
    said: str, release: tuple[int, int, int] | None
) -> None:
    assert parse_release(said) == release


def test_an_installed_asterisk_is_found_with_its_folders(tmp_path: Path) -> None:
    binary = _pretend_asterisk(tmp_path, "Asterisk 22.11.0")

    found = installed(binary)

    assert found is not None
    assert found.release == (22, 11, 0)
    assert found.version == "22.11.0"
    assert found.modules == tmp_path / "lib/x/asterisk/modules"
    assert found.rest_api == tmp_path / "share/asterisk/rest-api"
    assert not found.private


def test_an_asterisk_without_its_documentation_is_not_used(tmp_path: Path) -> None:
    binary = _pretend_asterisk(tmp_path, "Asterisk 22.11.0")
    (tmp_path / "share/asterisk/documentation").rmdir()

    assert installed(binary) is None


def test_a_private_program_is_run_by_its_own_loader(tmp_path: Path) -> None:
    put(tmp_path, "usr/lib64/ld-linux-x86-64.so.2", "usr/lib/x/libc.so.6", "usr/bin/sipp")

    assert with_own_loader(tmp_path, "usr/bin/sipp") == (
        str(tmp_path / "usr/lib64/ld-linux-x86-64.so.2"),
        "--library-path",
        f"{tmp_path}/usr/lib/x:{tmp_path}/usr/lib",
        str(tmp_path / "usr/bin/sipp"),
    )


def test_libraries_in_folders_of_their_own_are_found(tmp_path: Path) -> None:
    put(tmp_path, "usr/lib64/ld-linux-x86-64.so.2", "usr/lib/x/libc.so.6", "usr/bin/sipp")
    put(tmp_path, "usr/lib/x/pulseaudio/libpulsecommon-17.0.so", "usr/lib/x/blas/libblas.so.3")
    put(tmp_path, "usr/lib/x/asterisk/modules/app_dial.so", "usr/lib/x/perl/config.pl")

    argv = with_own_loader(tmp_path, "usr/bin/sipp")

    assert argv is not None
    common = f"{tmp_path}/usr/lib/x"
    assert argv[2] == f"{common}:{tmp_path}/usr/lib:{common}/blas:{common}/pulseaudio"


def test_a_prefix_without_a_loader_cannot_run_anything(tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/bin/sipp").touch()

    assert with_own_loader(tmp_path, "usr/bin/sipp") is None


def put(folder: Path, *files: str) -> None:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()


def _pretend_asterisk(root: Path, says: str) -> Path:
    for folder in (
        "sbin",
        "lib/x/asterisk/modules",
        "share/asterisk/documentation",
        "share/asterisk/rest-api",
        "share/asterisk/sounds/en",
    ):
        (root / folder).mkdir(parents=True)
    binary = root / "sbin/asterisk"
    binary.write_text(f"#!/bin/sh\necho '{says}'\n")
    binary.chmod(0o755)
    return binary
