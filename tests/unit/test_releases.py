import pytest

from ivr.releases import KNOWN_BAD, KNOWN_GOOD, OLDEST, Release, is_untried, unfit


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
