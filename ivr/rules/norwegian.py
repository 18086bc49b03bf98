"""What Norwegian words would mean in the rules, whose own words are English."""

from __future__ import annotations

from collections.abc import Collection

_MEANINGS: dict[str, tuple[str, ...]] = {
    "numre": ("numbers",), "nummer": ("numbers", "phone"), "telefonnumre": ("numbers",),
    "språk": ("languages", "language"), "land": ("country",), "tidssone": ("timezone",), "versjon": ("version",),
    "innringere": ("callers",), "oppringere": ("callers",), "liste": ("callers",), "lister": ("callers",),
    "åpningstider": ("hours",), "åpningstid": ("hours",), "åpent": ("open", "hours"), "åpen": ("open", "hours"),
    "tider": ("hours",), "tid": ("hours",), "timer": ("hours",),
    "helligdager": ("holidays", "public"), "fridager": ("holidays",), "helligdag": ("holidays",),
    "korte_dager": ("short_days",), "stengt": ("closed",), "lukket": ("closed",), "dag": ("day",),
    "meldinger": ("notices",), "melding": ("notices", "say"), "beskjeder": ("notices",),
    "meny": ("menu", "menus"), "menyer": ("menus", "menu"), "taster": ("keys", "press"),
    "tast": ("keys", "press"), "valg": ("keys",),
    "spørsmål": ("questions", "question"), "sted": ("site", "sites"), "steder": ("sites",),
    "avdeling": ("department", "departments"), "avdelinger": ("departments", "department"),
    "kø": ("queue", "queues"), "køer": ("queues", "queue"),
    "telefonsvarer": ("voicemail", "voicemails"), "svarer": ("voicemail",), "mobilsvar": ("voicemail",),
    "telefon": ("phone", "phones"), "telefoner": ("phones",),
    "medarbeidere": ("agents",), "medarbeider": ("agents",), "agenter": ("agents",), "agent": ("agents",),
    "vakt": ("duty",), "pauser": ("pause_reasons",), "pausegrunner": ("pause_reasons",), "logg_inn": ("sign_in",),
    "undersøkelser": ("surveys",), "undersøkelse": ("survey",), "tilbakering": ("callback",),
    "oppringing": ("callback",),
    "inkluder": ("include",), "ta_med": ("include",),
    "navn": ("name",), "til": ("to",), "fra": ("from",), "si": ("say",), "sier": ("say",),
    "hilsen": ("greeting", "say"),
    "velkomst": ("greeting", "say"), "vent": ("wait",), "forsøk": ("tries",), "tale": ("speech",), "sifre": ("digits",),
    "finner": ("finds",), "postnumre": ("postcodes",), "postnummer": ("postcodes",), "lokal": ("local",),
    "lokalt": ("local",), "flyttet": ("migrated",), "migrert": ("migrated",), "nasjonal": ("national",),
    "nasjonalt": ("national",), "ord": ("words",), "først_i_køen": ("first_in_line",), "svar": ("answer",),
    "ring": ("ring",), "ringetid": ("ring_time",), "musikk": ("music",), "etterarbeid": ("wrap_up",),
    "mens_de_venter": ("while_waiting",), "etter": ("after",), "tilby": ("offer",), "fil": ("file",),
    "logg inn": ("sign in",), "logg ut": ("sign out",), "fortsett": ("resume",), "ved kode": ("by code",),
    "med kode": ("by code",), "ved telefon": ("by phone",),
    "legg på": ("hangup",), "legg_på": ("hangup",), "avslutt": ("hangup",), "avvis": ("refuse",),
    "blokker": ("refuse",),
    "trykk": ("press",), "trykker": ("press",), "når": ("at",), "slutter": ("ends",), "ender": ("ends",),
    "samtale": ("call",), "forventet": ("expect",), "ventet": ("expect",), "gitt": ("given",), "hører": ("said",),
    "gjenta": ("repeat",), "igjen": ("repeat",), "tilbake": ("back",), "stjerne": ("star",), "firkant": ("hash",),
    "skigard": ("hash",), "hverdager": ("mon-fri",), "ukedager": ("mon-fri",), "arbeidsdager": ("mon-fri",),
    "helg": ("sat-sun",), "helgen": ("sat-sun",), "alle dager": ("daily",), "hver dag": ("daily",),
    "daglig": ("daily",),
}  # fmt: skip


def in_english(word: str, known: Collection[str]) -> str | None:
    """The one of the `known` words that a Norwegian word means."""
    return next((one for one in _MEANINGS.get(word.strip().lower(), ()) if one in known), None)


_MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
_ENGLISH_MONTHS = {"may": "mai", "oct": "okt", "dec": "des"}


def month_named(word: str) -> int | None:
    """The month, from 1, that a Norwegian or an English word begins."""
    start = word.strip().lower()[:3]
    start = _ENGLISH_MONTHS.get(start, start)
    return _MONTHS.index(start) + 1 if start in _MONTHS else None
