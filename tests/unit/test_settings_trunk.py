"""`[[trunk]]`: what is refused, and with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ConfigRefused
from ivr.numbers import PhoneNumber
from ivr.settings import SipHost, load_settings

TELIA = '[[trunk]]\nname = "telia"\naddresses = ["192.0.2.10:5070"]\n'

REFUSED = {
    'password = "hemmelig"': ("trunk.telia.password", "`password_file`"),
    'sip_secret = "hemmelig"': ("trunk.telia.sip_secret", "no secret stands here"),
    "register = true": ("trunk.telia.account", "the name of your account"),
    'register = true\naccount = "47"': ("trunk.telia.password_file", "whose first line"),
    'login = "x"': ("trunk.telia.password_file", "whose first line"),
    'calls_from = ["10.0.0.0/8"]': ("trunk.telia.calls_from", "/24 or narrower"),
    'calls_from = ["0.0.0.0/0"]': ("trunk.telia.calls_from", "/24 or narrower"),
    'calls_from = ["::/0"]': ("trunk.telia.calls_from", "/64 or narrower"),
    'calls_from = ["192.0.2.5/24"]': ("trunk.telia.calls_from", "192.0.2.0/24"),
    'calls_from = ["sip.carrier.example"]': ("trunk.telia.calls_from", "IP addresses or networks"),
    'codecs = ["g729"]': ("trunk.telia.codecs", '"alaw"'),
    "codecs = []": ("trunk.telia.codecs", '"alaw"'),
    'codecs = ["alaw", "ulaw", "alaw"]': ("trunk.telia.codecs", "alaw stands there twice"),
    'calls_from = ["192.0.2.7", "192.0.2.7"]': ("trunk.telia.calls_from", "192.0.2.7 stands"),
    "calls_at_once = true": ("trunk.telia.calls_at_once", "0 (none) to 10000"),
    "ping_seconds = false": ("trunk.telia.ping_seconds", "0 (never) to 3600"),
    "digits = 5": ("trunk.telia.digits", "rfc4733, info, inband or auto"),
    'dialled_number = "from"': ("trunk.telia.dialled_number", "request, to or called-party"),
    "calls_at_once = -1": ("trunk.telia.calls_at_once", "0 (none) to 10000"),
    'own_number = "+47 90 00 00 01"': ("trunk.telia.own_number", "no mobile's"),
    'own_number = "+46 8 123 456 78"': ("trunk.telia.own_number", "a number of your own"),
    'calls_from = ["192.0.2.10"]\n[[trunk]]\nname = "t2"\naddresses = ["192.0.2.10"]': (
        "trunk.t2.calls_from",
        "trunk telia",
    ),
    "register_seconds = 5": ("trunk.telia.register_seconds", "60 to 3600"),
    'account = "a;b"': ("trunk.telia.account", "what the carrier calls us"),
    'account = "a\\nb"': ("trunk.telia.account", "what the carrier calls us"),
    'registrar = "sip:x"': ("trunk.telia.registrar", "HOST or HOST:PORT"),
    'domain = "a b"': ("trunk.telia.domain", "HOST or HOST:PORT"),
    'proxy = "x:99999"': ("trunk.telia.proxy", "HOST or HOST:PORT"),
    'transport = "ws"': ("trunk.telia.transport", "udp, tcp or tls"),
    "encrypt_speech = true": ("trunk.telia.encrypt_speech", "keys of the speech would go in clear"),
    'transport = "tcp"\nencrypt_speech = true': ("trunk.telia.encrypt_speech", 'transport = "tls"'),
    'ca_file = "ca.pem"': ("trunk.telia.ca_file", 'transport = "tls" too'),
    'certificate_file = "own.pem"': ("trunk.telia.certificate_file", 'transport = "tls" too'),
    'transport = "tls"\nkey_file = "own.key"': ("trunk.telia.key_file", "certificate_file too"),
    "foo = 1": ("trunk.telia.foo", "one of: name, addresses"),
    TELIA: ("trunk.telia.name", "a name that no other trunk has"),
    '[[trunk]]\nname = "t2"\naddresses = ["192.0.2.10"]': ("trunk.t2.calls_from", "trunk telia"),
    '[[trunk]]\nname = "t2"\naddresses = ["x.example"]\ncalls_from = ["192.0.2.0/24"]': (
        "trunk.t2.calls_from",
        "trunk telia",
    ),
    '[[trunk]]\naddresses = ["192.0.2.1"]': ("trunk.2.name", "a letter among them"),
    '[[trunk]]\nname = "02222"\naddresses = ["192.0.2.1"]': ("trunk.02222.name", "a letter"),
    '[[trunk]]\nname = "Telia"\naddresses = ["192.0.2.1"]': ("trunk.Telia.name", "a-z"),
    '[[trunk]]\nname = "a]b"\naddresses = ["192.0.2.1"]': ("trunk.a]b.name", "a-z"),
    '[[trunk]]\nname = "local"\naddresses = ["192.0.2.1"]': ("trunk.local.name", "another name"),
    '[[trunk]]\nname = "direct"\naddresses = ["192.0.2.1"]': ("trunk.direct.name", "another name"),
    '[[trunk]]\nname = "t2"\naddresses = []': ("trunk.t2.addresses", "HOST or HOST:PORT"),
    '[[trunk]]\nname = "t2"': ("trunk.t2.addresses", "HOST or HOST:PORT"),
    '[asterisk]\nari = "127.0.0.1:8088"': ("trunk", "that Asterisk's own affair"),
}
"""What stands below a trunk that is right: the key that is named, and a part of the advice."""


def read(tmp_path: Path, text: str, environment: dict[str, str] | None = None) -> ConfigRefused:
    file = tmp_path / "ivr.toml"
    file.write_text(text)
    with pytest.raises(ConfigRefused) as refused:
        load_settings(file, environment or {})
    return refused.value


@pytest.mark.parametrize("below", REFUSED)
def test_what_no_trunk_can_be_is_refused_with_its_name_and_key(tmp_path: Path, below: str) -> None:
    key, advice = REFUSED[below]

    refused = read(tmp_path, TELIA + below)

    assert refused.key == key
    assert advice in refused.expected
    assert "hemmelig" not in str(refused)


@pytest.mark.parametrize(
    "text", ['[trunk]\nname = "telia"\npassword = "hemmelig"', "trunk = 5", 'trunk = ["telia"]']
)
def test_trunks_that_are_no_list_of_sections_are_told_the_brackets(
    tmp_path: Path, text: str
) -> None:
    refused = read(tmp_path, text)

    assert "[[trunk]]" in refused.expected
    assert "hemmelig" not in str(refused)


def test_the_environment_cannot_name_a_trunk(tmp_path: Path) -> None:
    refused = read(tmp_path, "", {"IVR_TRUNK__PASSWORD": "hemmelig"})

    assert "[[trunk]]" in refused.expected
    assert "hemmelig" not in str(refused)


def test_a_trunk_needs_a_name_and_an_address_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "ivr.toml").write_text(TELIA + 'password_file = "telia.password"\n')

    (trunk,) = load_settings(tmp_path / "ivr.toml", {}).trunk

    assert trunk.hosts == (SipHost("192.0.2.10", 5070),)
    assert list(map(str, trunk.sources)) == ["192.0.2.10/32"]
    assert trunk.password_file == tmp_path / "telia.password"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("192.0.2.10", SipHost("192.0.2.10")),
        ("192.0.2.10:5070", SipHost("192.0.2.10", 5070)),
        ("sip.carrier.example:5061", SipHost("sip.carrier.example", 5061)),
        ("carrier", SipHost("carrier")),
        ("2001:db8::1", SipHost("2001:db8::1")),
        ("[2001:db8::1]", SipHost("2001:db8::1")),
        ("[2001:db8::1]:5070", SipHost("2001:db8::1", 5070)),
    ],
)
def test_a_host_is_read_and_written_as_sip_has_it(text: str, read: SipHost) -> None:
    assert SipHost.read(text) == read
    assert SipHost.read(str(read)) == read


@pytest.mark.parametrize("text", ["", ":5060", "a b", "x;y", "x:", "x:0", "x:5a", "-x", "a..b:1x"])
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HOST or HOST:PORT"):
        SipHost.read(text)


EMERGENCY = '[emergency]\ntrunks = ["telia"]\nnumber = "+47 21 00 00 00"\n'
EMERGENCY_REFUSED = {
    EMERGENCY.replace("telia", "lyse"): ("emergency.trunks", "telia"),
    '[emergency]\ntrunks = ["telia"]': ("emergency.number", "emergency centres find"),
    '[emergency]\nnumber = "02222"': ("emergency.number", "in full"),
    '[emergency]\nnumber = "+46 8 123 456 78"': ("emergency.number", "a Norwegian number"),
    '[emergency]\nnumber = "kari"': ("emergency.number", "in full"),
    "[emergency]\nfirst_answer_seconds = 1": ("emergency.first_answer_seconds", "2 to 30"),
    '[emergency.numbers]\nbergen = "112"': ("emergency.numbers.bergen", "in full"),
}


@pytest.mark.parametrize("below", EMERGENCY_REFUSED)
def test_emergency_calls_that_would_not_get_out_or_be_found_are_refused(
    tmp_path: Path, below: str
) -> None:
    key, advice = EMERGENCY_REFUSED[below]

    refused = read(tmp_path, TELIA + below)

    assert refused.key == key
    assert advice in refused.expected


def test_a_phone_is_found_by_its_sites_number_else_by_that_of_the_house(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text(TELIA + EMERGENCY + '[emergency.numbers]\nbergen = "55301000"\n')

    emergency = load_settings(file, {}).emergency

    assert emergency.number_of("bergen") == PhoneNumber("+4755301000")
    assert emergency.number_of("oslo") == PhoneNumber("+4721000000")
    assert emergency.number_of(None) == PhoneNumber("+4721000000")


@pytest.mark.parametrize(
    ("keys", "is_encrypted"),
    [
        ("", False),
        ('transport = "tcp"', False),
        ('transport = "tls"', True),
        ('transport = "tls"\nencrypt_speech = false', False),
    ],
)
def test_speech_is_encrypted_over_tls_unless_told_otherwise(
    tmp_path: Path, keys: str, is_encrypted: bool
) -> None:
    (tmp_path / "ivr.toml").write_text(TELIA + keys)

    (trunk,) = load_settings(tmp_path / "ivr.toml", {}).trunk

    assert trunk.speech_is_encrypted is is_encrypted
