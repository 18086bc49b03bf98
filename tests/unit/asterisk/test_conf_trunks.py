"""What Asterisk is told of a trunk, and where a trunk's calls can get to."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from ivr.asterisk import configure
from ivr.asterisk.blueprint import Blueprint, PhoneAccount
from ivr.certificates import OwnCertificate
from ivr.errors import ConfigRefused
from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import Trunk, TrunkTls
from tests.unit.asterisk.test_blueprint import PLAN

REGISTERING: dict[str, Any] = {
    "register": True,
    "account": "4755301000",
    "password_file": "unused",
    "registrar": "reg.carrier.example:5070",
    "domain": "carrier.example",
}


def trunk(name: str = "telia", password: str | None = None, **keys: Any) -> Trunk:
    said = TrunkSettings(name=name, addresses=("192.0.2.10:5070", "192.0.2.11"), **keys)
    return Trunk(said, said.hosts, (ip_network("192.0.2.10"), ip_network("192.0.2.11")), password)


def blueprint_with(*trunks: Trunk) -> Blueprint:
    return replace(PLAN, trunks=trunks, accounts=(PhoneAccount("kari", "mnop-qrst-uvwx"),))


def sections(blueprint: Blueprint) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Of `pjsip.conf`: by name and type, each option with its lines."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for block in re.split(r"\n(?=\[)", configure.texts(blueprint)["etc/pjsip.conf"]):
        title, *lines = [line for line in block.splitlines() if line]
        options: dict[str, list[str]] = {}
        for key, _, value in (line.partition(" = ") for line in lines):
            options.setdefault(key, []).append(value)
        found[title.strip("[]"), options.pop("type")[0]] = options
    return found


def contexts(blueprint: Blueprint) -> dict[str, str]:
    """Of `extensions.conf`: the text of each context."""
    blocks = re.split(r"\n(?=\[)", configure.texts(blueprint)["etc/extensions.conf"])
    return {block.split("]", 1)[0].strip("["): block for block in blocks}


def reachable(blueprint: Blueprint, context: str) -> set[str]:
    """Every context that a call in this one can get to."""
    dialplan, seen, ahead = contexts(blueprint), set[str](), [context]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            text = dialplan[here]
            jumps = re.findall(r"(?:Goto\(|\?)([a-z][\w-]*),[\w]+,\d", text)
            ahead += [*jumps, *re.findall(r"(?m)^include => (\S+)", text)]
    return seen


def test_a_trunk_by_address_is_known_by_its_addresses_only_and_asked_whether_it_is_there() -> None:
    told = sections(blueprint_with(trunk()))

    endpoint = told["telia", "endpoint"]
    assert endpoint["identify_by"] == ["ip"]
    assert endpoint["context"] == ["trunk-telia"]
    assert endpoint["allow"] == ["alaw"]
    assert endpoint["trust_id_inbound"] == ["yes"]
    assert endpoint["rewrite_contact"] == ["no"]
    assert "outbound_auth" not in endpoint
    assert told["telia.identify", "identify"]["match"] == ["192.0.2.10/32", "192.0.2.11/32"]
    aor = told["telia", "aor"]
    assert aor["contact"] == ["sip:192.0.2.10:5070", "sip:192.0.2.11"]
    assert aor["qualify_frequency"] == ["30"]
    assert ("telia", "auth") not in told
    assert ("telia.registration", "registration") not in told


def test_a_trunk_that_registers_never_gives_up_and_has_a_line() -> None:
    told = sections(blueprint_with(trunk(password="hemmelig", **REGISTERING)))

    registration = told["telia.registration", "registration"]
    assert registration["server_uri"] == ["sip:reg.carrier.example:5070"]
    assert registration["client_uri"] == ["sip:4755301000@carrier.example"]
    assert registration["contact_user"] == ["4755301000"]
    assert (registration["line"], registration["endpoint"]) == (["yes"], ["telia"])
    assert registration["max_retries"] == ["1000000"]
    assert registration["auth_rejection_permanent"] == ["no"]
    assert told["telia", "auth"]["username"] == ["4755301000"]
    assert told["telia", "endpoint"]["outbound_auth"] == ["telia"]


def test_a_login_of_its_own_and_a_proxy_go_where_asterisk_asks_for_them() -> None:
    keys = {**REGISTERING, "login": "user@realm", "proxy": "proxy.carrier.example"}
    told = sections(blueprint_with(trunk(password="a;b;--c\\d", **keys)))

    proxy = ["sip:proxy.carrier.example\\;lr"]
    assert told["telia", "auth"]["username"] == ["user@realm"]
    assert told["telia", "auth"]["password"] == ["a\\;b\\;--c\\d"]
    for section in (
        ("telia", "endpoint"),
        ("telia", "aor"),
        ("telia.registration", "registration"),
    ):
        assert told[section]["outbound_proxy"] == proxy


def test_the_settings_are_told_as_they_are() -> None:
    keys: dict[str, Any] = {
        "trust_caller": False,
        "codecs": ("g722", "alaw"),
        "digits": "info",
        "ping_seconds": 0,
    }
    more: dict[str, Any] = {"silence_seconds": 0, "session_timers": False, "private_contacts": True}
    told = sections(blueprint_with(trunk(**keys, **more)))

    endpoint = told["telia", "endpoint"]
    assert endpoint["trust_id_inbound"] == ["no"]
    assert endpoint["allow"] == ["g722,alaw"]
    assert endpoint["dtmf_mode"] == ["info"]
    assert endpoint["rtp_timeout"] == ["0"]
    assert endpoint["timers"] == ["no"]
    assert endpoint["rewrite_contact"] == ["yes"]
    assert told["telia", "aor"]["qualify_frequency"] == ["0"]


def test_addresses_are_asked_before_names_and_loopback_last() -> None:
    (asked,) = sections(blueprint_with(trunk()))["global", "global"]["endpoint_identifier_order"]

    assert asked == "ip,username,request_uri"


@pytest.mark.parametrize("header", ["request", "to", "called-party"])
def test_no_trunk_has_a_way_out_of_the_dialplan_but_the_server_and_the_floor(header: str) -> None:
    blueprint = blueprint_with(trunk(dialled_number=header), trunk("lyse"))

    for way_in in ("trunk-telia", "trunk-lyse", "from-trunk"):
        reached = reachable(blueprint, way_in)
        assert reached == {way_in, "to-server", "floor"}
        for context in reached:
            text = contexts(blueprint)[context]
            assert not set(re.findall(r"[A-Z][A-Za-z]+(?=\()", text)) & {"Dial", "Originate"}
            assert "Local/" not in text
            assert "PJSIP/" not in text


def test_a_phones_context_is_seen_to_reach_the_emergency_numbers() -> None:
    assert "emergency" in reachable(blueprint_with(trunk()), "from-phone")


def test_a_hidden_number_is_taken_out_before_the_server_hears_of_the_call() -> None:
    text = contexts(blueprint_with(trunk()))["trunk-telia"]

    for taken_out in ("num", "name", "ani-num"):
        assert text.index(f"Set(CALLERID({taken_out})=)") < text.index("Goto(to-server")


def test_a_trunk_that_is_called_like_a_phone_is_refused() -> None:
    with pytest.raises(ConfigRefused, match=r"trunk\.kari\.name"):
        blueprint_with(trunk("kari"))


def test_a_trunk_whose_names_mean_nothing_can_be_told_all_the_same() -> None:
    said = TrunkSettings(name="telia", addresses=("sip.carrier.example",))
    told = sections(blueprint_with(Trunk(said, (SipHost("192.0.2.1"),), ())))
    nowhere = sections(blueprint_with(Trunk(said, (), ())))

    assert ("telia.identify", "identify") not in told
    assert "contact" not in nowhere["telia", "aor"]


def test_a_carrier_is_told_once_who_calls_and_not_again_as_legs_are_bridged() -> None:
    found = sections(blueprint_with(trunk()))

    assert found["telia", "endpoint"]["send_connected_line"] == ["no"]


OWN = OwnCertificate(datetime(2027, 1, 1, tzinfo=UTC), "certificate and key")
TLS = TrunkTls(Path("/etc/ca.pem"), "0badcafe", Path("/etc/own.pem"), Path("/etc/own.key"), OWN)


def over(transport: str, **keys: Any) -> Blueprint:
    one = replace(
        trunk(transport=transport, password="secret", **{**REGISTERING, **keys}),
        tls=TLS if transport == "tls" else None,
    )
    return replace(blueprint_with(one), tls_ports=(("telia.tls-0badcafe", 5071),))


def test_a_trunk_over_tls_has_a_transport_of_its_own_that_believes_nobody_else() -> None:
    blueprint = over("tls")
    found = sections(blueprint)

    transport = found["telia.tls-0badcafe", "transport"]
    assert transport["bind"] == ["127.0.0.1:5071"]
    assert transport["ca_list_file"] == ["/etc/ca.pem"]
    copy = blueprint.folder / "etc/telia.tls-0badcafe.pem"
    assert transport["cert_file"] == transport["priv_key_file"] == [str(copy)]
    assert blueprint.certificates == {copy: "certificate and key"}
    assert transport["verify_server"] == ["yes"]
    endpoint = found["telia", "endpoint"]
    assert endpoint["transport"] == ["telia.tls-0badcafe"]
    assert endpoint["media_encryption"] == ["sdes"]
    assert endpoint["media_encryption_optimistic"] == ["no"]
    registration = found["telia.registration", "registration"]
    assert registration["transport"] == ["telia.tls-0badcafe"]
    assert registration["server_uri"] == ["sip:reg.carrier.example:5070\\;transport=tls"]
    assert found["telia", "aor"]["contact"][0] == "sip:192.0.2.10:5070\\;transport=tls"


def test_over_tls_emergency_calls_are_encrypted_too_and_go_by_tls() -> None:
    blueprint = replace(over("tls"), emergency_trunks=("telia",))

    assert sections(blueprint)["emergency.telia", "endpoint"]["media_encryption"] == ["sdes"]
    assert "/sip:${EMERGENCY}@192.0.2.10:5070\\;transport=tls," in contexts(blueprint)["emergency"]


def test_a_trunk_over_tcp_shares_the_port_of_udp_and_speech_goes_in_clear() -> None:
    found = sections(over("tcp"))

    assert found["tcp.transport", "transport"]["bind"] == ["127.0.0.1:5060"]
    assert found["telia", "endpoint"]["transport"] == ["tcp.transport"]
    assert found["telia", "endpoint"]["media_encryption"] == ["no"]
    assert ("tcp.transport", "transport") not in sections(over("udp"))


def test_paths_of_certificates_cannot_break_a_line() -> None:
    broken = replace(trunk(transport="tls"), tls=replace(TLS, ca=Path("/etc/a;b.pem")))

    with pytest.raises(ConfigRefused, match=r"trunk\.telia\.ca_file"):
        blueprint_with(broken)
