"""What each branch of the rules is, and how a test reaches it: in English, and in Norwegian (bokmål).

What stands in a file of tests stands here as it does there, in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ivr.showing.sentences import Language


class BranchForm(NamedTuple):
    """What it is, and what to do."""

    words: str
    advice: str


_ENGLISH: Mapping[str, BranchForm] = {
    "number": BranchForm("the number {number}", "call: {{to: {number}}}"),
    "other number": BranchForm("any other number", "call: {{to: a number that is not listed}}"),
    "holiday": BranchForm(
        "a public holiday", "call a department on a public holiday, such as 17 May"
    ),
    "holiday of site": BranchForm(
        "a public holiday in {site}",
        "call a department that {site} answers, on a public holiday there",
    ),
    "short day before": BranchForm(
        "a short day, before {until}", "call a department on that day, before {until}"
    ),
    "short day after": BranchForm(
        "a short day, after {until}", "call a department on that day, after {until}"
    ),
    "closed days": BranchForm("closed: {days}", "call {who} on {days} at 10:00"),
    "opened within": BranchForm(
        "opened: {days}, within its hours", "call {who} on {days}, within its hours"
    ),
    "opened outside": BranchForm(
        "opened: {days}, outside its hours", "call {who} on {days}, outside its hours"
    ),
    "season": BranchForm(
        "hours {hours} in the season {days}", "call a department with these hours between {days}"
    ),
    "day of month": BranchForm(
        "hours {hours} on the {day} of a month",
        "call a department with these hours on the {day} of a month",
    ),
    "callers lead": BranchForm(
        "callers of {callers}, whose calls go to {to}", "call: {{from: {whose}}}"
    ),
    "callers first": BranchForm("callers of {callers}, first in line", "call: {{from: {whose}}}"),
    "callers priority": BranchForm(
        "callers of {callers}, with a priority", "call: {{from: {whose}}}"
    ),
    "callers site": BranchForm(
        "callers of {callers}, who belong to {site}", "call: {{from: {whose}}}"
    ),
    "notice": BranchForm("the notice {said}", "call between {start} and {end}"),
    "no notice": BranchForm("no notice {said}", "call at another time"),
    "postcode": BranchForm(
        "question {question}, answered with a postcode of {site}", "key {keys} when it is asked"
    ),
    "no postcode": BranchForm(
        "question {question}, answered with a postcode of no site", "key 0000 when it is asked"
    ),
    "answered": BranchForm("question {question}, answered", "key the digits"),
    "not answered": BranchForm("question {question}, not answered", "key nothing when it is asked"),
    "phone": BranchForm(
        "nobody answers phone {phone}", "call it, and wait until it has rung: wait: {seconds}s"
    ),
    "key": BranchForm("key {key} of menu {menu}", "press: {key}"),
    "nothing chosen": BranchForm("nothing chosen in menu {menu}", "press nothing"),
    "local": BranchForm(
        "{department} at the site {site}", "call {department} in {title} while it is open"
    ),
    "local before": BranchForm(
        "{department} at the site {site}, before {day}",
        "call {department} in {title} before {day}",
    ),
    "national from": BranchForm(
        "{department} at the site {site}, from {day} on",
        "call {department} in {title} on {day} or later",
    ),
    "ramp over": BranchForm(
        "{department} at the site {site}, for all callers",
        "call {department} in {title} when the ramp is over",
    ),
    "ramp early": BranchForm(
        "{department} at the site {site}, for callers moved early",
        "call {department} in {title} during the ramp, from a number that has moved",
    ),
    "ramp late": BranchForm(
        "{department} at the site {site}, for callers moved late",
        "call {department} in {title} during the ramp, from a number that has not moved",
    ),
    "place open": BranchForm("{place}, open", "call it within its hours"),
    "place closed": BranchForm("{place}, closed", "call it outside its hours"),
    "break": BranchForm("{place}, during {hours}", "call it during {hours}"),
    "department open": BranchForm("{place}, open", "call {place} within its hours"),
    "department closed": BranchForm("{place}, closed", "call {place} outside its hours"),
    "without site": BranchForm(
        "{place}, for callers without a site", "call a number without a site"
    ),
    "deserted": BranchForm(
        "nobody logged in to queue {queue}", "given: {{queue {queue}: {{agents: 0}}}}"
    ),
    "full": BranchForm("queue {queue}, full", "given: {{queue {queue}: {{waiting: {count}}}}}"),
    "exit key": BranchForm(
        "key {key} while waiting in queue {queue}", "press: {key} after the keys that lead there"
    ),
    "waited": BranchForm(
        "{waited} of waiting in queue {queue}", "call: {{waits: {waited}}}, ending in queue {queue}"
    ),
    "survey": BranchForm(
        "survey {survey} after a talk in queue {queue}",
        "call: {{rates: {score}}}, ending in queue {queue}",
    ),
}
_NORWEGIAN: Mapping[str, BranchForm] = {
    "number": BranchForm("nummeret {number}", "call: {{to: {number}}}"),
    "other number": BranchForm("ethvert annet nummer", "call: {{to: et nummer som ikke er nevnt}}"),
    "holiday": BranchForm("en helligdag", "ring en avdeling på en helligdag, for eksempel 17. mai"),
    "holiday of site": BranchForm(
        "en helligdag i {site}", "ring en avdeling som {site} svarer for, på en helligdag der"
    ),
    "short day before": BranchForm(
        "en kort dag, før {until}", "ring en avdeling den dagen, før {until}"
    ),
    "short day after": BranchForm(
        "en kort dag, etter {until}", "ring en avdeling den dagen, etter {until}"
    ),
    "closed days": BranchForm("stengt: {days}", "ring {who} {days} klokka 10:00"),
    "opened within": BranchForm(
        "åpnet: {days}, mens det er åpent", "ring {who} {days}, mens det er åpent"
    ),
    "opened outside": BranchForm(
        "åpnet: {days}, utenom åpningstiden", "ring {who} {days}, utenom åpningstiden"
    ),
    "season": BranchForm(
        "åpningstiden {hours} i sesongen {days}",
        "ring en avdeling med denne åpningstiden i sesongen {days}",
    ),
    "day of month": BranchForm(
        "åpningstiden {hours} {day}", "ring en avdeling med denne åpningstiden {day}"
    ),
    "callers lead": BranchForm(
        "innringere på listen {callers}, som går til {to}", "call: {{from: {whose}}}"
    ),
    "callers first": BranchForm(
        "innringere på listen {callers}, først i køen", "call: {{from: {whose}}}"
    ),
    "callers priority": BranchForm(
        "innringere på listen {callers}, med prioritet", "call: {{from: {whose}}}"
    ),
    "callers site": BranchForm(
        "innringere på listen {callers}, som hører til {site}", "call: {{from: {whose}}}"
    ),
    "notice": BranchForm("meldingen {said}", "ring mellom {start} og {end}"),
    "no notice": BranchForm("uten meldingen {said}", "ring på et annet tidspunkt"),
    "postcode": BranchForm(
        "spørsmålet {question}, besvart med et postnummer i {site}", "tast {keys} når det stilles"
    ),
    "no postcode": BranchForm(
        "spørsmålet {question}, besvart med et postnummer som ikke hører til noe sted",
        "tast 0000 når det stilles",
    ),
    "answered": BranchForm("spørsmålet {question}, besvart", "tast sifrene"),
    "not answered": BranchForm(
        "spørsmålet {question}, ikke besvart", "tast ingenting når det stilles"
    ),
    "phone": BranchForm(
        "ingen svarer på telefonen {phone}",
        "ring den, og vent til den har ringt: wait: {seconds}s",
    ),
    "key": BranchForm("tasten {named} i menyen {menu}", "press: {key}"),
    "nothing chosen": BranchForm("ingenting valgt i menyen {menu}", "tast ingenting"),
    "local": BranchForm(
        "{department} på stedet {site}", "ring {department} i {title} mens den er åpen"
    ),
    "local before": BranchForm(
        "{department} på stedet {site}, før {day}", "ring {department} i {title} før {day}"
    ),
    "national from": BranchForm(
        "{department} på stedet {site}, fra og med {day}",
        "ring {department} i {title} {day} eller senere",
    ),
    "ramp over": BranchForm(
        "{department} på stedet {site}, for alle innringere",
        "ring {department} i {title} når alle er flyttet",
    ),
    "ramp early": BranchForm(
        "{department} på stedet {site}, for innringere som flyttes tidlig",
        "ring {department} i {title} mens flyttingen pågår, fra et nummer som er flyttet",
    ),
    "ramp late": BranchForm(
        "{department} på stedet {site}, for innringere som flyttes sent",
        "ring {department} i {title} mens flyttingen pågår, fra et nummer som ikke er flyttet",
    ),
    "place open": BranchForm("{place}, i åpningstiden", "ring i åpningstiden"),
    "place closed": BranchForm("{place}, utenom åpningstiden", "ring utenom åpningstiden"),
    "break": BranchForm("{place}, pausen {hours}", "ring i pausen {hours}"),
    "department open": BranchForm("{place}, i åpningstiden", "ring {place} i åpningstiden"),
    "department closed": BranchForm(
        "{place}, utenom åpningstiden", "ring {place} utenom åpningstiden"
    ),
    "without site": BranchForm("{place}, for innringere uten sted", "ring et nummer uten sted"),
    "deserted": BranchForm(
        "ingen logget inn i køen {queue}", "given: {{queue {queue}: {{agents: 0}}}}"
    ),
    "full": BranchForm("køen {queue}, full", "given: {{queue {queue}: {{waiting: {count}}}}}"),
    "exit key": BranchForm(
        "tasten {named} i køen {queue}", "press: {key} etter tastene som fører dit"
    ),
    "waited": BranchForm(
        "{waited} venting i køen {queue}", "call: {{waits: {waited}}}, som ender i køen {queue}"
    ),
    "survey": BranchForm(
        "undersøkelsen {survey} etter en samtale i køen {queue}",
        "call: {{rates: {score}}}, som ender i køen {queue}",
    ),
}
BRANCH_FORMS: Mapping[Language, Mapping[str, BranchForm]] = {"en": _ENGLISH, "nb": _NORWEGIAN}
