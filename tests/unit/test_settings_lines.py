"""The line of `ivr.toml` that a refusal speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ConfigRefused
from ivr.settings import SettingsSource, load_settings
from ivr.settings.lines import line_of

TEXT = """\
# a remark
[sip]
address = "127.0.0.1:5070"

[[trunk]]
name = "telia"  # the first
addresses = ["192.0.2.1"]

[[trunk]]
name = 'lyse'
"calls_at_once" = 5

[emergency]
trunks = ["telia"]
[emergency.numbers]
bergen = "112"
"måløy" = "113"
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("sip.address", 3),
        ("sip.rtp", 2),
        ("trunk.telia.addresses", 7),
        ("trunk.telia.account", 5),
        ("trunk.lyse.calls_at_once", 11),
        ("trunk.2.name", 10),
        ("trunk", 5),
        ("emergency.trunks", 14),
        ("emergency.numbers", 15),
        ("emergency.numbers.bergen", 16),
        ("emergency.numbers.måløy", 17),
        ("emergency.numbers.oslo", 15),
        ("web.address", None),
        ("trunk.gone.name", None),
    ],
)
def test_a_key_is_found_or_else_its_section(key: str, line: int | None) -> None:
    assert line_of(TEXT, key) == line


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ('\nsip.address = "x"\n', "sip.address", 2),
        ("[emergency]\nnumbers.bergen = 5\n", "emergency.numbers.bergen", 2),
        ("[emergency]\n\nnumbers = {bergen = 5}\n", "emergency.numbers.bergen", 3),
        ("emergency.numbers.bergen = 5\n", "emergency.numbers.bergen", 1),
        ("speech = {vosk = {en = 5}}\n", "speech.vosk.en", 1),
        ("[sip]\n[speech]\nvosk.en = 5\n", "sip.en", 1),
    ],
)
def test_a_key_is_found_however_its_section_is_written(text: str, key: str, line: int) -> None:
    assert line_of(text, key) == line


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ('[emergency.numbers]\noslo = "+4721000000"\nbergen = "112"\n', r":3: .*numbers\.bergen "),
        ('[speech.vosk]\nen = "a"\n[speech.whisper]\nen = "b"\n', r":4: .*whisper\.en is '/.*/b'"),
    ],
)
def test_a_value_of_a_table_is_refused_by_its_name_and_line(
    tmp_path: Path, text: str, refusal: str
) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text(text)

    with pytest.raises(ConfigRefused, match=refusal):
        load_settings(file, {})


def test_a_refusal_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text('[sip]\n\naddress = "x"\n')

    with pytest.raises(ConfigRefused, match=rf"^{file}:3: setting sip\.address is 'x'; write"):
        load_settings(file, {})


def test_what_the_environment_says_stands_on_no_line(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text('[sip]\naddress = "127.0.0.1:5060"\n')

    with pytest.raises(ConfigRefused) as refused:
        load_settings(file, {"IVR_SIP__ADDRESS": "x"})

    assert refused.value.place is None


def test_a_file_that_is_gone_is_refused_and_one_that_never_was_is_not(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    source = SettingsSource(lambda: file if file.exists() else None)
    assert source.read().trunk == ()
    file.write_text('[[trunk]]\nname = "telia"\naddresses = ["192.0.2.1"]\n')
    assert [one.name for one in source.read().trunk] == ["telia"]

    file.unlink()

    with pytest.raises(ConfigRefused, match="a file that is gone"):
        source.read()
