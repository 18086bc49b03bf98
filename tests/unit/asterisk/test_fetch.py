import pytest

from ivr.asterisk.apt import Packages
from ivr.asterisk.debian import AptFailed
from ivr.asterisk.fetch import _refuse_unfit


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
