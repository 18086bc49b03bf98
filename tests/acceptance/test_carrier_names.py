"""Carriers by name: the name server answers, changes its mind, and is silent at a reload and at a start."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic

import pytest

from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.serving import Addresses, Server, addresses, ivr, started, tone_prompts
from tests.acceptance.test_registering_trunks import RULES
from tests.name_server import NameServer, name_server

pytestmark = pytest.mark.real

OLD, NEW = "127.0.0.14", "127.0.0.15"
MAIN = "+4755301000"
IN_TIME_SECONDS = 10.0
"""Asterisk, asked for a name while no name server answers, needs 40 s for a reload and 50 s for a start."""


def settings(names: NameServer, *trunks: str) -> str:
    head = f'[sip]\nname_servers = ["127.0.0.1:{names.port}"]\n'
    return head + "\n".join(
        f'[[trunk]]\nname = "{name}"\naddresses = ["{name}.example"]\ndialled_number = "to"\n'
        for name in trunks
    )


async def came_in_over(server: Server, played: Carrier) -> str | None:
    """The trunk that a call of this carrier was taken for."""
    dialog, answer = await played.call(MAIN)
    assert answer.status == 200
    now = (await server.health())["trunks"]
    await played.hang_up(dialog)
    await server.record(dialog.call_id)
    return next((name for name, one in now.items() if one["calls_in"]), None)


async def test_what_a_name_means_goes_live_and_a_silent_name_server_stops_nobody(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", welcome=440)
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with carrier(sip, OLD) as old, carrier(sip, NEW) as new, name_server() as names:
            names.records = {
                ("_sip._udp.telia.example", "SRV"): [f"1 1 {old.inbox.port} a.telia.example."],
                ("a.telia.example", "A"): [OLD],
            }
            (tmp_path / "ivr.toml").write_text(settings(names, "telia"))
            async with started(tmp_path, RULES, prompts, at) as server:
                await server.becomes(lambda now: now["trunks"]["telia"]["reachable"])
                assert await came_in_over(server, old) == "telia"
                under_way, _ = await old.call(MAIN)

                names.records["_sip._udp.telia.example", "SRV"] = [
                    f"1 1 {new.inbox.port} b.telia.example."
                ]
                names.records["b.telia.example", "A"] = [NEW]
                told = await ivr("reload", "--home", server.home)
                assert told.out == "taken: trunk telia changed\n"
                assert (await server.health())["calls"] == 1
                await old.hang_up(under_way)
                assert await came_in_over(server, new) == "telia"
                assert await came_in_over(server, old) is None

                names.mood = "silent"
                (tmp_path / "ivr.toml").write_text(settings(names, "telia", "lyse"))
                began = monotonic()
                told = await ivr("reload", "--home", server.home)
                assert told.out == "taken: trunk lyse added\n"
                assert monotonic() - began < IN_TIME_SECONDS
                assert await came_in_over(server, new) == "telia"

            await starts_in_time(tmp_path, prompts, at, new)


async def starts_in_time(folder: Path, prompts: Path, at: Addresses, new: Carrier) -> None:
    began = monotonic()
    async with started(folder, RULES, prompts, at) as server:
        assert monotonic() - began < 2 * IN_TIME_SECONDS
        assert await came_in_over(server, new) == "telia"
        shown = await ivr("trunks", "--home", server.home, "--json")
        assert shown.exit_code == 1
        told = json.loads(shown.out)
        assert "is not resolved (no name server answered in time); the answer of" in str(
            told["telia"]["troubles"]
        )
        assert "lyse.example means nothing yet" in str(told["lyse"]["troubles"])
        health = await server.health()
        assert any("trunk lyse: the name lyse.example" in one for one in health["problems"])
