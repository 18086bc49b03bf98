import json
import stat
from pathlib import Path

import pytest

from ivr.asterisk.passwords import keep_passwords
from ivr.errors import ConfigRefused


def test_passwords_are_made_once_and_kept(tmp_path: Path) -> None:
    first = keep_passwords(tmp_path / "home", ["kari"])

    second = keep_passwords(tmp_path / "home", ["kari", "ola"])

    assert second.ari == first.ari
    assert second.phones["kari"] == first.phones["kari"]
    assert len({second.ari, *second.phones.values()}) == 3


def test_the_file_is_for_this_users_eyes_only(tmp_path: Path) -> None:
    keep_passwords(tmp_path, ["kari"])

    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_what_others_keep_in_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"admin": "other-secret"}')

    keep_passwords(tmp_path, [])

    assert json.loads((tmp_path / "secrets.json").read_text())["admin"] == "other-secret"


def test_no_password_is_shown_when_they_are_logged(tmp_path: Path) -> None:
    passwords = keep_passwords(tmp_path, ["kari"])

    assert passwords.ari not in repr(passwords)
    assert passwords.phones["kari"] not in repr(passwords)


@pytest.mark.parametrize("broken", ["{", "[]", '{"phones": 1}', '{"ari": "x y\\n;"}'])
def test_a_broken_file_is_refused_with_advice_and_left_as_it_is(
    tmp_path: Path, broken: str
) -> None:
    (tmp_path / "secrets.json").write_text(broken)

    with pytest.raises(ConfigRefused):
        keep_passwords(tmp_path, ["kari"])

    assert (tmp_path / "secrets.json").read_text() == broken
