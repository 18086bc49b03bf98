"""How Norwegian sentences name keys, languages, agents and figures."""

from __future__ import annotations

from ivr.records.events import SITE_AGENT

LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}


def key_named(key: str) -> str:
    """`stjerne` and `firkant`; a digit is itself."""
    return {"*": "stjerne", "#": "firkant"}.get(key, key)


def language_named(language: str) -> str:
    """`bokmål`; a language without a name here is its code."""
    return LANGUAGES.get(language, language)


def agent_named(agent: str) -> str:
    """An agent's name; of a site's phone `stedet partner`."""
    site = agent.removeprefix(SITE_AGENT)
    return agent if site == agent else f"stedet {site}"


def figure(value: float, decimals: int) -> str:
    """`95,4`."""
    return f"{value:.{decimals}f}".replace(".", ",")
