import re
import stat
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from ivr.asterisk import configure
from ivr.asterisk.blueprint import Blueprint, MusicClass, PhoneAccount, PhoneTls
from ivr.asterisk.conf_core import MODULES
from ivr.asterisk.installation import Installation
from ivr.certificates import OwnCertificate
from ivr.errors import ConfigRefused
from ivr.numbers import EMERGENCY_NUMBERS
from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import Trunk

PLAN = Blueprint(
    home=Path("/home/ivr"),
    installation=Installation(
        ("/p/asterisk",), (22, 10, 1), Path("/p/m"), Path("/p/d"), Path("/p/s"), Path("/p/r"), True
    ),
    http_port=15088,
    ari_password="abcd-efgh-ijkl",
    fallback_prompt=Path("/prompts/nb/sorry"),
    accounts=(PhoneAccount("kari", "mnpq-rstu-vwxy-zabc"),),
    music=(MusicClass("calm", (Path("/prompts/music/calm/one.wav"),)),),
)

TRUNK = Trunk(
    TrunkSettings(name="telia", addresses=("192.0.2.10",)),
    (SipHost("192.0.2.10"),),
    (ip_network("192.0.2.10"),),
)
WITH_TRUNK = replace(PLAN, trunks=(TRUNK,))


def test_nothing_is_loaded_that_reaches_the_machine_or_the_world() -> None:
    forbidden = {
        "app_system",
        "func_shell",
        "func_curl",
        "func_env",
        "func_db",
        "res_http_media_cache",
        "chan_iax2",
        "chan_unistim",
        "res_phoneprov",
        "res_xmpp",
    }

    assert "autoload = no" in _text("modules.conf")
    assert not forbidden & set(MODULES)
    assert len(MODULES) == len(set(MODULES))


def test_all_that_asterisk_writes_lies_below_its_folder() -> None:
    lines = _text("asterisk.conf").split("[options]", maxsplit=1)[0].splitlines()
    folders = dict(line.split(" => ") for line in lines if " => " in line)
    read_only = {"astmoddir", "astdatadir"}

    assert all(folders[name].startswith("/p/") for name in read_only)
    assert folders["astrundir"] == "run"
    assert all(
        folder.startswith("/home/ivr/asterisk/")
        for name, folder in folders.items()
        if name not in read_only | {"astrundir"}
    )


def test_two_on_one_machine_have_names_and_ids_of_their_own() -> None:
    other = replace(PLAN, http_port=15089, sip_port=5070)

    ours, theirs = (_names(_text("asterisk.conf", blueprint)) for blueprint in (PLAN, other))

    assert not ours & theirs


def test_ari_is_on_loopback_even_when_sip_is_open_to_the_network() -> None:
    assert "bindaddr = 127.0.0.1" in _text("http.conf", replace(PLAN, sip_host="0.0.0.0"))
    assert "allowed_origins" not in _text("ari.conf")
    assert "websocket_write_timeout = 5000" in _text("ari.conf")


def test_calls_from_loopback_are_a_trunk_only_while_sip_listens_on_loopback() -> None:
    assert "[~local.identify]\ntype = identify\nendpoint = local\n" in _text("pjsip.conf")
    assert "type = identify" not in _text("pjsip.conf", replace(PLAN, sip_host="192.0.2.1"))


def test_nobody_can_call_in_as_the_endpoint_for_dialling_out() -> None:
    direct = _sections(_text("pjsip.conf"), "[direct]")[0]

    assert "context = nowhere" in direct
    assert "identify_by = ip" in direct
    assert "[nowhere]\n\n[" in _text("extensions.conf")


def test_sound_is_bound_where_sip_is_bound() -> None:
    everywhere = _text("pjsip.conf", replace(PLAN, sip_host="0.0.0.0"))

    assert "media_address = 127.0.0.1\nbind_rtp_to_media_address = yes" in _text("pjsip.conf")
    assert "media_address" not in everywhere


