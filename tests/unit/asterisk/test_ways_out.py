"""No path leads from a trunk, a stranger or a phone to the outside, but by the server's rules and for emergencies.

Whatever trunks, phones and settings there are: every endpoint, every context that its calls, texts and forwards can
come into, and every application that they can meet there.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.blueprint import Blueprint, PhoneAccount, PhoneTls
from ivr.certificates import OwnCertificate
from ivr.numbers import EMERGENCY_NUMBERS, parse_number
from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import Trunk
from tests.unit.asterisk.test_blueprint import INSTALLATION
from tests.unit.asterisk.test_conf_trunks import contexts, reachable, sections

NAMES = (
    "telia",
    "lyse",
    "from-phone",
    "emergency",
    "nowhere",
    "to-server",
    "from-trunk",
    "h",
    "x1",
)
"""Some are names of contexts, which a trunk may be called by, too."""

HARMLESS = {
    "Answer",
    "Goto",
    "GotoIf",
    "Hangup",
    "HangupCauseClear",
    "Log",
    "Playback",
    "Ringing",
} | {
    "Set",
    "StartMusicOnHold",
    "Stasis",
    "StopMusicOnHold",
    "Wait",
}
"""Applications that call nobody. Where a jump leads is seen by `reachable`."""

PASSWORD = "abcd-efgh-jkmn-pqrs"
TLS = PhoneTls(5061, Path("/c/a.pem"), OwnCertificate(datetime(2027, 1, 1, tzinfo=UTC), "pem"))
NUMBER = parse_number("+47 55 30 10 00")


@st.composite
def trunks(draw: st.DrawFn, number: int, name: str) -> Trunk:
    registers = draw(st.booleans())
    said = TrunkSettings(
        name=name,
        addresses=(f"192.0.2.{number}",),
        dialled_number=draw(st.sampled_from(["request", "to", "called-party"])),
        trust_caller=draw(st.booleans()),
        private_contacts=draw(st.booleans()),
        register=registers,
        account="4755301000" if registers else None,
        password_file=Path("unused") if registers else None,
    )
    sources = () if draw(st.booleans()) else (ip_network(f"192.0.2.{number}"),)
    return Trunk(said, (SipHost(f"192.0.2.{number}"),), sources, PASSWORD if registers else None)


@st.composite
def blueprints(draw: st.DrawFn) -> Blueprint:
    names = draw(st.permutations(NAMES))
    split = draw(st.integers(min_value=0, max_value=4))
    carriers = tuple(
        draw(trunks(number, name)) for number, name in enumerate(names[:split], start=1)
    )
    phones = names[split : split + draw(st.integers(min_value=0, max_value=3))]
    emergency_number = draw(st.sampled_from([None, NUMBER]))
    return Blueprint(
        home=Path("/home/ivr"),
        installation=INSTALLATION,
        http_port=15088,
        ari_password=PASSWORD,
        fallback_prompt=Path("/p/s/vm-sorry"),
        sip_host=draw(st.sampled_from(["127.0.0.1", "192.0.2.200", "0.0.0.0"])),
        accounts=tuple(
            PhoneAccount(name, PASSWORD, emergency_number=emergency_number) for name in phones
        ),
        trunks=carriers,
        emergency_trunks=tuple(one.name for one in carriers if draw(st.booleans())),
        tls=draw(st.sampled_from([None, TLS])),
        external_address=draw(st.sampled_from([None, "203.0.113.7"])),
        test_facts=draw(st.booleans()),
    )


def endpoints(blueprint: Blueprint) -> dict[str, dict[str, list[str]]]:
    return {
        name: options for (name, kind), options in sections(blueprint).items() if kind == "endpoint"
    }


def applications(text: str) -> set[str]:
    """Of every step, wherever they stand. A function is in capitals only; those that could call are not loaded."""
    steps = re.findall(r"(?m)^(?:exten => [^,]+,\d+,| same => n(?:\(\w+\))?,)(.*)$", text)
    return {word for step in steps for word in re.findall(r"\b([A-Z][A-Za-z]*[a-z])\(", step)}


@given(blueprints())
def test_only_a_phones_emergency_call_meets_anything_that_calls_out(blueprint: Blueprint) -> None:
    dialplan = contexts(blueprint)
    for options in endpoints(blueprint).values():
        (way_in,) = options["context"]
        for context in reachable(blueprint, way_in):
            met = applications(dialplan[context]) - HARMLESS
            assert met <= ({"Dial"} if context == "emergency" else set())
        if way_in != "from-phone":
            assert "emergency" not in reachable(blueprint, way_in)
    phones = {account.name for account in blueprint.accounts}
    from_phones = {
        name
        for name, options in endpoints(blueprint).items()
        if options["context"] == ["from-phone"]
    }
    assert from_phones == phones


@given(blueprints())
def test_an_emergency_call_reaches_emergency_numbers_over_the_trunks_that_were_named(
    blueprint: Blueprint,
) -> None:
    text = contexts(blueprint)["emergency"]
    ways = {f"emergency.{name}" for name in blueprint.emergency_trunks}

    assert set(re.findall(r"(?m)^exten => (\w+),", text)) == {*EMERGENCY_NUMBERS, "h"}
    for whom in re.findall(r"Dial\(([^,]*),", text):
        found = re.fullmatch(
            r"PJSIP/(?:\$\{EMERGENCY\}@(\S+)|([^/]+)/sip:\$\{EMERGENCY\}@\S+)", whom
        )
        assert found is not None
        assert (found[1] or found[2]) in ways
    set_to = re.findall(r"Set\(EMERGENCY=([^)]*)\)", text)
    assert set_to == list(EMERGENCY_NUMBERS)


@given(blueprints())
def test_no_jump_leads_where_a_caller_says(blueprint: Blueprint) -> None:
    for text in contexts(blueprint).values():
        for target in re.findall(r"Goto\(([^)]*)\)", text):
            assert "$" not in target
        for step in re.findall(r"GotoIf\(.*", text):
            assert "$" not in step.rpartition("?")[2]


@given(blueprints())
def test_nobody_comes_in_unknown_and_no_endpoint_calls_passes_on_or_forwards(
    blueprint: Blueprint,
) -> None:
    dialplan = contexts(blueprint)
    assert not applications(dialplan["nowhere"])
    known = {
        options["endpoint"][0]
        for (_, kind), options in sections(blueprint).items()
        if kind == "identify"
    }
    for name, options in endpoints(blueprint).items():
        assert options["allow_transfer"] == options["allow_subscribe"] == ["no"]
        assert options["allow_overlap"] == ["no"]
        assert options["message_context"] == ["nowhere"]
        assert "FORWARD_CONTEXT=nowhere" in options["set_var"]
        (by,) = options["identify_by"]
        if by == "username":
            assert options["auth"] == [name]
        elif by == "request_uri":
            assert (name, blueprint.sip_host) == ("local", "127.0.0.1")
        elif name not in known:
            assert by == "ip"
    assert known <= {"local", *(trunk.name for trunk in blueprint.trunks)}


@given(blueprints())
def test_a_phone_signs_in_under_its_own_name_and_at_one_place(blueprint: Blueprint) -> None:
    told = sections(blueprint)
    for account in blueprint.accounts:
        assert told[account.name, "endpoint"]["aors"] == [account.name]
        assert told[account.name, "endpoint"]["rewrite_contact"] == ["yes"]
        assert told[account.name, "aor"]["max_contacts"] == ["1"]
        assert told[account.name, "auth"]["username"] == [account.name]
        assert "support_path" not in told[account.name, "aor"]
