"""Whose call it is where a queue is split between sites, in English."""

from __future__ import annotations

from ivr import why


def split_told(
    because: why.QueueSplit
    | why.SiteOnPhone
    | why.SplitGiven
    | why.SplitKept
    | why.SplitMoved
    | why.SplitNobody,
) -> str:
    """The reason in a sentence."""
    match because:
        case why.QueueSplit(queue, shares):
            return f"queue {queue} is split: {', '.join(f'{site} {share:.0%}' for site, share in shares)}"
        case why.SplitGiven():
            return _split_given(because)
        case why.SiteOnPhone(site, phone):
            return f"{site} takes its calls by phone {phone}"
        case why.SplitKept(queue, site):
            return f"the call is {site}'s already, of those of queue {queue}"
        case why.SplitMoved(queue, site, to):
            return f"{site} cannot take the call of queue {queue}: it is {to}'s, and {site} is owed one"
        case why.SplitNobody(queue):
            return f"no site of queue {queue} can take calls now: the first that can takes this one"


def _split_given(given: why.SplitGiven) -> str:
    so_far = f"it had {given.had} of {given.of}, agreed {given.share:.0%}"
    match given.because:
        case "turn":
            return f"the call is {given.site}'s, by its turn: {so_far}"
        case "owed":
            return f"the call is {given.site}'s, which is owed {given.owed:g}: {so_far}"
        case "others_away":
            return f"the call is {given.site}'s, as not every site can take calls: {so_far}"
