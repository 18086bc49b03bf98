"""Emergency calls: they go out whatever is broken, and no server need be there."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.asterisk.blueprint import Blueprint, PhoneAccount
from ivr.asterisk.conf_trunks import way_out_for_emergencies
from ivr.asterisk.steps import steps
from ivr.numbers import EMERGENCY_NUMBERS
from ivr.trunks import Trunk, written

EMERGENCY_CONTEXT = "emergency"
"""Where a phone's channel is from the dialling of an emergency number to the end of the call."""

_CALL = "emergency call ${UNIQUEID} to ${EMERGENCY} from phone ${CHANNEL(endpoint)}"


def emergency_context(blueprint: Blueprint) -> str:
    """Every emergency number, over every trunk that takes them, in two rounds.

    The first goes by the trunk's name: one that is known not to answer is passed over at once. The second goes by
    address, past all that is known: it may be wrong. Any failure leads to the next, busy too; ringing has no limit,
    only the first sign of it has. Where a carrier names another number (302), that is not called.

    No step limits the call. `h` runs when it is over, however it ended.
    """
    return "\n".join(
        (
            f"[{EMERGENCY_CONTEXT}]",
            *(_emergency(blueprint, number) for number in EMERGENCY_NUMBERS),
            steps("h", f"Log(WARNING,{_CALL} ended: ${{DIALSTATUS}} ${{ANSWEREDTIME}})"),
        )
    )


def shown_by(blueprint: Blueprint, account: PhoneAccount) -> Iterator[str]:
    """The phone's own variables: by which number emergency centres find it, as each trunk writes it."""
    if account.emergency_number is not None:
        for place, trunk in enumerate(blueprint.emergency_ways):
            number = written(account.emergency_number, trunk.said.number_form)
            yield f"{_variable(place)}={number}"


def _emergency(blueprint: Blueprint, number: str) -> str:
    """Refused at once (34, which is SIP's 503) where nobody takes it, without a word.

    A phone that gets a refusal, unlike one that was answered, may try its mobile network by itself;
    a prompt before it would cost seconds.
    """
    ways = blueprint.emergency_ways
    shown = ("Ringing()", "Set(CALLERID(name)=)", "Set(CALLERID(pres)=allowed)")
    return steps(
        number,
        f"Set(EMERGENCY={number})",
        f"Log(WARNING,{_CALL} began)",
        *(shown if ways else ()),
        *(step for place, trunk in enumerate(ways) for step in _by_name(blueprint, place, trunk)),
        *(
            step
            for place, trunk in enumerate(ways)
            for step in _by_address(blueprint, place, trunk)
        ),
        f"Log(WARNING,{_CALL} refused: {'no trunk took it' if ways else 'no trunk takes emergency calls'})",
        "Hangup(34)",
    )


def _by_name(blueprint: Blueprint, place: int, trunk: Trunk) -> Iterator[str]:
    yield from _try(blueprint, place, trunk, f"${{EMERGENCY}}@{way_out_for_emergencies(trunk)}")


def _by_address(blueprint: Blueprint, place: int, trunk: Trunk) -> Iterator[str]:
    for host in trunk.hosts:
        uri = f"{way_out_for_emergencies(trunk)}/sip:${{EMERGENCY}}@{host}"
        yield from _try(blueprint, place, trunk, uri)


def _try(blueprint: Blueprint, place: int, trunk: Trunk, whom: str) -> Iterator[str]:
    yield f"Set(CALLERID(num)=${{{_variable(place)}}})"
    yield f"Dial(PJSIP/{whom},^{blueprint.emergency_first_answer_seconds},i)"
    yield f"Log(WARNING,{_CALL} not taken by {trunk.name}: ${{DIALSTATUS}} ${{HANGUPCAUSE}})"


def _variable(place: int) -> str:
    return f"EMERGENCY_NUMBER_{place + 1}"
