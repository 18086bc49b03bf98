import pytest

from ivr.asterisk.apt import Packages
from ivr.asterisk.debian import AptFailed
from ivr.asterisk.fetch import _refuse_unfit
from ivr.asterisk.releases import KNOWN_BAD, KNOWN_GOOD, OLDEST, Release, is_untried, unfit


def test_twenty_two_ten_zero_is_too_old() -> None:
    assert (22, 10, 0) < OLDEST <= (22, 10, 1)
    assert "older than 22.10.1" in (unfit((22, 10, 0)) or "")


@pytest.mark.parametrize(
    ("release", "is_unfit", "untried"),
    [
        ((18, 26, 4), True, False),
        ((22, 10, 1), False, False),
        ((22, 10, 2), False, True),
        ((22, 11, 0), True, False),
        ((22, 11, 1), False, True),
        ((23, 4, 0), False, True),
    ],
)
def test_a_release_is_known_to_work_known_to_be_bad_or_to_be_tried(
    release: Release, is_unfit: bool, untried: bool
) -> None:
    assert ((unfit(release) is not None), is_untried(release)) == (is_unfit, untried)


def test_no_release_is_both_good_and_bad() -> None:
    assert not KNOWN_GOOD & KNOWN_BAD.keys()
    assert min(KNOWN_GOOD) >= OLDEST


@pytest.mark.parametrize(
    "file",
    [
        "asterisk_1%3a22.11.0~dfsg+~cs6.17.60671434-1_amd64.deb",
        "asterisk_22.11.0-1_arm64.deb",
        "partial/asterisk_1%3a22.11.0+dfsg-2_amd64.deb",
    ],
)
def test_a_bad_release_is_refused_by_its_file_before_it_is_fetched(file: str) -> None:
    with pytest.raises(AptFailed, match=r"22\.11\.0 now, and its WebSocket"):
        _refuse_unfit(Packages(("libc6_2.42-1_amd64.deb", file), 1))


@pytest.mark.parametrize(
    "file",
    [
        "asterisk_1%3a22.10.1~dfsg+~cs6.17.60671434-1_amd64.deb",
        "asterisk-modules_1%3a22.11.0~dfsg-1_amd64.deb",  # follows from `asterisk`'s own
        "sip-tester_3.8.0-1_amd64.deb",
    ],
)
def test_other_packages_are_fetched(file: str) -> None:
    _refuse_unfit(Packages((file,), 1))
