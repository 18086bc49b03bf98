"""How Asterisk reaches numbers outside: over which trunk, at which address, and what is shown there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ivr.ari.routes import Presented, Route, RoutesTo, routes_to_phone
from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.model import Account, SipAddress
from ivr.trunks import Trunk, written


def routes_over(trunks: Callable[[], Sequence[Trunk]]) -> RoutesTo:
    """Routes to phones of ours, and to numbers outside over these trunks in this order, address by address."""

    def routes_to(
        phone: Account | SipAddress | PhoneNumber, presented: Presented
    ) -> tuple[Route, ...]:
        if not isinstance(phone, PhoneNumber):
            return routes_to_phone(phone)
        return tuple(way for trunk in trunks() for way in ways_over(trunk, phone, presented))

    return routes_to


def ways_over(trunk: Trunk, number: PhoneNumber, presented: Presented) -> Iterator[Route]:
    """By address and not by name: of a name's addresses Asterisk tries one only."""
    said = trunk.said
    dialled = written(number, said.number_form)
    shown, variables = _shown_over(trunk, presented)
    for host in trunk.hosts:
        yield Route(
            f"PJSIP/{trunk.name}/{trunk.uri(host, dialled)}",
            codecs=said.codecs,
            trunk=trunk.name,
            address=str(host),
            shown=shown,
            variables=variables,
            first_answer_seconds=said.first_answer_seconds,
        )


def _shown_over(trunk: Trunk, presented: Presented) -> tuple[str, dict[str, str]]:
    """The number that is shown, and the variables that say more of it.

    A caller's own number goes with ours as the one that passed the call on: carriers refuse a stranger's without.
    """
    said = trunk.said
    number = presented.own or (parse_number(said.own_number) if said.own_number else None)
    own = written(number, said.number_form) if number else ""
    if presented.is_hidden:
        return own, {"CONNECTEDLINE(pres)": "prohib"}
    if presented.caller is None or not said.forward_callers:
        return own, {}
    caller = written(presented.caller, said.number_form)
    if not own:
        return caller, {}
    return caller, {
        "REDIRECTING(from-num,i)": own,
        "REDIRECTING(reason,i)": "unconditional",
        "REDIRECTING(count,i)": "1",
    }