def test_an_account_has_an_endpoint_a_password_and_an_address_of_record() -> None:
    endpoint, auth, aor = _sections(_text("pjsip.conf"), "[kari]")

    assert "context = from-phone" in endpoint
    assert "dtmf_mode = rfc4733" in endpoint
    assert "password = mnpq-rstu-vwxy-zabc" in auth
    assert "qualify_frequency = 30" in aor


def test_emergency_calls_from_phones_are_looked_for_first_and_are_neither_answered_nor_handed_over() -> (
    None
):
    dialplan = _text("extensions.conf")
    phones = _sections(dialplan, "[from-phone]")[0]
    emergency = _sections(dialplan, "[emergency]")[0]

    for number in EMERGENCY_NUMBERS:
        assert phones.index(f"?emergency,{number},1)") < phones.index("Goto(to-server")
        assert f"exten => {number},1,Set(EMERGENCY={number})" in emergency
    assert not {"Stasis", "Answer", "Playback"} & set(re.findall("[A-Z][a-z]+", emergency))


def test_where_a_pattern_takes_everything_h_is_taken_apart_since_it_runs_after_a_hang_up() -> None:
    contexts = re.split(r"\n(?=\[)", _text("extensions.conf", WITH_TRUNK))

    patterned = [context for context in contexts if "exten => _" in context]

    names = [context.split("]")[0] for context in patterned]
    assert names == ["[from-trunk", "[trunk-telia", "[from-phone"]
    assert all("exten => h,1,Hangup()" in context for context in patterned)


def test_a_calls_own_time_is_read_only_from_trunk_on_loopback_and_only_in_tests() -> None:
    told = replace(PLAN, test_facts=True)

    assert "X-Sim-Now" not in _text("extensions.conf")
    assert "X-Sim-Now" not in _text("extensions.conf", replace(told, sip_host="0.0.0.0"))
    server = _sections(_text("extensions.conf", told), "[to-server]")[0]
    trunk, phone = server.split("exten => phone")
    assert "X-Sim-Now" in trunk
    assert "X-Sim-Now" not in phone


def test_no_endpoint_lets_a_phone_make_calls_for_us() -> None:
    text = _text("pjsip.conf", WITH_TRUNK)
    endpoints = [section for section in text.split("\n[") if "type = endpoint" in section]

    assert len(endpoints) == 4
    for endpoint in endpoints:
        assert "set_var = FORWARD_CONTEXT=nowhere\n" in endpoint
        assert "message_context = nowhere\n" in endpoint
        assert "allow_transfer = no\n" in endpoint
        assert "allow_subscribe = no\n" in endpoint


def test_the_default_music_is_calm_where_there_is_music() -> None:
    assert "[default]\nmode = playlist\nsort = random\nentry = /prompts/music/calm/one\n" in _text(
        "musiconhold.conf"
    )
    assert "[default]" not in _text("musiconhold.conf", replace(PLAN, music=()))


def test_what_is_written_is_for_this_users_eyes_only(tmp_path: Path) -> None:
    blueprint = replace(PLAN, home=tmp_path / "home")

    conf = configure.write(blueprint)
    configure.write(blueprint)

    written = [path for path in blueprint.folder.rglob("*") if path.is_file()]
    assert conf == blueprint.folder / "etc/asterisk.conf"
    assert len(written) == len(configure.texts(blueprint)) + 1  # what names mean
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert stat.S_IMODE(blueprint.folder.stat().st_mode) == 0o700


def _text(name: str, blueprint: Blueprint = PLAN) -> str:
    return configure.texts(blueprint)[f"etc/{name}"]


def _names(text: str) -> set[str]:
    lines = (line.partition(" = ") for line in text.splitlines())
    return {value for key, _, value in lines if key in {"systemname", "entityid"}}


def _sections(text: str, title: str) -> list[str]:
    """What stands below each `title`, up to the next one."""
    return [part.split("\n[", maxsplit=1)[0] for part in text.split(f"{title}\n")[1:]]


OWN = OwnCertificate(datetime(2027, 1, 1, tzinfo=UTC), "certificate and key\n")
TLS = PhoneTls(5061, Path("/c/server.pem"), OWN)


