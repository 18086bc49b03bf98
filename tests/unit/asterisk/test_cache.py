from pathlib import Path

import pytest

from ivr.asterisk.cache import ASTERISK, SIPP, cache_folder, cached_program, prefix_of


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
