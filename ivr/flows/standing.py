"""Where a call stands: as the journal keeps it, and as the story goes on from there."""

from __future__ import annotations

from ivr.call import GOING_ON
from ivr.numbers import number_from_sip
from ivr.records.standing import Standing, Waited
from ivr.records.taking_up import LeftOff
from ivr.rules.decision import Facts, Finished
from ivr.rules.visit import Visit, Wait


def standing(visit: Visit) -> Standing:
    """What is kept of a visit."""
    facts = visit.facts
    return Standing(
        place=visit.place,
        at=facts.at,
        language=facts.language,
        site=facts.site,
        department=visit.department,
        menus=facts.menus,
        asked=facts.asked,
        on_the_way_to=facts.on_the_way_to,
        first_in_line=facts.first_in_line,
        priority=facts.priority,
        withheld=facts.withheld,
        greeted=facts.greeted,
        noticed=facts.noticed,
        unsaid=visit.unsaid,
        given_sites=tuple(facts.given_sites.items()),
        waits=tuple(Waited(name, one.since, one.steps) for name, one in visit.waits.items()),
    )


def visit_left_off(left: LeftOff) -> Visit:
    """The visit to go on with, at the time when it was written: `Present` says what is true by now.

    A menu or a question begins with its first try again. The caller is told why; one who waits hears the music go on.
    """
    kept = left.standing
    facts = Facts(
        at=kept.at,
        dialled=number_from_sip(left.arrived.dialled),
        caller=number_from_sip(left.arrived.caller or ""),
        language=kept.language,
        site=kept.site,
        menus=kept.menus,
        asked=kept.asked,
        on_the_way_to=kept.on_the_way_to,
        first_in_line=kept.first_in_line,
        priority=kept.priority,
        withheld=kept.withheld,
        greeted=kept.greeted,
        noticed=kept.noticed,
        given_sites=dict(kept.given_sites),
        early_seconds=left.arrived.waited_seconds or 0.0,
    )
    waits = {one.queue: Wait(one.since, one.steps) for one in kept.waits}
    # Who is leaving a message goes on speaking: nothing is to be said into it.
    notices_nothing = left.is_waiting or left.message is not None
    unsaid = kept.unsaid if notices_nothing else (GOING_ON, *kept.unsaid)
    return Visit(facts, kept.place, unsaid=unsaid, waits=waits, department=kept.department)


def talk_over(left: LeftOff) -> Finished:
    """What came of the place where a call stands that has had its talk there."""
    kind, _, name = left.standing.place.partition(" ")
    return Finished(name if kind == "queue" else None, is_cut=left.talked == "cut")