def test_phones_over_tls_are_reached_as_they_signed_in_and_offered_keys() -> None:
    text = _text("pjsip.conf", replace(PLAN, sip_host="192.0.2.1", tls=TLS))

    (transport,) = _sections(text, "[phones-tls.transport]")
    assert "bind = 192.0.2.1:5061\n" in transport
    copy = PLAN.folder / "etc/phones-tls.transport.pem"
    assert f"cert_file = {copy}\npriv_key_file = {copy}\n" in transport
    endpoint = _sections(text, "[kari]")[0]
    assert "transport =" not in endpoint
    assert "media_encryption = sdes\nmedia_encryption_optimistic = yes\n" in endpoint
    demanded = replace(PLAN, tls=replace(TLS, is_speech_demanded=True))
    assert "media_encryption_optimistic = no" in _text("pjsip.conf", demanded)


def test_certificates_are_copied_for_asterisk_alone_and_taken_away_when_they_are_no_more(
    tmp_path: Path,
) -> None:
    """Asterisk reads them at every reload: half of a renewed pair would leave phones without TLS."""
    plan = replace(PLAN, home=tmp_path, tls=TLS)
    configure.write(plan)
    copy = plan.folder / "etc/phones-tls.transport.pem"
    configure.sweep(plan)

    assert copy.read_text() == "certificate and key\n"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "certificate and key" not in repr(plan)
    configure.sweep(replace(plan, tls=None))
    assert not copy.exists()


def test_what_carriers_names_mean_stands_in_a_file_that_is_another_when_they_mean_something_else(
    tmp_path: Path,
) -> None:
    said = TrunkSettings(name="telia", addresses=("sip.telia.example",), transport="tls")
    old, new = (
        replace(PLAN, home=tmp_path, trunks=(Trunk(said, (), (), names=(("a.example", address),)),))
        for address in ("192.0.2.1", "192.0.2.2")
    )
    configure.write(old)
    configure.write(new)
    configure.sweep(new)

    (file,) = (new.folder / "etc").glob("hosts-*")
    assert file.read_text().startswith("192.0.2.2 a.example\n")
    assert f"hosts = {file}\n" in _text("resolver_unbound.conf", new)
    assert _text("resolver_unbound.conf", old) != _text("resolver_unbound.conf", new)


def test_without_tls_no_keys_are_offered_and_nothing_but_udp_is_listened_on() -> None:
    text = _text("pjsip.conf")

    assert "media_encryption" not in text
    assert text.count("type = transport") == 1
    assert "transport = udp.transport" in _sections(text, "[kari]")[0]


def test_the_external_address_is_told_to_all_but_local_networks() -> None:
    networks = ("192.168.1.0/24", "192.0.2.0/24")
    plan = replace(PLAN, tls=TLS, external_address="203.0.113.7", local_networks=networks)

    text = _text("pjsip.conf", plan)

    for name in ("[udp.transport]", "[phones-tls.transport]"):
        (transport,) = _sections(text, name)
        assert "external_signaling_address = 203.0.113.7\n" in transport
        assert "external_media_address = 203.0.113.7\n" in transport
        assert "local_net = 192.168.1.0/24\nlocal_net = 192.0.2.0/24\n" in transport


@pytest.mark.parametrize(
    "password",
    ["aaaa-bbbb-aaaa-bbbb", "kari-kari-2026-kari-kari", "Sommer2026.kari", "Sommer-2026.x"],
)
def test_beyond_loopback_a_password_that_was_not_generated_must_be_long(password: str) -> None:
    accounts = (PhoneAccount("kari", password),)

    replace(PLAN, accounts=accounts)
    with pytest.raises(ConfigRefused, match="--renew") as refused:
        replace(PLAN, accounts=accounts, sip_host="192.0.2.1")

    assert password not in str(refused.value)


def test_beyond_loopback_a_long_password_of_ones_own_is_taken() -> None:
    accounts = (PhoneAccount("kari", "Vinter.og.vaar.47.fjell"),)

    assert replace(PLAN, accounts=accounts, sip_host="192.0.2.1").accounts == accounts
