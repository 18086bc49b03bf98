"""What phones are told, each in its own form."""

from __future__ import annotations

import re
from configparser import ConfigParser
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.phones import KINDS, PhonePage, wave_text

PAGE = PhonePage(
    title="Kari <Vakt> & sønn",
    login="kari",
    password="abcd-efgh-jkmn-pqrs",
    host="192.0.2.10",
    port=5060,
)
OVER_TLS = replace(PAGE, transport="TLS", port=5061, speech_keys="demanded")


def test_the_page_has_all_that_is_typed_in() -> None:
    lines = [*replace(PAGE, others=("203.0.113.7 as the server, outside",)).lines()]

    assert [line[:12].strip() for line in lines] == [
        *("server", "transport", "login", "password", "codecs", "keys", "encryption", "register"),
        "or",
    ]
    assert "192.0.2.10:5060" in lines[0]
    assert "abcd-efgh-jkmn-pqrs" in lines[3]


def test_an_ipv6_address_stands_in_brackets_where_a_port_follows() -> None:
    page = replace(PAGE, host="2001:db8::10")

    assert page.server == "[2001:db8::10]:5060"
    assert "account.1.sip_server.1.address = 2001:db8::10\n" in KINDS["yealink"].text(page)


def snom(page: PhonePage) -> dict[str, str]:
    settings = ET.fromstring(KINDS["snom"].text(page).encode())[0]
    return {one.tag: one.text or "" for one in settings}


def test_a_snom_phone_signs_in_by_the_transport_that_is_meant() -> None:
    assert snom(PAGE)["user_pass"] == "abcd-efgh-jkmn-pqrs"
    assert snom(PAGE)["user_realname"] == "Kari <Vakt> & sønn"
    assert snom(PAGE)["user_outbound"] == "sip:192.0.2.10:5060;transport=udp"
    assert snom(PAGE)["user_srtp"] == "off"
    assert snom(OVER_TLS)["user_outbound"] == "sip:192.0.2.10:5061;transport=tls"
    assert (snom(OVER_TLS)["user_srtp"], snom(OVER_TLS)["user_savp"]) == ("on", "mandatory")


def yealink(page: PhonePage) -> dict[str, str]:
    first, *lines = KINDS["yealink"].text(page).splitlines()
    assert first == "#!version:1.0.0.1"
    return dict(line.removeprefix("account.1.").split(" = ", 1) for line in lines)


def test_a_yealink_phone_signs_in_by_the_transport_that_is_meant() -> None:
    assert yealink(PAGE)["password"] == "abcd-efgh-jkmn-pqrs"
    assert yealink(PAGE)["sip_server.1.transport_type"] == "0"
    assert yealink(PAGE)["srtp_encryption"] == "0"
    assert yealink(OVER_TLS)["sip_server.1.transport_type"] == "2"
    assert yealink(OVER_TLS)["srtp_encryption"] == "2"
    assert yealink(PAGE)["codec.pcma.priority"] == "1"


def test_a_yealink_file_is_one_value_a_line_that_a_reader_of_such_files_takes() -> None:
    reader = ConfigParser(interpolation=None, delimiters=("=",))
    reader.optionxform = str  # type: ignore[assignment,method-assign]
    reader.read_string("[phone]\n" + KINDS["yealink"].text(PAGE))

    assert dict(reader["phone"]) == {f"account.1.{key}": one for key, one in yealink(PAGE).items()}


def test_the_xml_files_have_the_elements_that_their_makers_document_and_no_others() -> None:
    config = ET.fromstring(KINDS["linphone"].text(PAGE).encode())
    space = "{http://www.linphone.org/xsds/lpconfig.xsd}"
    assert config.tag == f"{space}config"
    assert {section.tag for section in config} == {f"{space}section"}
    assert {frozenset(section.attrib) for section in config} == {frozenset({"name"})}
    entries = [entry for section in config for entry in section]
    assert {entry.tag for entry in entries} == {f"{space}entry"}
    assert {frozenset(entry.attrib) for entry in entries} == {frozenset({"name", "overwrite"})}
    assert {entry.attrib["overwrite"] for entry in entries} == {"true"}

    settings = ET.fromstring(KINDS["snom"].text(PAGE).encode())
    assert settings.tag == "settings"
    assert [one.tag for one in settings] == ["phone-settings"]
    of_an_identity = [one for one in settings[0] if one.tag.startswith("user_")]
    assert {one.attrib["idx"] for one in of_an_identity} == {"1"}
    assert {frozenset(one.attrib) for one in settings[0]} <= {
        frozenset({"idx", "perm"}),
        frozenset({"perm"}),
    }

    account_config = ET.fromstring(wave_text(PAGE))
    assert (account_config.tag, account_config.attrib) == ("AccountConfig", {"version": "1"})
    assert [one.tag for one in account_config] == ["Account"]


def linphone(page: PhonePage) -> dict[str, str]:
    config = ET.fromstring(KINDS["linphone"].text(page).encode())
    return {entry.attrib["name"]: entry.text or "" for section in config for entry in section}


def test_linphone_is_told_server_and_password() -> None:
    assert linphone(PAGE)["passwd"] == "abcd-efgh-jkmn-pqrs"
    assert linphone(PAGE)["reg_proxy"] == "<sip:192.0.2.10:5060;transport=udp>"
    assert linphone(OVER_TLS)["media_encryption_mandatory"] == "1"


def test_the_qr_codes_text_is_an_account() -> None:
    account = ET.fromstring(wave_text(PAGE))[0]

    assert account.findtext("RegisterServer") == "192.0.2.10:5060"
    assert account.findtext("AuthPass") == "abcd-efgh-jkmn-pqrs"
    assert account.findtext("DisplayName") == "Kari <Vakt> & sønn"


@pytest.mark.parametrize("kind", KINDS)
@given(title=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_no_name_of_a_person_spoils_a_file(kind: str, title: str) -> None:
    text = KINDS[kind].text(replace(PAGE, title=title))

    assert len(text.splitlines()) >= len(KINDS[kind].text(PAGE).splitlines())
    if kind != "yealink" and not re.search("[\ufffe\uffff]", title):
        ET.fromstring(text.encode())


def test_the_password_is_not_in_what_is_logged() -> None:
    assert "abcd-efgh" not in repr(PAGE)
