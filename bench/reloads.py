"""1,000 changes of the rules while 10 new calls a second come in: `python -m bench.reloads` prints what became of both.

Each change is one `apply` on the running server, as the command makes it. A lost call is one that SIPp calls failed, or
one without a closed record that says an agent answered. No test: it takes two minutes.
"""

from __future__ import annotations

import asyncio
import os
import platform
import tempfile
from pathlib import Path

import click

from bench.ours import rules_text
from bench.scenario import AGENT, CALLER, agent_names, write_prompts
from bench.usage import resident_bytes
from ivr.asterisk.cache import cache_folder
from ivr.asterisk.obtain import find_sipp
from ivr.asterisk.ports import free_port
from ivr.cli.shared.server import ask
from ivr.control import Apply, Changed
from ivr.sipp import PortRange, Sipp
from tests.acceptance.serving import Addresses, Server, started

CHANGES = 1000
RATE = 10.0
CALLS = 1100


async def main() -> None:
    """Run it in a folder of its own, and tell."""
    click.echo(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="ivr-reloads-") as name:
        folder = Path(name)
        argv = await asyncio.to_thread(find_sipp, cache_folder(), click.echo)
        sipp = Sipp(
            argv,
            folder / "sipp",
            sip_ports=PortRange(17_000, 17_099),
            media_ports=PortRange(26_000, 28_499),
        )
        async with sipp.agent(AGENT) as phone:
            agents = {agent: phone.uri(agent) for agent in agent_names(RATE)}
            rules = rules_text({"sales": agents, "measured": {"m1": phone.uri("m1")}})
            at = Addresses("127.0.0.1:17100", "28500-29999", f"127.0.0.1:{free_port()}")
            prompts = write_prompts(folder / "prompts")
            async with started(folder, rules, prompts, at, {}) as server:
                await _measure(sipp, server, rules)


async def _measure(sipp: Sipp, server: Server, rules: str) -> None:
    async with asyncio.TaskGroup() as group:
        load = group.create_task(
            sipp.load(CALLER, server.sip, calls=CALLS, rate_per_second=RATE), name="load"
        )
        await asyncio.sleep(8)  # until as many calls end as begin
        loop = asyncio.get_running_loop()
        began = loop.time()
        resident = [resident_bytes(server.pid)]
        for number in range(1, CHANGES + 1):
            text = rules.replace("tries: 1", f"tries: {1 + number % 2}") + f"# change {number}\n"
            await asyncio.to_thread(_apply, server, text, number)
            if number % 250 == 0:
                resident.append(resident_bytes(server.pid))
        took = loop.time() - began
    report = load.result()
    records = await server.records(CALLS)
    answered = sum(record.disposition == "answered" for record in records)
    revisions = len({record.revision for record in records})
    click.echo(
        f"{CHANGES} changes in {took:.0f} s, calls at {RATE:.0f} a second: {report.failed} of {CALLS} failed,"
    )
    click.echo(f"{answered} records say answered, under {revisions} revisions of the rules;")
    click.echo(
        f"server MB before, and after each 250 changes: {[round(b / 1e6) for b in resident]}"
    )


def _apply(server: Server, text: str, number: int) -> None:
    asked = Apply(file="rules.yaml", text=text, included={}, why=f"change {number}")
    ask(server.home, "apply", asked, Changed, author="bench")  # raises what was refused


if __name__ == "__main__":
    asyncio.run(main())
