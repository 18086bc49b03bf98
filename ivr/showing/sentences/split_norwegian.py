"""Whose call it is where a queue is split between sites, in Norwegian (bokmål)."""

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
            return f"køen {queue} er delt: {', '.join(f'{site} {share * 100:.0f} %' for site, share in shares)}"
        case why.SplitGiven():
            return _split_given(because)
        case why.SiteOnPhone(site, phone):
            return f"{site} tar sine samtaler på telefonen {phone}"
        case why.SplitKept(queue, site):
            return f"samtalen er alt {site} sin, av dem i køen {queue}"
        case why.SplitMoved(queue, site, to):
            return f"{site} kan ikke ta samtalen i køen {queue}: den er {to} sin, og {site} har en til gode"
        case why.SplitNobody(queue):
            return (
                f"ingen av stedene i køen {queue} kan ta samtaler nå: den første som kan, tar denne"
            )


def _split_given(given: why.SplitGiven) -> str:
    so_far = f"den hadde fått {given.had} av {given.of}, avtalt {given.share * 100:.0f} %"
    match given.because:
        case "turn":
            return f"samtalen er {given.site} sin etter tur: {so_far}"
        case "owed":
            owed = f"{given.owed:g}".replace(".", ",")
            return f"samtalen er {given.site} sin, som har {owed} til gode: {so_far}"
        case "others_away":
            return f"samtalen er {given.site} sin, siden ikke alle steder kan ta samtaler: {so_far}"
