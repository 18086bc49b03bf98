"""The notices of the day: when the call comes in, and those of a site as soon as that is known."""

from __future__ import annotations

from ivr.rules.decide.journey import Journey
from ivr.rules.decide.sites import FoundSite
from ivr.rules.model import Notice
from ivr.why import NoticeForOthers, NoticeNotYet, NoticeOver


def learn_site(journey: Journey, found: FoundSite) -> None:
    """Take a site that was not known when the call came in, and tell what is for its callers alone."""
    before = journey.facts.site
    journey.take_site(found)
    if found.site == before:
        return
    for notice in journey.rules.notices:
        if notice.sites and before not in notice.sites:
            tell(journey, notice)


def tell(journey: Journey, notice: Notice) -> None:
    """Say a notice, or say why not."""
    facts = journey.facts
    there = facts.at.astimezone(journey.rules.timezone).replace(tzinfo=None)
    if there < notice.start:
        journey.why_not(NoticeNotYet(notice.say, notice.start), notice.at)
    elif there >= notice.end:
        journey.why_not(NoticeOver(notice.say, notice.end), notice.at)
    elif notice.sites and facts.site not in notice.sites:
        journey.why_not(NoticeForOthers(notice.say, tuple(sorted(notice.sites))), notice.at)
    else:
        journey.give_notice(notice)
