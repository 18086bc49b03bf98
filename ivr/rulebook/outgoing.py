"""What the settings of calls out lack for these rules: numbers that could never be called, and what is shown there."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import DialledNumber, Location, Phone, RuleSet
from ivr.settings import Settings
from ivr.trunks import Allowance


def outgoing_faults(settings: Settings, rules: RuleSet) -> Iterator[Fault]:
    """Of each phone that is a number outside; none where the rules have none, or Asterisk runs elsewhere."""
    outside = {
        phone: phone.phone
        for phone in rules.phones.values()
        if isinstance(phone.phone, PhoneNumber)
    }
    if not outside or settings.asterisk.ari is not None:
        return
    for phone, number in outside.items():
        yield from _number(settings, phone, number)
    if not settings.trunk:
        first = next(iter(outside))
        message = f"phone {first.name} is a number outside, and no trunk is there to call it over"
        hint = "describe your carrier in ivr.toml: `[[trunk]]`"
        yield fault(FaultKind.NO_WAY_OUT, first.at, message, hint)
        return
    yield from _shown(settings, rules, outside)


def _number(settings: Settings, phone: Phone, number: PhoneNumber) -> Iterator[Fault]:
    said = settings.outgoing
    match Allowance(said.allow, said.never).forbids(number, is_named=True):
        case "never":
            message = (
                f"the number of phone {phone.name} is one that `outgoing.never` of ivr.toml forbids"
            )
            hint = "it is never called: give the phone another number"
            yield fault(FaultKind.NEVER_CALLED, phone.at, message, hint)
        case "not_allowed":
            message = (
                f"`outgoing.allow` of ivr.toml does not allow the number of phone {phone.name}"
            )
            hint = "it is never called: have its kind or its country allowed there, or give the phone another"
            yield fault(FaultKind.NEVER_CALLED, phone.at, message, hint)
    own = {trunk.name: trunk.own_number for trunk in settings.trunk if trunk.own_number}
    for name, text in own.items():
        if parse_number(text) == number:
            message = (
                f"phone {phone.name} is trunk {name}'s own number: a call sent there comes in again"
            )
            hint = "name where its callers go instead, or the number of the phone itself"
            yield fault(FaultKind.CALLS_OURSELVES, phone.at, message, hint)


def _shown(
    settings: Settings, rules: RuleSet, outside: dict[Phone, PhoneNumber]
) -> Iterator[Fault]:
    """Carriers refuse calls that show no number, or one that is not ours."""
    in_settings = Location("ivr.toml", 1, 1, "trunk")
    has_places = all(entry.site and rules.sites[entry.site].caller_id for entry in _entries(rules))
    for trunk in settings.trunk:
        if not has_places and trunk.own_number is None and trunk.from_user == "number":
            message = (
                f"calls out over trunk {trunk.name} show no number, and its carrier may refuse them"
            )
            hint = f'write own_number = "+47 …" below `[[trunk]]` {trunk.name}'
            yield fault(FaultKind.SHOWS_NO_NUMBER, in_settings, message, hint)
    if any(trunk.forward_callers for trunk in settings.trunk):
        return
    for phone in outside:
        if phone.shows_caller:
            message = f"phone {phone.name} is to see the caller's number, and no trunk takes that"
            hint = "ask the carrier, and write forward_callers = true below its `[[trunk]]`, or take caller_id out"
            yield fault(FaultKind.CALLER_NOT_SHOWN, phone.at, message, hint)


def _entries(rules: RuleSet) -> Iterator[DialledNumber]:
    yield from rules.numbers.values()
    if rules.anything_else is not None:
        yield rules.anything_else
