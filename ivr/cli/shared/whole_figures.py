"""Figures of the whole centre, beside the rows of offers: menus, shares, callbacks, and what is not kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr.amount import counted
from ivr.cli.shared.period import Period
from ivr.cli.shared.rules_there import RulesThere
from ivr.kpi.menus import Menus, keys_told, menu_facts, menus
from ivr.kpi.occupancy import TimeAtWork, duty_facts
from ivr.kpi.rows import EVERYTHING
from ivr.kpi.satisfaction import FoldedSurvey, by_survey, satisfaction_facts
from ivr.kpi.shares import ShareOfQueue, shares
from ivr.kpi.tally import Tally, most_first
from ivr.showing.figures import survey_told
from ivr.store.door import Reading

NO_OCCUPANCY = "no agent was signed in"
NO_CALLBACKS = "whether those who took a callback were reached is not kept yet"
NO_CSAT = "no caller was asked"
OF_ALL_ONLY = "told of all calls only, without a filter"


@dataclass(frozen=True, slots=True)
class WholeFigures:
    """Of some days. `offers` are all that came to queues."""

    menus: Menus
    shares: list[ShareOfQueue]
    offers: Tally
    surveys: Sequence[FoldedSurvey]
    duty: TimeAtWork


def whole_figures(
    stored: Reading,
    period: Period,
    there: RulesThere,
    offers: Tally,
    surveys: Sequence[FoldedSurvey],
    duty: TimeAtWork,
) -> WholeFigures:
    """Read from history."""
    days = (period.first, period.last)
    agreed = {name: queue.split for name, queue in there.queues.items() if queue.split}
    given = stored.calls.given(*period.bounds(there.zone)) if agreed else ()
    by_agent = stored.folds.offers("agent", *days, EVERYTHING) if agreed else ()
    return WholeFigures(
        menus(stored.folds.paths(*days)),
        shares(agreed, there.agents_sites, by_agent, given),
        offers,
        surveys,
        duty,
    )


def whole_facts(found: WholeFigures) -> dict[str, object]:
    """For scripts; null where there is no data."""
    offers, total = found.offers, found.menus.total
    rated = satisfaction_facts(found.surveys)
    return {
        "menus": [
            {"menu": name, **menu_facts(tally), "keys": most_first(tally.keys)}
            for name, tally in sorted(found.menus.by_name.items())
        ],
        "menu_containment": total.containment,
        "menu_attrition": total.attrition,
        "shares": [
            {
                "queue": one.queue,
                "site": one.site,
                "agreed": one.agreed,
                "actual": one.actual,
                "difference": one.difference,
                "answered": one.answered,
                "given": one.given,
            }
            for one in found.shares
        ],
        "callbacks": {
            "taken": offers.callback,
            "take_up": offers.callback / offers.offered if offers.offered else None,
            "reached": None,
            "request_to_connected_seconds": None,
        },
        "csat": rated,
        "occupancy": found.duty.occupancy,
        "handling": duty_facts(found.duty, offers.talks, offers.talk_ms / 1000),
        "no_data": {
            "callbacks.reached": NO_CALLBACKS,
            **({} if rated else {"csat": NO_CSAT}),
            **({} if found.duty.ms else {"occupancy": NO_OCCUPANCY}),
        },
    }


def no_whole_facts() -> dict[str, object]:
    """The same where only some calls were looked at: all of it null."""
    names = (
        *("menus", "menu_containment", "menu_attrition", "shares", "callbacks"),
        *("csat", "occupancy", "handling"),
    )
    return {**dict.fromkeys(names), "no_data": dict.fromkeys(("repeats", *names), OF_ALL_ONLY)}


def whole_lines(found: WholeFigures) -> Iterator[str]:
    """For people."""
    total = found.menus.total
    if total.calls:
        yield (
            f"menus: {counted(total.calls, 'call')}, need met there {_share(total.containment)}; "
            f"{total.visits} visits, hung up there {_share(total.attrition)}"
        )
        for name, tally in sorted(found.menus.by_name.items()):
            keys = f" ({keys_told(tally.keys)})" if tally.keys else ""
            yield (
                f"  {name}: {tally.visits} visits, {tally.chosen} chose{keys}, "
                f"{tally.nothing_chosen} chose nothing, {tally.hung_up} hung up ({_share(tally.attrition)})"
            )
    else:
        yield "menus: no data: no call came to a menu"
    for one in found.shares:
        beside = "no data" if one.actual is None else f"{one.actual:.1%} ({one.difference:+.1%})"
        got = f", {one.given} of {counted(one.calls, 'call')}" if one.calls else ""
        yield f"share of {one.queue}, {one.site}: {beside}{got}; agreed {one.agreed:.1%}; answered {one.answered}"
    offers = found.offers
    if offers.callback:
        yield f"callbacks: taken by {offers.callback} of {offers.offered}; reached: no data: {NO_CALLBACKS}"
    else:
        yield "callbacks: no data: nobody took one"
    for (name, scale), scores in by_survey(found.surveys).items():
        yield survey_told(name, scale, scores)
    if not found.surveys:
        yield f"satisfaction (CSAT): no data: {NO_CSAT}"
    yield from _duty_told(found.duty, offers)


def _duty_told(duty: TimeAtWork, offers: Tally) -> Iterator[str]:
    if not duty.ms:
        yield f"occupancy: no data: {NO_OCCUPANCY}"
        return
    signed_in = duty.signed_in_seconds / 3600
    occupied = f"{_share(duty.occupancy)} of the time that agents were on calls or could take one"
    yield f"occupancy: {occupied}; signed in {signed_in:.1f} h"
    handling = duty_facts(duty, offers.talks, offers.talk_ms / 1000)["handling_seconds"]
    if handling is not None and offers.mean_talk is not None:
        talk = offers.mean_talk
        yield f"handling (AHT): {handling:.1f} s: talk {talk:.1f} s, the time after it {handling - talk:.1f} s"


def _share(share: float | None) -> str:
    return "no data" if share is None else f"{share:.1%}"
