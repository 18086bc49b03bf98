from __future__ import annotations

from typing import get_args

import pytest

from ivr.errors import ConfigRefused
from ivr.settings import Settings, load_settings


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("localhost:5390", "127.0.0.1:5390"),
        ("LOCALHOST:5390", "127.0.0.1:5390"),
        ("sentral.local:5390", "an address in numbers, such as 127.0.0.1:5390"),
        ("::1:5390", "an IPv6 address in brackets, such as [::1]:5390"),
        ("127.0.0.1", "HOST:PORT for SIP over UDP"),
        ("127.0.0.1:70000", "HOST:PORT for SIP over UDP"),
    ],
)
def test_an_address_that_is_a_name_is_told_the_numbers_to_write(address: str, advice: str) -> None:
    with pytest.raises(ConfigRefused) as refused:
        load_settings(None, {}, sip={"address": address})

    assert (refused.value.value, refused.value.expected) == (address, advice)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("sip", "address", "127.0.0.1:0"),
        ("sip", "tls_address", "127.0.0.1:0"),
        ("sip", "name_servers", ["192.0.2.53:53", "192.0.2.54:0"]),
        ("web", "address", "[::1]:0"),
        ("asterisk", "ari", "127.0.0.1:0"),
        ("speech", "workers", "192.0.2.20:0"),
    ],
)
def test_port_0_is_refused_wherever_an_address_stands(
    section: str, key: str, value: object
) -> None:
    with pytest.raises(ConfigRefused, match=rf"{section}\.{key}") as refused:
        load_settings(None, {}, **{section: {key: value}})

    assert refused.value.expected.startswith("a port from 1 to 65535: ")


NUMBERS = [
    (section, key)
    for section, whole in Settings.model_fields.items()
    for key, field in getattr(whole.annotation, "model_fields", {}).items()
    if {int, float} & {field.annotation, *get_args(field.annotation)}
]


@pytest.mark.parametrize(("section", "key"), NUMBERS)
@pytest.mark.parametrize("value", [True, False])
def test_true_and_false_are_no_numbers(section: str, key: str, value: bool) -> None:
    with pytest.raises(ConfigRefused, match=rf"{section}\.{key}.*write ") as refused:
        load_settings(None, {}, **{section: {key: value}})

    assert "0" in refused.value.expected


@pytest.mark.parametrize(
    ("section", "key", "value", "twice"),
    [
        ("emergency", "trunks", ["telia", "lyse", "telia"], "telia"),
        ("prompts", "recordable", ["closed.storm", "closed.storm"], "closed.storm"),
        ("sip", "local_networks", ["192.168.1.0/24", "192.168.1.0/24"], "192.168.1.0/24"),
        ("sip", "name_servers", ["192.0.2.53:53", "192.0.2.53:53"], "192.0.2.53:53"),
        ("web", "hosts", "sentral.example.no,SENTRAL.example.no", "sentral.example.no"),
        ("outgoing", "allow", ["fixed", "fixed"], "fixed"),
        ("outgoing", "never", ["82", "82"], "82"),
        ("speech", "workers", ["192.0.2.20:9090", "192.0.2.20:9090"], "192.0.2.20:9090"),
    ],
)
def test_what_stands_twice_in_a_list_is_told(
    section: str, key: str, value: object, twice: str
) -> None:
    with pytest.raises(ConfigRefused, match=rf"{section}\.{key}") as refused:
        load_settings(None, {}, **{section: {key: value}})

    assert refused.value.expected == f"each once: {twice} stands there twice"


