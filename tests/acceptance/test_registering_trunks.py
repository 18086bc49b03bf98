"""Trunks that register: at a played carrier that asks for the password, refuses, is silent, and lets in at last."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.carrier import carrier
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import addresses, ivr, started, tone_prompts
from tests.acceptance.test_trunks import holding

pytestmark = pytest.mark.real

HOST, ELSEWHERE = "127.0.0.5", "127.0.0.6"
LOGIN, SECRET = "oslo;user", 'a;b\\;--"c #d=>e'

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 00: {name: Main, to: menu main}
  anything else: {to: hangup}
menus:
  main: {say: welcome, keys: {1: hangup}, wait: 5s, tries: 1, nothing_chosen: hangup}
"""


def settings(port: int, **more: str) -> str:
    keys = "\n".join(f'{key} = "{value}"' for key, value in more.items())
    return f"""\
[[trunk]]
name = "telia"
addresses = ["{HOST}:{port}"]
register = true
register_seconds = 60
account = "4755301000"
password_file = "telia.password"
dialled_number = "to"
domain = "carrier.example"
{keys}
"""


def write_settings(folder: Path, text: str, secret: str = SECRET) -> None:
    (folder / "ivr.toml").write_text(text)
    password = folder / "telia.password"
    password.write_text(secret + "\n")
    password.chmod(0o600)


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_a_trunk_signs_in_brings_calls_by_its_line_or_its_address_and_signs_out(
    tmp_path: Path, algorithm: str
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", welcome=440)
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with carrier(sip, HOST, login="oslo", secret=SECRET, algorithm=algorithm) as telia:
            write_settings(tmp_path, settings(telia.inbox.port, login="oslo"))
            async with started(tmp_path, RULES, prompts, at) as server:
                await telia.until(1)
                contact = telia.signed_in[0]
                assert contact.startswith("sip:4755301000@127.0.0.1:")
                assert ";line=" in contact
                first = telia.asked[0]
                assert first.first_line.startswith(f"REGISTER sip:{HOST}:")
                assert "<sip:4755301000@carrier.example>" in first.header("To")

                health = await server.becomes(lambda now: now["trunks"]["telia"]["registered"])
                assert health["status"] == "ok"
                assert health["trunks"]["telia"]["reachable"] is True
                shown = await ivr("trunks", "--home", server.home)
                assert shown.exit_code == 0
                assert shown.out.startswith("telia  answers, signed in until 20")

                for uri in (contact, contact.partition(";")[0]):
                    dialog = telia.dialog("unused")
                    dialog.uri, dialog.there = uri, "<sip:+4755301000@carrier.example>"
                    answer = await telia.invite(dialog)
                    assert answer.status == 200
                    await telia.hang_up(dialog)
                    record = await server.record(dialog.call_id)
                    assert record.dialled == "+4755301000"

                # On loopback whoever is no trunk is `local`; by the line he is the trunk, and told off.
                async with plain_phone(sip, "x", host=ELSEWHERE) as stranger:
                    dialog = stranger.dialog("unused")
                    dialog.uri = contact
                    assert (await stranger.invite(dialog)).status == 403
                assert (
                    holding(
                        SECRET,
                        server.home / "asterisk/log",
                        server.log,
                        server.home / "journal.sqlite",
                    )
                    == []
                )
            await telia.until(2)
            assert telia.signed_in[1] == ""
    conf = tmp_path / "home/asterisk/etc/pjsip.conf"
    assert conf.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("503 Service Unavailable", 503),
        ("403 Forbidden", 403),
        ("404 Not Found", 404),
        ("", None),
    ],
)
async def test_a_carrier_that_does_not_let_in_is_told_by_name_and_calls_go_on(
    tmp_path: Path, answer: str, told: int | None
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", welcome=440)
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with carrier(sip, HOST, to_register=answer) as telia:
            write_settings(tmp_path, settings(telia.inbox.port))
            async with started(tmp_path, RULES, prompts, at) as server:
                health = await server.becomes(
                    lambda now: now["trunks"]["telia"]["last_failure"], within_seconds=30
                )
                assert health["trunks"]["telia"]["last_failure"]["status"] == told
                health = await server.becomes(
                    lambda now: now["trunks"]["telia"]["registered"] is False
                )
                assert any("trunk telia is not signed in" in one for one in health["problems"])
                shown = await ivr("trunks", "--home", server.home, "--json")
                assert shown.exit_code == 1
                assert json.loads(shown.out)["telia"]["last_failure"]["doing"] == "REGISTER"

                answered = await telia.call("+4755301000")
                assert answered[1].status == 200
                await telia.hang_up(answered[0])


async def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path) -> None:
    prompts = tone_prompts(tmp_path / "prompts", welcome=440)
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with carrier(sip, HOST, login="4755301000", secret="another") as telia:
            write_settings(tmp_path, settings(telia.inbox.port), "hemmelig-ord")
            async with started(tmp_path, RULES, prompts, at) as server:
                health = await server.becomes(
                    lambda now: now["trunks"]["telia"]["last_failure"], within_seconds=30
                )
                assert health["trunks"]["telia"]["last_failure"]["status"] == 401
    assert "hemmelig-ord" not in (tmp_path / "server.log").read_text()
