"""A site whose calls a phone takes, on a real Asterisk: where it is busy, the next site takes the caller."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.records.events import Connected, GivenToSite, OfferFailed, Queued
from ivr.sipp import AgentScript, Behaviour, CallerScript, Pause, PutDown, Sipp
from tests.acceptance.serving import serving, tone_prompts
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

RULES = """\
version: 1
languages: [nb]
numbers: {{anything else: queue national}}
phones: {{shop: {{phone: '{shop}'}}, partner: {{phone: '{partner}'}}}}
sites:
  shop: {{name: Shop, phone: shop}}
  partner: {{name: Partner, phone: partner, at_most: 1 call}}
queues:
  national: {{answer: 80% within 20s, split: {{shop: 70%, partner: 30%}}, while_waiting: [{{after: 1m, to: hangup}}]}}
"""
CALLER = CallerScript("+4721000000", "+4790000001", (Pause(1.0), PutDown()))


async def test_a_busy_site_leads_to_the_next_and_the_place_is_kept(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    played = Sipp(sipp_argv, tmp_path / "phones", sip_ports=SIP, media_ports=MEDIA)
    async with (
        played.agent(AgentScript(behaviour=Behaviour.BUSY)) as shop,
        played.agent(AgentScript(answers_after=0.05)) as partner,
    ):
        rules = RULES.format(shop=shop.uri("shop"), partner=partner.uri("partner"))
        async with serving(tmp_path, rules, prompts) as server:
            placed = await played.call(CALLER, server.sip)
            record = await server.record(placed.call_id)
            events = await server.events(record.call_id)
            left = await server.ari("channels")

    assert placed.ok, placed.failures
    assert (record.disposition, record.agent) == ("answered", "site partner")
    told = [
        one for one in events if isinstance(one, Queued | GivenToSite | OfferFailed | Connected)
    ]
    assert [type(one) for one in told] == [GivenToSite, Queued, OfferFailed, GivenToSite, Connected]
    assert isinstance(told[2], OfferFailed)
    assert told[2].result == "busy"
    assert left == []
