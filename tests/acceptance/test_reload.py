"""Settings that change under calls: trunks come, change and go, by `ivr reload` and by SIGHUP."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from ivr.asterisk import run
from ivr.asterisk.ports import free_port
from ivr.certificates import OwnCertificate
from ivr.records.events import Arrived
from ivr.settings import TrunkSettings
from ivr.trunks import Trunk, TrunkTls
from tests.acceptance.bare import bare_asterisk
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.serving import Ran, Server, addresses, ivr, started, tone_prompts
from tests.acceptance.test_registering_trunks import RULES

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TELIA, LYSE = "127.0.0.11", "127.0.0.12"
MAIN = "+4755301000"


def trunk(name: str, played: Carrier, *more: str) -> str:
    return "\n".join(
        (
            "[[trunk]]",
            f'name = "{name}"',
            f'addresses = ["{played.host}:{played.inbox.port}"]',
            "register = true",
            f'account = "{name}"',
            f'password_file = "{name}.password"',
            'dialled_number = "to"',
            *more,
            "",
        )
    )


@dataclass(slots=True)
class Changing:
    """A server with two carriers, of which its settings name one at first."""

    folder: Path
    server: Server
    telia: Carrier
    lyse: Carrier

    def write(self, *sections: str) -> None:
        (self.folder / "ivr.toml").write_text("\n".join(sections))

    async def reload(self) -> Ran:
        return await ivr("reload", "--home", self.server.home)

    async def has(self, *names: str) -> None:
        """Wait until these are the trunks, and each is signed in."""
        await self.server.becomes(
            lambda now: (
                now["trunks"].keys() == set(names)
                and all(one["registered"] for one in now["trunks"].values())
            )
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def changing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Changing]:
    folder = tmp_path_factory.mktemp("reload")
    prompts = tone_prompts(folder / "prompts", welcome=440)
    for name in ("telia", "lyse"):
        file = folder / f"{name}.password"
        file.write_text(f"word-of-{name}\n")
        file.chmod(0o600)
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        telia, lyse = [
            await scopes.enter_async_context(
                carrier(sip, host, login=name, secret=f"word-of-{name}")
            )
            for name, host in (("telia", TELIA), ("lyse", LYSE))
        ]
        (folder / "ivr.toml").write_text(trunk("telia", telia))
        server = await scopes.enter_async_context(started(folder, RULES, prompts, at))
        yield Changing(folder, server, telia, lyse)


@pytest_asyncio.fixture(loop_scope="module")
async def at_first(changing: Changing) -> Changing:
    """With the one trunk that it was started with."""
    changing.write(trunk("telia", changing.telia))
    assert (await changing.reload()).exit_code == 0
    await changing.has("telia")
    return changing


async def test_a_trunk_comes_and_goes_under_calls_and_leaves_the_others_alone(
    at_first: Changing,
) -> None:
    telia, lyse, server = at_first.telia, at_first.lyse, at_first.server
    signed_in = len(telia.signed_in)
    before, answer = await telia.call(MAIN)
    assert answer.status == 200

    at_first.write(trunk("telia", telia), trunk("lyse", lyse))
    told = await at_first.reload()
    assert (told.exit_code, told.out) == (0, "taken: trunk lyse added\n")
    await at_first.has("telia", "lyse")
    second, answer = await lyse.call(MAIN)
    assert answer.status == 200

    at_first.write(trunk("telia", telia))
    came = len(lyse.signed_in)
    os.kill(server.pid, signal.SIGHUP)
    await server.becomes(lambda now: now["trunks"].keys() == {"telia"})
    await lyse.until(came + 1)

    assert lyse.signed_in[came] == ""
    assert len(telia.signed_in) == signed_in
    assert (await server.health())["calls"] == 2
    for played, dialog in ((telia, before), (lyse, second)):
        await played.hang_up(dialog)
        record = await server.record(dialog.call_id)
        assert (record.ended_by, record.dialled) == ("caller", MAIN)
    dialog, _ = await lyse.call(MAIN)
    await lyse.hang_up(dialog)
    events = await server.events((await server.record(dialog.call_id)).call_id)
    assert [one.trunk for one in events if isinstance(one, Arrived)] == [None]


async def test_settings_with_a_fault_change_nothing_and_name_the_line(at_first: Changing) -> None:
    signed_in = len(at_first.telia.signed_in)
    at_first.write(
        trunk("telia", at_first.telia), trunk("lyse", at_first.lyse, "calls_at_once = -1")
    )

    told = await at_first.reload()

    assert told.exit_code == 1
    assert (
        "ivr.toml:16: setting trunk.lyse.calls_at_once is -1; write 0 (none) to 10000" in told.err
    )
    health = await at_first.server.health()
    assert any("settings are refused" in one and ":16:" in one for one in health["problems"])
    assert health["trunks"].keys() == {"telia"}
    assert len(at_first.telia.signed_in) == signed_in

    at_first.write(trunk("telia", at_first.telia))
    told = await at_first.reload()
    assert (told.exit_code, told.out) == (0, "nothing has changed in the settings\n")
    assert not any("refused" in one for one in (await at_first.server.health())["problems"])


async def test_what_a_running_server_cannot_take_is_refused_with_the_word_restart(
    at_first: Changing,
) -> None:
    at_first.write("[calls]\ndrain_seconds = 5", trunk("lyse", at_first.lyse))

    told = await at_first.reload()

    assert told.exit_code == 1
    assert "calls.drain_seconds changed" in told.err
    assert "Restart it" in told.err
    assert (await at_first.server.health())["trunks"].keys() == {"telia"}


async def test_a_password_that_was_wrong_is_tried_anew_at_once(at_first: Changing) -> None:
    file = at_first.folder / "lyse.password"
    file.write_text("wrong\n")
    at_first.write(trunk("telia", at_first.telia), trunk("lyse", at_first.lyse))
    assert (await at_first.reload()).exit_code == 0
    health = await at_first.server.becomes(lambda now: now["trunks"]["lyse"]["last_failure"])
    assert health["trunks"]["lyse"]["last_failure"]["status"] == 401

    file.write_text("word-of-lyse\n")
    told = await at_first.reload()

    assert told.out == "taken: trunk lyse changed\n"
    await at_first.has("telia", "lyse")


async def test_what_asterisk_did_not_take_is_told_by_name(tmp_path: Path) -> None:
    """A certificate that Asterisk does not like, whatever we thought of it."""
    said = [TrunkSettings(name=name, addresses=("127.0.0.13:5061",)) for name in ("well", "lame")]
    well, lame = (Trunk(one, one.hosts, one.sources) for one in said)
    spoilt = OwnCertificate(datetime(2027, 1, 1, tzinfo=UTC), "no certificate")
    gone = TrunkTls(tmp_path / "gone.pem", "0", own=spoilt)
    lame = replace(lame, said=said[1].model_copy(update={"transport": "tls"}), tls=gone, sources=())
    async with bare_asterisk(tmp_path / "home", "refuse") as (running, _):
        wanted = replace(
            running.blueprint,
            trunks=(well, lame),
            tls_ports=((lame.transport, free_port()),),
        )

        now = await run.reconfigure(running, wanted)

    assert now.not_taken == ("lame",)
