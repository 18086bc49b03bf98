from pathlib import Path

import pytest

from ivr.asterisk.pins import DIGITS, is_pin, renew_pin
from ivr.errors import ConfigRefused


def test_a_pin_is_the_agents_own_and_the_one_before_ends(tmp_path: Path) -> None:
    first = renew_pin(tmp_path, "kari")
    other = renew_pin(tmp_path, "ola")
    assert is_pin(tmp_path, "kari", first)

    second = renew_pin(tmp_path, "kari")

    assert is_pin(tmp_path, "kari", second)
    assert is_pin(tmp_path, "kari", first) is (first == second)
    assert is_pin(tmp_path, "ola", other)
    assert not is_pin(tmp_path, "nobody", "")


def test_no_pin_stands_in_the_file_which_nobody_else_reads(tmp_path: Path) -> None:
    pin = renew_pin(tmp_path, "kari")

    file = tmp_path / "pins.json"
    assert len(pin) == DIGITS
    assert f'"{pin}"' not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_broken_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "pins.json").write_text("[]")

    with pytest.raises(ConfigRefused, match="ivr agents pin NAME"):
        is_pin(tmp_path, "kari", "123456")
