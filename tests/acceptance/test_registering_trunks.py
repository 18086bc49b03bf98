"""Trunks that register: at a played carrier that asks for the password, refuses, is silent, and lets in at last."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import Server, addresses, ivr, started, tone_prompts
from tests.acceptance.test_trunks import holding

pytestmark = [pytest.mark.real, pytest.mark.long]

LOGIN, SECRET = "oslo", 'a;b\\;--"c #d=>e'
ALGORITHMS = {"md5": ("MD5", "127.0.0.5"), "sha": ("SHA-256", "127.0.0.6")}
"""Each carrier, at an address of its own, asks for the password in its own way."""

TURNED_AWAY = {
    "busy": ("127.0.0.11", "503 Service Unavailable", 503),
    "strict": ("127.0.0.12", "403 Forbidden", 403),
    "lost": ("127.0.0.13", "404 Not Found", 404),
    "silent": ("127.0.0.14", "", None),
    "wary": ("127.0.0.15", "ask", 401),
}
"""Trunks that are not let in: where, what the carrier says to REGISTER, and the status that is told."""

WRONG = "hemmelig-ord"
ELSEWHERE = "127.0.0.7"
MAIN = "4755301000"

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


def trunk(name: str, played: Carrier, *, account: str = MAIN, **more: str) -> str:
    keys = "\n".join(f'{key} = "{value}"' for key, value in more.items())
    return f"""\
[[trunk]]
name = "{name}"
addresses = ["{played.host}:{played.inbox.port}"]
register = true
register_seconds = 60
account = "{account}"
password_file = "carrier.password"
dialled_number = "to"
domain = "carrier.example"
{keys}
"""


def write_settings(folder: Path, trunks: Iterable[str], secret: str) -> None:
    (folder / "ivr.toml").write_text("\n".join(trunks))
    password = folder / "carrier.password"
    password.write_text(secret + "\n")
    password.chmod(0o600)


async def test_a_trunk_signs_in_brings_calls_by_its_line_or_its_address_and_signs_out(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", welcome=440)
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with AsyncExitStack() as scopes:
            carriers = {
                name: await scopes.enter_async_context(
                    carrier(sip, host, login=LOGIN, secret=SECRET, algorithm=algorithm)
                )
                for name, (algorithm, host) in ALGORITHMS.items()
            }
            trunks = (trunk(name, played, login=LOGIN) for name, played in carriers.items())
            write_settings(tmp_path, trunks, SECRET)
            async with started(tmp_path, RULES, prompts, at) as server:
                for name, played in carriers.items():
                    await _signs_in_and_brings_calls(server, name, played)
                health = await server.health()
                shown = await ivr("trunks", "--home", server.home)
                kept = (server.home / "asterisk/log", server.log, server.home / "journal.sqlite")
                assert holding(SECRET, *kept) == []
            for played in carriers.values():
                await played.until(2)
                assert played.signed_in[1] == ""
            async with started(tmp_path, RULES, prompts, at) as server:
                for played in carriers.values():
                    await _is_known_by_its_old_line(server, played)
    assert health["status"] == "ok"
    assert shown.exit_code == 0
    for name in carriers:
        assert re.search(rf"(?m)^{name} +answers, signed in until 20", shown.out)
    conf = tmp_path / "home/asterisk/etc/pjsip.conf"
    assert conf.stat().st_mode & 0o077 == 0


async def _signs_in_and_brings_calls(server: Server, name: str, played: Carrier) -> None:
    await played.until(1)
    contact = played.signed_in[0]
    assert contact.startswith("sip:4755301000@127.0.0.1:")
    assert ";line=" in contact
    first = played.asked[0]
    assert first.first_line.startswith(f"REGISTER sip:{played.host}:")
    assert "<sip:4755301000@carrier.example>" in first.header("To")
    health = await server.becomes(lambda now: now["trunks"][name]["registered"])
    assert health["trunks"][name]["reachable"] is True

    for uri in (contact, contact.partition(";")[0]):
        dialog = played.dialog("unused")
        dialog.uri, dialog.there = uri, "<sip:+4755301000@carrier.example>"
        answer = await played.invite(dialog)
        assert answer.status == 200
        await played.hang_up(dialog)
        record = await server.record(dialog.call_id)
        assert record.dialled == "+4755301000"

    # On loopback whoever is no trunk is `local`; by the line he is the trunk, and told off.
    async with plain_phone(server.sip, "x", host=ELSEWHERE) as stranger:
        dialog = stranger.dialog("unused")
        dialog.uri = contact
        assert (await stranger.invite(dialog)).status == 403


async def _is_known_by_its_old_line(server: Server, played: Carrier) -> None:
    """The carrier may use it a while longer; by its address it is known all the same."""
    await played.until(3)
    assert played.signed_in[2] != played.signed_in[0]
    dialog = played.dialog("unused")
    dialog.uri, dialog.there = played.signed_in[0], "<sip:+4755301000@carrier.example>"
    assert (await played.invite(dialog)).status == 200
    await played.hang_up(dialog)
    assert (await server.record(dialog.call_id)).dialled == "+4755301000"


@dataclass(frozen=True, slots=True)
class Doors:
    """A server none of whose carriers lets it in."""

    server: Server
    carriers: Mapping[str, Carrier]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Doors]:
    folder = tmp_path_factory.mktemp("doors")
    prompts = tone_prompts(folder / "prompts", welcome=440)
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with AsyncExitStack() as scopes:
            carriers = {
                name: await scopes.enter_async_context(
                    carrier(sip, host, login=name, secret="another", to_register=answer)
                )
                for name, (host, answer, _) in TURNED_AWAY.items()
            }
            trunks = (trunk(name, played, account=name) for name, played in carriers.items())
            write_settings(folder, trunks, WRONG)
            yield Doors(
                await scopes.enter_async_context(started(folder, RULES, prompts, at)), carriers
            )


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", TURNED_AWAY)
async def test_a_carrier_that_does_not_let_in_is_told_by_name_calls_go_on_and_then_all_is_well(
    doors: Doors, name: str
) -> None:
    server, played = doors.server, doors.carriers[name]
    health = await server.becomes(
        lambda now: now["trunks"][name]["last_failure"], within_seconds=40
    )
    assert health["trunks"][name]["last_failure"]["status"] == TURNED_AWAY[name][2]
    health = await server.becomes(lambda now: now["trunks"][name]["registered"] is False)
    assert any(f"trunk {name} is not signed in" in one for one in health["problems"])
    shown = await ivr("trunks", "--home", server.home, "--json")
    assert shown.exit_code == 1
    assert json.loads(shown.out)[name]["last_failure"]["doing"] == "REGISTER"

    dialog, answered = await played.call("+4755301000")
    assert answered.status == 200
    await played.hang_up(dialog)
    assert (await server.record(dialog.call_id)).dialled is not None
    assert WRONG not in server.log.read_text()

    # Who is impatient says it again while what was asked is still unanswered, and may be answered now.
    assert (await ivr("reload", "--home", server.home)).exit_code == 0
    played.to_register, played.secret = "ask", WRONG
    assert (await ivr("reload", "--home", server.home)).exit_code == 0
    # To a carrier that is silent Asterisk goes on sending what it had begun to, for 32 s, and begins anew only then.
    await server.becomes(lambda now: now["trunks"][name]["registered"], within_seconds=60)
    assert played.signed_in
