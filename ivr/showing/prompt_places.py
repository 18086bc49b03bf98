"""Where a prompt is heard, in words for whoever records it: a line of the rules as a moment of a call."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.rules.model import Location
from ivr.showing.sentences import Language

_PLACES: dict[str, dict[Language, str]] = {
    "menus": {"nb": "i menyen {}", "en": "in menu {}"},
    "questions": {"nb": "ved spørsmålet {}", "en": "at question {}"},
    "queues": {"nb": "mens de venter i køen {}", "en": "while they wait in queue {}"},
    "voicemails": {"nb": "før tonen i svareren {}", "en": "before the tone of voicemail {}"},
    "phones": {
        "nb": "for den som tar telefonen {}",
        "en": "by whoever answers phone {}",
    },
    "callers": {"nb": "av dem på listen {}", "en": "by callers of list {}"},
    "surveys": {"nb": "i undersøkelsen {}", "en": "in survey {}"},
    "numbers": {"nb": "når {} er stengt", "en": "when {} is closed"},
    "departments": {"nb": "hos avdelingen {}", "en": "at department {}"},
    "notices": {"nb": "før alt annet, en tid", "en": "before anything else, for a time"},
    "holidays": {"nb": "på dager som er stengt", "en": "on days that are closed"},
}
_CLOSED: dict[Language, str] = {
    "nb": "når {} er stengt",
    "en": "when {} is closed",
}
_ENGINES_OWN: dict[str, dict[Language, str]] = {
    "sorry": {"nb": "når noe har sviktet hos oss", "en": "when something of ours has failed"},
    "goodbye": {"nb": "når tjeneren stanses", "en": "when the server is stopped"},
    "one_moment": {
        "nb": "når en annen tjener fortsetter samtalen",
        "en": "when another server goes on with the call",
    },
    "on_our_way": {
        "nb": "når ingen tjener tar samtalen ennå",
        "en": "while no server takes the call yet",
    },
    "voicemail": {"nb": "før tonen", "en": "before the tone"},
    "beep": {"nb": "før en beskjed", "en": "before a message"},
    "message_saved": {"nb": "etter en beskjed", "en": "after a message"},
}


def places_told(prompt: str, locations: Sequence[Location], language: Language) -> str:
    """All moments in which it is heard, each once; an empty text where the rules never say it."""
    told = dict.fromkeys(_place(location.path, language) for location in locations)
    if not told and prompt in _ENGINES_OWN:
        return _ENGINES_OWN[prompt][language]
    return ", ".join(filter(None, told))


def _place(path: str, language: Language) -> str:
    section, _, rest = path.partition(".")
    if section not in _PLACES:
        return ""
    name, _, within = rest.partition(".")
    words = _CLOSED if section in {"menus", "departments"} and within else _PLACES[section]
    return words[language].format(name)
