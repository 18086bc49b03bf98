"""How calls and waits ended, in words."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.records.record import Disposition, EndedBy, VisitOutcome

DISPOSITIONS: Mapping[Disposition, tuple[str, str]] = {
    "answered": ("answered", "besvart"),
    "voicemail": ("left a message", "la igjen beskjed"),
    "failed": ("lost by us", "mistet av oss"),
    "abandoned": ("gave up waiting", "la på i kø"),
    "blocked": ("turned away", "avvist"),
    "closed": ("closed", "stengt"),
    "refused": ("refused", "nektet"),
    "menu_abandoned": ("hung up in a menu", "la på i menyen"),
    "menu_contained": ("need met in a menu", "fikk svar i menyen"),
    "own_call": ("call of one of ours", "egen samtale"),
}
"""In English, as reports say it, and in Norwegian (bokmål)."""

OUTCOMES_NORWEGIAN: Mapping[VisitOutcome, str] = {
    "answered": "besvart",
    "abandoned_short": "la på straks",
    "abandoned": "la på",
    "system_dropped": "brutt",
    "overflowed": "sendt videre",
    "callback": "blir ringt opp igjen",
    "exit_key": "valgte noe annet",
    "blocked": "avvist",
    "closed": "stengt",
}

ENDED_BY_NORWEGIAN: Mapping[EndedBy, str] = {
    "caller": "innringeren",
    "agent": "medarbeideren",
    "rules": "reglene",
    "failed": "en feil hos oss",
    "drain": "stans av tjeneren",
    "link_lost": "tapt forbindelse til Asterisk",
    "lost": "tapt telefon",
    "lost_while_down": "tjener som var nede",
}
