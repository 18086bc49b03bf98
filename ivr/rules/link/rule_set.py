"""The whole file linked, table by table."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.numbers import PhoneNumber
from ivr.rules.fault import Fault
from ivr.rules.link.agents import link_agents, link_phones, spoken_by_all
from ivr.rules.link.caller_lists import link_callers
from ivr.rules.link.callers import link_notices, link_numbers
from ivr.rules.link.departments import link_departments
from ivr.rules.link.duty import link_duty
from ivr.rules.link.holidays import link_holidays
from ivr.rules.link.hours import link_hours
from ivr.rules.link.menus import link_menus, link_questions
from ivr.rules.link.pronunciations import link_pronunciations
from ivr.rules.link.queues import link_callback, link_queues, link_surveys, link_voicemails
from ivr.rules.link.references import References
from ivr.rules.link.sites import link_postcodes, link_site_of_call, link_sites, local_until
from ivr.rules.model import Phone, RuleSet
from ivr.rules.parsed import RulesFile
from ivr.rules.reading.source import Source
from ivr.rules.values import plain


def link(parsed: RulesFile, source: Source, revision: str) -> tuple[RuleSet, tuple[Fault, ...]]:
    """The rule set, sound as far as there are no faults, and every fault of reference."""
    references = References(parsed, source)
    rules = _rule_set(parsed, references, revision)
    return rules, tuple(references.faults)


def _rule_set(parsed: RulesFile, references: References, revision: str) -> RuleSet:
    references.once(parsed.languages, ("languages",))
    references.not_empty(parsed.languages, ("languages",), "languages: [nb]")
    references.not_empty(parsed.numbers, ("numbers",), parsed.needed["numbers"])
    hours = link_hours(parsed, references)
    numbers = link_numbers(parsed, references, hours)
    by_number = {number: one for number, one in numbers.items() if number is not None}
    sites = link_sites(parsed, references, by_number)
    phones = link_phones(parsed, references, by_number)
    agents = link_agents(parsed, references)
    return RuleSet(
        revision=revision,
        file=references.source.file,
        timezone=parsed.timezone,
        languages=tuple(parsed.languages),
        languages_at=tuple(
            references.source.value(references.source.as_written(("languages", number)))
            for number in range(len(parsed.languages))
        ),
        numbers=by_number,
        files=references.source.included,
        callers=link_callers(parsed, references, [*by_number, *_rung(phones)]),
        notices=link_notices(parsed, references),
        site_of_call=link_site_of_call(parsed, references),
        postcodes=link_postcodes(parsed, references),
        local_until=local_until(sites),
        anything_else=numbers.get(None),
        hours=hours,
        holidays=link_holidays(parsed.holidays, references),
        menus=link_menus(parsed, references, hours),
        keys_at={plain.menu_key(key): references.source.key(("keys", key)) for key in parsed.keys},
        sites=sites,
        departments=link_departments(parsed, references, hours),
        queues=link_queues(parsed, references),
        phones=phones,
        callback=link_callback(parsed, references, hours, by_number),
        surveys=link_surveys(parsed, references),
        agents=agents,
        spoken_by_all=spoken_by_all(agents),
        duty=link_duty(parsed, references),
        pronunciations=link_pronunciations(parsed, references),
        # Last: by now every voicemail and every question that is named has been met.
        questions=link_questions(parsed, references),
        voicemails=link_voicemails(parsed, references),
    )


def _rung(phones: Mapping[str, Phone]) -> list[PhoneNumber]:
    """The numbers among the phones that the rules ring."""
    return [one.phone for one in phones.values() if isinstance(one.phone, PhoneNumber)]
