from pathlib import Path

import pytest

from ivr.asterisk.cache import (
    ASTERISK,
    ESPEAK,
    POSTGRESQL,
    SIPP,
    cache_folder,
    cached_program,
    prefix_of,
)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"IVR_CACHE": "/fast/disk", "XDG_CACHE_HOME": "/x"}, Path("/fast/disk")),
        ({"XDG_CACHE_HOME": "/x"}, Path("/x/sentralbord")),
        ({}, Path.home() / ".cache/sentralbord"),
    ],
)
def test_the_cache_folder_is_named_by_ivr_cache_then_by_the_desktops_convention(
    environment: dict[str, str], folder: Path
) -> None:
    assert cache_folder(environment) == folder


def test_a_newer_asterisk_lies_beside_an_older_one() -> None:
    places = {prefix_of(Path("/c"), ASTERISK, version) for version in ("22.10.1", "22.11.0")}

    assert len(places) == 2


def test_an_empty_cache_has_nothing_to_run(tmp_path: Path) -> None:
    assert cached_program(tmp_path, ASTERISK) is None
    assert cached_program(tmp_path, SIPP) is None


def test_espeak_is_told_where_its_voices_lie(tmp_path: Path) -> None:
    prefix = prefix_of(tmp_path, ESPEAK)
    for file in ("lib64/ld-linux-x86-64.so.2", "lib/x/libc.so.6", "bin/espeak-ng"):
        (prefix / "usr" / file).parent.mkdir(parents=True, exist_ok=True)
        (prefix / "usr" / file).touch()

    argv = cached_program(tmp_path, ESPEAK)

    assert argv is not None
    assert argv[-2:] == (f"{prefix}/usr/bin/espeak-ng", f"--path={prefix}/usr/lib/x")


def test_a_program_of_the_machines_release_runs_with_its_own_libraries_and_the_newest_is_taken(
    tmp_path: Path,
) -> None:
    prefix = prefix_of(tmp_path, POSTGRESQL)
    for release in ("9", "15"):
        program = prefix / f"usr/lib/postgresql/{release}/bin/postgres"
        program.parent.mkdir(parents=True)
        program.touch()
    assert cached_program(tmp_path, POSTGRESQL) is None

    (prefix / "usr/lib/x86_64-linux-gnu").mkdir()
    (prefix / "usr/lib/x86_64-linux-gnu/libpq.so.5").touch()

    argv = cached_program(tmp_path, POSTGRESQL)
    assert argv is not None
    assert argv[:1] == ("env",)
    assert argv[-1].endswith("/15/bin/postgres")
