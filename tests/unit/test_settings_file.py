"""What an editor may make of `ivr.toml` besides its words."""

from pathlib import Path

import pytest

from ivr.errors import ConfigRefused
from ivr.settings import load_settings

TOML = '[sip]\naddress = "127.0.0.1:5070"  # måløy\n'


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text(TOML, "utf-8-sig")

    assert load_settings(file, {}).sip.address == "127.0.0.1:5070"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-32"])
def test_another_encoding_is_refused_with_what_to_save_it_as(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text(TOML, encoding)

    with pytest.raises(ConfigRefused, match="saved as UTF-8"):
        load_settings(file, {})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-23T10:00:00", "2026-11-23T10:00:00"),
        ("2026-11-23 10:00:00+01:00", "2026-11-23T10:00:00+01:00"),
        ("2026-11-23", "2026-11-23"),
        ('"2026-11-23T10:00"', "2026-11-23T10:00"),
    ],
)
def test_a_time_may_stand_as_toml_writes_it(tmp_path: Path, written: str, read: str) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text(f"[test]\ncall_time = {written}\n")

    assert load_settings(file, {}).test.call_time == read


def test_files_and_folders_of_every_section_are_looked_for_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text(
        "[asterisk]\n"
        'ari = "127.0.0.1:8088"\n'
        'password_file = "ari.password"\n'
        "[speech]\n"
        'workers = ["127.0.0.1:9090"]\n'
        'secret_file = "speech.secret"\n'
        'vosk = {en = "models/en"}\n'
        'whisper = {nb = "/models/nb"}\n'
    )

    settings = load_settings(file, {})

    assert settings.asterisk.password_file == tmp_path / "ari.password"
    assert settings.speech.secret_file == tmp_path / "speech.secret"
    assert settings.speech.vosk == {"en": tmp_path / "models/en"}
    assert settings.speech.whisper == {"nb": Path("/models/nb")}
