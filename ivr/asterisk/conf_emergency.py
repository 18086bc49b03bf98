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

    After each failure the log says which SIP status came, if one came. Only functions are asked, and `HangupCauseClear`
    only where one of its own module's has answered: an application that is not there would end the call.

    The first goes by the trunk's name: one that is known not to answer is passed over at once. The second goes by
    address, past all that is known: it may be wrong. Any failure leads to the next, busy too; ringing has no limit,
    only the first sign of it has. Where a carrier names another number (302), that is not called.

    No step limits the call. `h` runs when it is over, however it ended.
    """
    return "\n".join(
        (
            f"[{EMERGENCY_CONTEXT}]",
            *(_emergency(blueprint, number) for number in EMERGENCY_NUMBERS),
            steps("h", f"Log(WARNING,{_CALL} ended: ${{DIALSTATUS}} ${{ANSWEREDTIME}} ${{WAY}})"),
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
    tries = [
        (trunk, place, whom)
        for whoms in (_by_name, _by_address)
        for place, trunk in enumerate(ways)
        for whom in whoms(trunk)
    ]
    as_number = f" as ${{{_variable(0)}}}" if ways else ""
    shown = ("Ringing()", "Set(CALLERID(name)=)", "Set(CALLERID(pres)=allowed)")
    return steps(
        number,
        f"Set(EMERGENCY={number})",
        f"Log(WARNING,{_CALL} began{as_number})",
        *(shown if ways else ()),
        *(
            step
            for count, (trunk, place, whom) in enumerate(tries, 1)
            for step in _try(blueprint, count, trunk, place, whom)
        ),
        f"Log(WARNING,{_CALL} refused: {'no trunk took it' if ways else 'no trunk takes emergency calls'})",
        "Hangup(34)",
    )


def _by_name(trunk: Trunk) -> Iterator[str]:
    yield f"${{EMERGENCY}}@{way_out_for_emergencies(trunk)}"


def _by_address(trunk: Trunk) -> Iterator[str]:
    for host in trunk.hosts:
        uri = trunk.uri(host, "${EMERGENCY}").replace(";", "\\;")
        yield f"{way_out_for_emergencies(trunk)}/{uri}"


def _try(blueprint: Blueprint, count: int, trunk: Trunk, place: int, whom: str) -> Iterator[str]:
    """`count` makes the labels of this try its own; `place` is the trunk's among those for emergencies."""
    none_yet = '$["${HANGUPCAUSE_KEYS()}" = ""]'
    yield f"GotoIf({none_yet}?dial{count})"
    yield "HangupCauseClear()"
    yield f"(dial{count})Set(CALLERID(num)=${{{_variable(place)}}})"
    yield f"Set(WAY={trunk.name})"
    yield "Set(SAID=)"
    yield f"Dial(PJSIP/{whom},^{blueprint.emergency_first_answer_seconds},i)"
    yield f"GotoIf({none_yet}?told{count})"
    yield "Set(SAID=${HANGUPCAUSE(${HANGUPCAUSE_KEYS()},tech)})"
    yield f"(told{count})Log(WARNING,{_CALL} not taken by {trunk.name}: ${{DIALSTATUS}} ${{SAID:4:3}})"


def _variable(place: int) -> str:
    return f"EMERGENCY_NUMBER_{place + 1}"
