"""A first centre's rules as text, with comments where to go on; the layout is `ivr fmt`'s own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import time

import yaml

from ivr.centre.centre import Centre, NewDepartment, NewSite
from ivr.errors import RulesRefused
from ivr.showing.layout import lay_out

RULES_FILE = "routing_rules.yaml"
SCHEMA_FILE = "routing.schema.json"

_PLAIN = re.compile(r"[^\W_](?:[\w .-]*[\w.])?\Z")
_NOON = time(12)
_COMMENT_COLUMN = 34


def rules_text(centre: Centre) -> str:
    """The whole file."""
    laid, faults = lay_out("\n".join(_lines(centre)).encode(), RULES_FILE)
    if laid is None:
        raise RulesRefused(tuple(str(one) for one in faults))
    return laid


def yaml_word(text: str) -> str:
    """As YAML of either version reads it as text: in quotes where it would be something else, such as `no`."""
    if _PLAIN.match(text) and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


def yaml_number(text: str) -> str:
    """A number as a key: `+47 21 00 00 00` is text in any YAML, `02222` is 1170 in some."""
    return yaml_word(text) if not text.startswith("+") or " " not in text else text


def _lines(centre: Centre) -> Iterator[str]:
    first = centre.departments[0].name
    yield from _head(centre)
    yield from _numbers(centre)
    yield from _hours(centre)
    yield from _menu(centre, first)
    yield from _sites(centre, first)
    yield "departments:                      # copy one to add another, and give it a key in the menu"
    for department in centre.departments:
        yield from _department(department)
    yield ""
    yield from _queues(centre, first)
    yield from _agents(centre)


def _head(centre: Centre) -> Iterator[str]:
    yield f"# yaml-language-server: $schema=./{SCHEMA_FILE}"
    yield "# Where every call goes. Read it aloud: a destination is two words, such as `queue " + (
        f"{centre.departments[0].name}` or `menu main`, or one:"
    )
    yield "# `hangup`, `repeat` (the menu once more), `back` (the menu before)."
    yield "#"
    for command, says in (
        ("ivr check", "is the file right?"),
        ("ivr test", "do the calls of routing_tests.yaml end where they should?"),
        (
            f'ivr explain --to "{centre.number.spaced}" --press 1',
            "where would this call go, and why?",
        ),
    ):
        yield f"#   {command:<50} {says}"
    yield "version: 1"
    yield f"country: {centre.country}"
    yield f"timezone: {centre.timezone}"
    if len(centre.languages) > 1:
        spoken = f"languages: [{', '.join(map(yaml_word, centre.languages))}]"
        yield f"{spoken:<{_COMMENT_COLUMN}}# the first is spoken unless the caller picks another"
    else:
        yield f"languages: [{yaml_word(centre.languages[0])}]"
    yield ""


def _numbers(centre: Centre) -> Iterator[str]:
    yield "numbers:                          # what callers dial"
    yield f"  {yaml_number(centre.number.spaced)}: {{name: Main number, to: menu main}}"
    for site in centre.sites:
        told = f"name: {yaml_word(site.title)}, site: {yaml_word(site.name)}"
        yield f"  {yaml_number(site.number.spaced)}: {{{told}, to: menu main}}"
    yield "  anything else: {to: menu main}"
    yield ""


def _hours(centre: Centre) -> Iterator[str]:
    yield "hours:                            # more days: {mon-fri: 08:00-20:00, sat: 10:00-14:00}"
    yield f"  office: {{{centre.hours.text}}}"
    yield ""
    yield "holidays:"
    yield f"  public: {centre.country}                  # computed: Easter moves, 17 May is known for every year"
    if any(span.start < _NOON < span.end for span in centre.hours.spans):
        yield "  short_days:                     # open, but only until…"
        yield "    12-24: until 12:00"
        yield "    12-31: until 12:00"
    yield "  # closed:                       # a summer; from and to are both included"
    yield "  #   - {from: 2027-07-12, to: 2027-07-30}"
    yield ""


def _menu(centre: Centre, first: str) -> Iterator[str]:
    yield "menus:"
    yield "  main:"
    yield "    say: [welcome, main.choices]  # prompts/<language>/welcome.wav, then main.choices.wav"
    yield "    keys:"
    for key, department in enumerate(centre.departments, 1):
        yield f"      {key}: department {department.name}"
    if len(centre.languages) > 1:
        yield f"      9: {{language: {yaml_word(centre.languages[1])}, to: menu main}}"
    yield "      star: repeat"
    yield "    wait: 6s                      # for the first key"
    yield "    tries: 3"
    yield f"    nothing_chosen: department {first}"
    yield ""


def _sites(centre: Centre, first: str) -> Iterator[str]:
    if not centre.sites:
        return
    yield "sites:                            # departments that a site does not name are answered nationally"
    for site in centre.sites:
        yield f"  {yaml_word(site.name)}:"
        yield f"    name: {yaml_word(site.title)}"
        yield "    departments:                  # `migrated: 2027-04-01` behind a queue: national from that day"
        yield f"      {yaml_word(first)}: {{local: queue {centre.queue_of(site)}}}"
    yield ""


def _department(department: NewDepartment) -> Iterator[str]:
    titles = dict(department.titles)
    yield f"  {yaml_word(department.name)}:"
    if len(set(titles.values())) == 1:
        yield f"    name: {yaml_word(next(iter(titles.values())))}"
    else:
        yield f"    name: {{{_table(titles)}}}"
    yield "    hours: office"
    yield f"    national: queue {department.name}"
    yield f"    closed: {{say: closed, to: voicemail {department.name}}}"


def _queues(centre: Centre, first: str) -> Iterator[str]:
    yield "queues:                           # `answer` is the target: so many of the calls answered within so long"
    for department in centre.departments:
        yield f"  {yaml_word(department.name)}:"
        yield "    answer: 80% within 20s"
        yield "    ring: longest idle"
        yield "    ring_time: 20s                # then the next agent's phone rings"
        yield "    music: calm"
        yield "    while_waiting:"
        yield f"      - {{after: 10m, to: voicemail {department.name}}}"
        yield f"    nobody_logged_in: voicemail {department.name}"
        yield "    wrap_up: 20s                  # an agent's pause after each call"
    for site in centre.sites:
        yield from _site_queue(centre, site, first)
    yield ""


def _site_queue(centre: Centre, site: NewSite, first: str) -> Iterator[str]:
    yield f"  {yaml_word(centre.queue_of(site))}:"
    yield "    answer: 80% within 30s"
    yield "    music: calm"
    yield "    while_waiting:"
    yield f"      - {{after: 90s, to: queue {first}}}"
    yield f"    nobody_logged_in: queue {first}"


def _agents(centre: Centre) -> Iterator[str]:
    names = [department.name for department in centre.departments]
    names += [centre.queue_of(site) for site in centre.sites]
    listed = ", ".join(map(yaml_word, names))
    yield "agents:                           # `ivr agents credentials NAME` says what to type into the phone"
    for person in centre.people:
        account = yaml_word(person.name)
        yield f"  {account}: {{name: {yaml_word(person.title)}, phone: {account}, queues: [{listed}]}}"


def _table(words: Mapping[str, str]) -> str:
    return ", ".join(f"{yaml_word(key)}: {yaml_word(word)}" for key, word in words.items())
