"""Carriers over TCP and TLS that are known by a name alone: their machines and ports are the name server's word."""

from __future__ import annotations

import ssl
from pathlib import Path
from time import monotonic

import pytest
import trustme

from tests.acceptance.carrier import Carrier
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import addresses, ivr, started, tone_prompts
from tests.acceptance.stream_carrier import stream_carrier
from tests.name_server import NameServer, name_server

pytestmark = pytest.mark.real

PLAIN, SECRET, MOVED = "127.0.0.51", "127.0.0.52", "127.0.0.53"
IN_TIME_SECONDS = 10.0

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 00: {to: phone vakt}
  anything else: {to: hangup}
phones:
  vakt: {phone: +47 90 00 00 01, no_answer: hangup}
"""

SETTINGS = """\
[sip]
name_servers = ["127.0.0.1:{names}"]

[[trunk]]
name = "{first}"
addresses = ["{first}.example"]
{first_keys}

[[trunk]]
name = "{second}"
addresses = ["{second}.example"]
{second_keys}
"""
KEYS = {
    "plain": 'transport = "tcp"\nping_seconds = 1\nown_number = "+47 21 00 00 00"',
    "secret": 'transport = "tls"\nping_seconds = 1\nca_file = "ca.pem"\nown_number = "+47 21 00 00 00"',
}


def settings(names: NameServer, first: str, second: str) -> str:
    return SETTINGS.format(
        names=names.port,
        first=first,
        second=second,
        first_keys=KEYS[first],
        second_keys=KEYS[second],
    )


async def test_machines_and_ports_of_a_name_are_found_for_tcp_and_tls_and_asterisk_asks_nobody(
    tmp_path: Path,
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("b.secret.example", "c.secret.example").configure_cert(context)
    prompts = tone_prompts(tmp_path / "prompts")
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with (
            name_server() as names,
            stream_carrier(sip, PLAIN) as plain,
            stream_carrier(sip, SECRET, context=context) as secret,
            stream_carrier(sip, MOVED, context=context) as moved,
        ):
            names.records = {
                ("_sip._tcp.plain.example", "SRV"): [f"1 1 {plain.port} a.plain.example."],
                ("a.plain.example", "A"): [PLAIN],
                ("_sips._tcp.secret.example", "SRV"): [f"1 1 {secret.port} b.secret.example."],
                ("b.secret.example", "A"): [SECRET],
            }
            file = tmp_path / "ivr.toml"
            file.write_text(settings(names, "plain", "secret"))
            async with started(tmp_path, RULES, prompts, at) as server:
                over_plain, over_secret = await plain.signed_in(), await secret.signed_in()
                await server.becomes(
                    lambda now: all(one["reachable"] for one in now["trunks"].values())
                )
                assert await called_over(sip, over_plain)

                file.write_text(settings(names, "secret", "plain"))
                assert (await ivr("reload", "--home", server.home)).exit_code == 0
                assert await called_over(sip, over_secret)

                names.records["_sips._tcp.secret.example", "SRV"] = [
                    f"1 1 {moved.port} c.secret.example."
                ]
                names.records["c.secret.example", "A"] = [MOVED]
                told = await ivr("reload", "--home", server.home)
                assert told.out == "taken: trunk secret changed\n"
                names.mood = "silent"
                over_moved = await moved.signed_in()
                await server.becomes(lambda now: now["trunks"]["secret"]["reachable"])
                began = monotonic()
                assert await called_over(sip, over_moved)
                assert monotonic() - began < IN_TIME_SECONDS
                assert (await ivr("trunks", "try", "secret", "--home", server.home)).exit_code == 0


async def called_over(sip: tuple[str, int], carrier: Carrier) -> bool:
    """Whether a call to the number outside comes to this carrier, by the connection that was made to it."""
    before = len(carrier.invites)
    async with plain_phone(sip, "x") as caller:
        dialog, _ = await caller.call("+4755301000")
        await carrier.until(before + 1, of=carrier.invites)
        await caller.hang_up(dialog)
    return carrier.invites[-1].first_line.startswith("INVITE sip:+4790000001@")
