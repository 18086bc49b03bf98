"""Who takes calls, agents and phones outside the queues: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ivr.numbers import PhoneNumber
from ivr.rules.fault import FaultKind, did_you_mean
from ivr.rules.link.references import BEFORE_A_MENU, References
from ivr.rules.model import Account, Agent, Phone, SipAddress
from ivr.rules.parsed import AgentWords, RulesFile
from ivr.rules.reading.source import WordPath
from ivr.rules.values import phones


def link_agents(parsed: RulesFile, references: References) -> dict[str, Agent]:
    """The agents by name."""
    linked: dict[str, Agent] = {}
    owners: dict[Account | SipAddress, str] = {}
    for name, words in parsed.agents.items():
        linked[name] = _agent(name, words, parsed, references)
        owner = owners.setdefault(words.phone, name) if words.phone else name
        if owner != name:
            path: WordPath = ("agents", name, "phone")
            message = f"this is the phone of {owner} too"
            references.refuse(FaultKind.PHONE_SHARED, path, message, "give each a phone")
    _numbers_differ(parsed, references)
    return linked


def spoken_by_all(agents: Mapping[str, Agent]) -> dict[str, frozenset[str]]:
    """For each queue that somebody answers, the languages that all of its agents speak."""
    spoken: dict[str, frozenset[str]] = {}
    for agent in agents.values():
        for queue in agent.queues:
            languages = frozenset(agent.languages)
            spoken[queue] = spoken.get(queue, languages) & languages
    return spoken


def _numbers_differ(parsed: RulesFile, references: References) -> None:
    """One number is one agent, and none that callers dial."""
    own = {phones.dialled_number(text) for text in parsed.numbers or {}}
    owners: dict[str, str] = {}
    for name, words in parsed.agents.items():
        if words.number is None:
            continue
        path: WordPath = ("agents", name, "number")
        owner = owners.setdefault(words.number, name)
        if owner != name:
            message = f"{words.number} is the number of {owner} too"
            references.refuse(FaultKind.NUMBER_TWICE, path, message, "give each another")
        elif PhoneNumber(words.number) in own:
            message = f"{words.number} stands among `numbers`, and a call goes there"
            references.refuse(FaultKind.NUMBER_TWICE, path, message, "give the agent another")


def _agent(name: str, words: AgentWords, parsed: RulesFile, references: References) -> Agent:
    path: WordPath = ("agents", name)
    references.refer_each("queues", words.queues, (*path, "queues"))
    references.once(words.languages, (*path, "languages"))
    for number, language in enumerate(words.languages):
        references.language(language, (*path, "languages", number))
    sites = references.known("sites")
    if words.site is not None and words.site not in sites:
        message = f"there is no site called {words.site!r}"
        hint = did_you_mean(words.site, sites) or "write it below `sites`"
        references.refuse(FaultKind.AGENT_SITE, (*path, "site"), message, hint)
    return Agent(
        name=name,
        title=words.name or name,
        phone=words.phone or Account(name),
        site=words.site,
        queues=tuple(dict.fromkeys(words.queues)),
        languages=tuple(words.languages) or tuple(parsed.languages),
        number=words.number,
        may_call=tuple(dict.fromkeys(words.may_call)),
        at=references.source.key(path),
        skills=dict(words.skills),
    )


def link_phones(
    parsed: RulesFile, references: References, own: Collection[PhoneNumber]
) -> dict[str, Phone]:
    """The phones that calls are sent to, by name; `own` are the numbers that callers dial."""
    linked = {}
    for name, words in parsed.phones.items():
        path: WordPath = ("phones", name)
        no_answer = None
        if words.no_answer is not None:
            no_answer = references.target(words.no_answer, (*path, "no_answer"), BEFORE_A_MENU)
        phone = words.phone or Account(name)
        _not_our_own(phone, own, references, path)
        if words.caller_id is not None and not isinstance(phone, PhoneNumber):
            message = (
                "caller_id stands at a phone of your own, which sees the caller's number always"
            )
            references.refuse(
                FaultKind.WORDS_TOGETHER, (*path, "caller_id"), message, "take it out"
            )
        linked[name] = Phone(
            name,
            phone,
            words.ring_time,
            no_answer,
            references.source.key(path),
            confirm=words.confirm,
            shows_caller=words.caller_id == "caller",
            music=words.music,
        )
    return linked


def _not_our_own(
    phone: Account | SipAddress | PhoneNumber,
    own: Collection[PhoneNumber],
    references: References,
    path: WordPath,
) -> None:
    """A number of our own would come in again, and be sent out again."""
    if isinstance(phone, PhoneNumber) and phone in own:
        place = (*path, "phone") if references.source.has((*path, "phone")) else path
        message = f"{phone.spaced} is a number of your own: a call sent there comes in again"
        hint = "name where its callers go instead, or the number of the phone itself"
        references.refuse(FaultKind.CALLS_OURSELVES, place, message, hint)
