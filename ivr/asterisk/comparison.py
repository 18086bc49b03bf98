"""Comparing what Asterisk has with what it should have: what it does not like it leaves out, and says nothing."""

from __future__ import annotations

import structlog

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.interface import interface
from ivr.asterisk.registrations import not_signing_in

log = structlog.get_logger()


async def not_taken(blueprint: Blueprint) -> tuple[str, ...]:
    """The phones and trunks that Asterisk has not, by name. Raises aiohttp.ClientError, TimeoutError."""
    wanted = {account.name for account in blueprint.accounts} | {
        trunk.name for trunk in blueprint.trunks
    }
    async with interface(blueprint) as session, session.get("endpoints/PJSIP") as answer:
        there = {endpoint["resource"] for endpoint in await answer.json()}
    cut_off = await _without_transport(blueprint)
    missing = tuple(sorted((wanted - there) | cut_off | await not_signing_in(blueprint)))
    if missing:
        log.error("Asterisk did not take phones or trunks", names=missing)
    return missing


async def _without_transport(blueprint: Blueprint) -> set[str]:
    """Trunks whose way out is not there: a certificate that Asterisk does not like, a port that is taken."""
    missing = set()
    async with interface(blueprint) as session:
        for trunk in blueprint.trunks:
            place = f"asterisk/config/dynamic/res_pjsip/transport/{trunk.transport}"
            if trunk.said.transport != "udp":
                async with session.get(place) as answer:
                    if answer.status == 404:
                        missing.add(trunk.name)
    return missing
