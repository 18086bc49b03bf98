"""Load over a trunk that registers: `python -m bench.trunk`. The carrier is a second Asterisk.

Each caller dials the carrier, which brings the call to where the server signed in. The caller hears a menu, presses a
key, waits, and talks with an agent, who hangs up.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import click
import psutil

from bench import on_uvloop
from ivr.asterisk.cache import cache_folder
from ivr.asterisk.obtain import find_asterisk, find_sipp
from ivr.asterisk.run import find_running
from ivr.demo.carrier import TRUNK, carrier
from ivr.errors import DemoFailed
from ivr.records.events import Arrived
from ivr.sipp import AgentScript, AwaitHangUp, CallerScript, Pause, PortRange, Press, Sipp
from ivr.store.open import open_store
from tests.acceptance.serving import serving, tone_prompts

DIALLED = "+4755301000"
AGENTS_FOR_EACH_CALL_A_SECOND = 3
TALK_SECONDS = 0.3
SIP_PORTS, MEDIA_PORTS = PortRange(28_000, 28_199), PortRange(28_200, 31_999)

_RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: menu main}
menus:
  main: {say: menu, keys: {1: queue sales}, wait: 6s, tries: 1, nothing_chosen: hangup}
queues:
  sales: {answer: 80% within 20s, ring_time: 20s, while_waiting: [{after: 10m, to: hangup}], nobody_logged_in: hangup,
          wrap_up: 0s}
agents:
"""


@dataclass(frozen=True, slots=True)
class TrunkLoad:
    """What came of it. `dispositions` of the records, `over_trunk`: how many of them came over it.

    Processor is in milliseconds a call, of the server and of its Asterisk.
    """

    successful: int
    failed: int
    failures: tuple[str, ...]
    dispositions: dict[str, int]
    over_trunk: int
    server_milliseconds: float
    asterisk_milliseconds: float


async def load_over_trunk(
    folder: Path, sipp_argv: tuple[str, ...], *, calls: int, rate_per_second: float
) -> TrunkLoad:
    """Start carrier, server and phones, place the calls, and see all of them to their end."""
    installation = await asyncio.to_thread(find_asterisk, cache_folder(), click.echo)
    phones = Sipp(sipp_argv, folder / "sipp", sip_ports=SIP_PORTS, media_ports=MEDIA_PORTS)
    async with AsyncExitStack() as scopes:
        played = await scopes.enter_async_context(
            carrier(folder / "carrier", installation, (DIALLED,))
        )
        at_once = "calls_at_once = 500\n"
        (folder / "ivr.toml").write_text(played.trunk + at_once)
        agent = await scopes.enter_async_context(
            phones.agent(AgentScript(answers_after=0.1, hangs_up_after=TALK_SECONDS))
        )
        count = round(rate_per_second * AGENTS_FOR_EACH_CALL_A_SECOND)
        people = (
            f"  a{n}: {{name: a{n}, phone: '{agent.uri(f'a{n}')}', queues: [sales]}}\n"
            for n in range(count)
        )
        prompts = tone_prompts(folder / "prompts", menu=440)
        server = await scopes.enter_async_context(
            serving(folder, _RULES + "".join(people), prompts)
        )
        await played.customer_signed_in()
        asterisk = find_running(server.home)
        if asterisk is None:
            raise DemoFailed("the server runs without an Asterisk of its own", str(server.log))
        before = _seconds(server.pid), _seconds(asterisk.pid)
        script = CallerScript(DIALLED, "+4790000001", (Pause(0.5), Press("1"), AwaitHangUp()))
        report = await phones.load(script, played.sip, calls=calls, rate_per_second=rate_per_second)
        records = await server.records(calls)
        spent = _seconds(server.pid) - before[0], _seconds(asterisk.pid) - before[1]
        with open_store(server.home).reading() as stored:
            events = [stored.calls.events(record.call_id) for record in records]
    ways = (entry.event for of_call in events for entry in of_call)
    return TrunkLoad(
        report.successful,
        report.failed,
        report.failures,
        dict(Counter(str(record.disposition) for record in records)),
        sum(isinstance(event, Arrived) and event.trunk == TRUNK for event in ways),
        *(seconds * 1000 / calls for seconds in spent),
    )


def _seconds(pid: int) -> float:
    spent = psutil.Process(pid).cpu_times()
    return float(spent.user + spent.system)


@click.command()
@click.option("--calls", default=300, show_default=True)
@click.option("--rate", default=10.0, show_default=True, help="New calls a second.")
def main(calls: int, rate: float) -> None:
    """Place calls over a trunk that registers, and say what came of them."""
    with tempfile.TemporaryDirectory(prefix="ivr-bench-") as folder:
        argv = find_sipp(cache_folder(), click.echo)
        load = on_uvloop.run(load_over_trunk(Path(folder), argv, calls=calls, rate_per_second=rate))
    click.echo(
        f"{load.successful} of {calls} calls went as scripted at {rate:g} a second, {load.failed} failed; "
        f"{load.over_trunk} came over the trunk; records: {load.dispositions}; processor a call: server "
        f"{load.server_milliseconds:.1f} ms, its Asterisk {load.asterisk_milliseconds:.1f} ms"
    )
    for failure in load.failures:
        click.echo(f"  {failure}")
    if load.failed or load.successful < calls:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
