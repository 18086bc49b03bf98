"""What is said: the phrases of four menus, and words that are in none of them."""

from __future__ import annotations

from collections.abc import Mapping

MENUS: Mapping[str, tuple[str, ...]] = {
    "menu of 4": ("levering", "faktura", "bestilling", "kundeservice"),
    "menu of 12": (
        "levering", "faktura", "bestilling", "kundeservice", "ja", "nei", "ordre", "status",
        "åpningstider", "teknisk support", "resepsjonen", "avbryt",
    ),
    "yes or no": ("ja", "nei"),
    "digits": ("null", "en", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni"),
}  # fmt: skip

OTHER_WORDS = (
    "hund", "katt", "bil", "vindu", "sommer", "fotball", "blomst", "hest", "stol", "jente",
    "skole", "mandag", "torsdag", "vann", "eple", "sykkel", "telefonen", "musikk", "drosje",
    "butikk", "flyplass", "kaffe", "brød", "melk", "himmel", "stjerne", "fjell", "hav", "båt",
    "tog", "mormor", "bestefar", "avis", "vinter", "snø", "regn", "gresskar", "tannlege",
    "politiet", "gutt",
)  # fmt: skip

ENGLISH = ("hello there", "what time is it", "banana", "good morning", "operator please")
