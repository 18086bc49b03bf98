"""Whose call it is in a queue that is split between sites."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.journey import Journey
from ivr.rules.decision import Due, GivenSite
from ivr.rules.model import Queue
from ivr.why import QueueSplit, SiteOnPhone, SplitGiven, SplitKept, SplitMoved, SplitNobody


def give_to_site(journey: Journey, queue: Queue) -> None:
    """The call is given to a site, or stays with the one that it was given to before."""
    journey.mention(QueueSplit(queue.name, tuple(queue.split.items())), queue.at)
    due = journey.facts.dues.get(queue.name)
    if due is not None:
        journey.mention(_given(journey, queue, due), queue.at)
        _say_phone(journey)


def site_away(journey: Journey, name: str) -> None:
    """The site whose call it is cannot take it: another gets it, and the caller waits on."""
    queue = journey.rules.queues.get(name)
    if queue is None:
        journey.gone("queue", name)
        return
    journey.end = queue
    due = journey.facts.dues.get(name)
    if due is None:
        journey.reason(QueueSplit(name, tuple(queue.split.items())), queue.at)
    else:
        journey.reason(_given(journey, queue, due), queue.at)
        _say_phone(journey)


def _say_phone(journey: Journey) -> None:
    given = journey.given_site
    site = journey.rules.sites.get(given.site) if given is not None else None
    if site is not None and site.phone is not None:
        journey.mention(SiteOnPhone(site.name, site.phone), site.at)


def _given(
    journey: Journey, queue: Queue, due: Due
) -> SplitGiven | SplitKept | SplitMoved | SplitNobody:
    facts, name = journey.facts, queue.name
    before = facts.given_sites.get(name)
    if before is not None and before in due.here:
        return SplitKept(name, before)
    # A site that has no share any more gives nothing back: the call is given as a new one is.
    site = due.site if before is None or before not in due.had else due.instead
    if site is None:
        return SplitNobody(name)
    journey.facts = replace(facts, given_sites={**facts.given_sites, name: site})
    journey.given_site = GivenSite(name, site, before)
    if before is not None:
        return SplitMoved(name, before, site)
    return SplitGiven(
        name,
        site,
        due.because,
        queue.split.get(site, 0.0),
        due.had.get(site, 0),
        sum(due.had.values()),
        round(due.owed.get(site, 0.0), 2),
    )
