"""What is said: the phrases of four menus, words that are in none of them, and others that the judge learns from."""

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

LEARNING_WORDS = (
    "abonnement", "regning", "kundesenter", "salg", "reklamasjon", "betaling", "forsikring", "bredbånd",
    "mobil", "teknisk", "hjelp", "feilmelding", "oppsigelse", "flytting", "resepsjon", "ordrekontor",
    "verksted", "deler", "lager", "innkjøp", "regnskap", "lønn", "personal", "ledelse", "presse", "sentralbord",
    "legevakt", "timebestilling", "resept", "laboratorium", "røntgen", "akutt", "poliklinikk", "adresse",
    "billett", "reise", "hotell", "avlysning", "refusjon", "bagasje", "parkering", "strøm", "nettleie",
    "måleravlesning", "avtale", "kontrakt", "faktura spørsmål", "purring", "inkasso", "gavekort", "medlemskap",
    "nyheter", "avdeling", "butikken", "nettbutikk", "retur", "bytte", "garanti", "service", "montering",
    "befaring", "tilbud", "pris", "veibeskrivelse", "status sjekk", "pakke", "sporing", "henting",
    "hjemlevering", "bud", "transport", "toll", "eksport", "import", "norsk", "engelsk", "gjenta valgene",
    "tilbakekalling", "personvern", "klage", "ros", "forslag", "snakk med noen", "operatør", "vaktmester",
    "utleie", "bolig", "lån", "sparing", "kort", "sperre", "pin kode", "bank",
)  # fmt: skip
"""Phrases that menus may have, and none of those above: menus of them teach the judge."""

LEARNING_OTHERS = (
    "hammer", "spiker", "maling", "eng", "kirke", "trapp", "gardin", "lampe", "bord", "skap", "klokke", "speil",
    "såpe", "håndkle", "tannbørste", "frokost", "middag", "kjøtt", "fisk", "potet", "gulrot", "tomat", "agurk",
    "banan", "appelsin", "pære", "sukker", "salt", "pepper", "smør", "ost", "pølse", "iskrem", "sjokolade",
    "kake", "vaffel", "elefant", "tiger", "løve", "bjørn", "ulv", "rev", "hare", "mus", "rotte", "fugl", "ørn",
    "måke", "onsdag", "lørdag", "januar", "august", "morgen", "kveld", "hei på deg", "jeg vet ikke",
    "et øyeblikk", "hva sa du", "vent litt", "ikke nå", "ha det bra", "takk for det", "kan du gjenta det",
    "jeg hører deg ikke",
)  # fmt: skip
"""What people say that is in no menu."""

LEARNING_ENGLISH = ("yes please", "I don't know", "thank you", "where are you", "good bye")