@pytest.mark.parametrize(
    ("section", "key", "value", "lacking"),
    [
        ("asterisk", "ari", "127.0.0.1:8088", "password_file"),
        ("speech", "workers", "192.0.2.20:9090", "secret_file"),
    ],
)
def test_a_file_that_another_setting_needs_is_told_when_settings_are_read(
    section: str, key: str, value: str, lacking: str
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        load_settings(None, {}, **{section: {key: value}})

    assert refused.value.key == f"{section}.{lacking}"


@pytest.mark.parametrize(
    "names",
    [
        ["sentral.example.no", "proxy.example.no:8443", "[2001:db8::1]:8080"],
        "sentral.example.no, proxy.example.no:8443,[2001:db8::1]:8080,",
    ],
)
def test_names_of_the_web_port_are_a_list_or_stand_with_commas(names: object) -> None:
    settings = load_settings(None, {}, web={"hosts": names})

    assert settings.web.hosts == (
        "sentral.example.no",
        "proxy.example.no:8443",
        "[2001:db8::1]:8080",
    )


@pytest.mark.parametrize(
    ("section", "key", "value", "limits"),
    [
        ("sip", "rtp", "1023-2000", "1024 to 65535"),
        ("calls", "drain_seconds", 86_401, "0 to 86400"),
        ("calls", "at_once", 0, "1 to 100000"),
        ("calls", "per_second", 0, "above 0, to 10000"),
        ("speech", "places", 1001, "1 to 1000"),
        ("asterisk", "application", "Ivr", "a-z, 0-9 and -"),
        ("emergency", "numbers", "bergen", "a section of its own in ivr.toml"),
    ],
)
def test_a_value_beyond_its_limits_is_told_them(
    section: str, key: str, value: object, limits: str
) -> None:
    with pytest.raises(ConfigRefused, match=rf"{section}\.{key}") as refused:
        load_settings(None, {}, **{section: {key: value}})

    assert limits in refused.value.expected


def test_a_variable_with_one_underscore_is_refused_with_the_one_that_is_meant() -> None:
    with pytest.raises(ConfigRefused, match=r"IVR_SIP_TLS_ADDRESS.*write IVR_SIP__TLS_ADDRESS"):
        load_settings(None, {"IVR_SIP_TLS_ADDRESS": "192.0.2.10:5061"})

    assert load_settings(None, {"IVR_STORE_PASSWORD": "x", "IVR_HOME": "y"}) == load_settings(
        None, {}
    )


@pytest.mark.parametrize("prefix", ["00881", "0046", "+47 82", "x"])
def test_a_beginning_that_no_number_has_is_refused(prefix: str) -> None:
    with pytest.raises(ConfigRefused, match=r"outgoing\.never") as refused:
        load_settings(None, {"IVR_OUTGOING__NEVER": f"82,{prefix}"})

    assert "(not 00881)" in refused.value.expected


@pytest.mark.parametrize("name", ["http://sentral.example.no", "a b", "*", "a:b", "a:70000", ""])
def test_a_name_that_no_host_header_has_is_refused(name: str) -> None:
    with pytest.raises(ConfigRefused, match=r"web\.hosts") as refused:
        load_settings(None, {}, web={"hosts": [name]})

    assert "sentral.example.no" in refused.value.expected


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("sentral.example.no:0", "sentral.example.no alone, which counts with every port"),
        ("[2001:db8::1]:00", "[2001:db8::1] alone"),
        ("2001:db8::1", "in brackets: [2001:db8::1]"),
        ("https://sentral.example.no", "the name alone"),
    ],
)
def test_a_name_of_the_web_port_that_nobody_could_come_by_is_refused_with_advice(
    name: str, advice: str
) -> None:
    with pytest.raises(ConfigRefused, match=r"web\.hosts") as refused:
        load_settings(None, {}, web={"hosts": ["other.example.no", name]})

    assert refused.value.value == name
    assert advice in refused.value.expected


@pytest.mark.parametrize(
    ("asked", "is_taken"),
    [
        ("port=5433", True),
        ("port=5432,5433", True),
        ("port=0", False),
        ("port=5432,70000", False),
        ("port=some", False),
    ],
)
def test_a_port_behind_the_address_of_postgresql_is_one(asked: str, *, is_taken: bool) -> None:
    url = f"postgresql://sentral@db1,db2/sentral?{asked}"
    if is_taken:
        assert load_settings(None, {}, store={"url": url}).store.url == url
        return
    with pytest.raises(ConfigRefused, match=r"store\.url"):
        load_settings(None, {}, store={"url": url})


@pytest.mark.parametrize(
    ("section", "key", "value", "other"),
    [
        ("store", "password_file", "postgresql.password", "store.url"),
        ("asterisk", "user", "kari", "asterisk.ari"),
        ("asterisk", "password_file", "ari.password", "asterisk.ari"),
        ("speech", "secret_file", "speech.secret", "speech.workers"),
        ("prompts", "recordable", ["closed.snow"], "prompts.record_by_phone"),
        ("emergency", "number", "+47 21 00 00 00", "emergency.trunks"),
        ("emergency", "numbers", {"bergen": "+47 55 30 10 00"}, "emergency.trunks"),
    ],
)
def test_a_key_that_means_nothing_alone_is_refused_with_the_other_one(
    section: str, key: str, value: object, other: str
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        load_settings(None, {}, **{section: {key: value}})

    assert refused.value.key == f"{section}.{key}"
    assert refused.value.expected.startswith(f"{other} too: ")
