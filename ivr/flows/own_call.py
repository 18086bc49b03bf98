"""The story of a call that an agent makes: a code, a colleague, or a number outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from ivr.call import Barred, Call, Chosen, LegAnswered, LegFailed, NotReached
from ivr.desk import Desk, Wish
from ivr.errors import ChangeRefused
from ivr.flows.hot_desk import PinsKept, sit_down
from ivr.flows.phone import connect_phone, reach
from ivr.numbers import PhoneNumber
from ivr.records.events import Answered, Ended, PhoneNotTaken, Reason, Routed
from ivr.rules.decide.dialling import CallColleague, CallNumber, Dialling, DoCode
from ivr.rules.lint.prompts import AGENT_PROMPTS, CHOOSE_REASON, reason_prompt
from ivr.rules.model import REASONS_READ, Account, Agent, CodeMeaning, Phone, RuleSet, SipAddress
from ivr.rules.visit import RingPhone

NO_SUCH_NUMBER, BUSY, NO_ANSWER, NOT_THERE, NOT_ALLOWED = 1, 17, 19, 20, 21
"""Q.850: what the agent's phone shows of a call that was not answered."""

RING_SECONDS = 45.0

_CAUSES = {
    "busy": BUSY,
    "declined": NOT_ALLOWED,
    "no_answer": NO_ANSWER,
    "gone": NOT_THERE,
    "wrong_number": NO_SUCH_NUMBER,
}

REASON_TRIES = 2
REASON_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class OwnCall:
    """A call from the phone `account`, by the agent who sits there, if one does; and what was dialled."""

    agent: Agent | None
    account: str
    dialling: Dialling


async def run_own_call(
    call: Call, own_call: OwnCall, rules: RuleSet, desk: Desk, pins: PinsKept
) -> Ended:
    """Do what was dialled. Until somebody answers, the agent hears what phones make of ringing and busy.

    Where the rules have no codes nobody recorded that there is no such one: the phone says it of the number, then.
    """
    cause = _refused(own_call.dialling, rules)
    _tell(call, own_call.dialling, is_answered=isinstance(own_call.dialling, DoCode) and not cause)
    if cause is not None:
        return Ended(by="rules", cause=cause)
    match own_call.dialling:
        case DoCode(meaning=CodeMeaning(act="sit down")):
            await call.answer()
            await sit_down(call, own_call.account, rules, desk, pins)
            return Ended(by="rules")
        case DoCode(meaning=meaning):
            await call.answer()
            await run_code(call, meaning, own_call, rules, desk)
            return Ended(by="rules")
        case CallColleague(colleague=colleague):
            phone = desk.phone_of(colleague)
            with desk.in_call_with_colleague(colleague) as is_free:
                if not is_free:
                    call.note(PhoneNotTaken(phone=colleague.name, result="busy"))
                    return Ended(by="rules", cause=BUSY)
                return await _call(call, _as_phone(colleague, phone), None)
        case CallNumber(number=number, own=own, by=by):
            return await _call(call, _as_phone(by, number), own)
        case unknown:
            assert_never(unknown)


async def run_code(
    call: Call, meaning: CodeMeaning | None, own_call: OwnCall, rules: RuleSet, desk: Desk
) -> None:
    """Do it at once, and say so: whoever hangs up while it is said has had it done.

    A pause without a reason is asked for one, and nothing is changed before it is chosen.
    """
    agent = own_call.agent
    if meaning is None or agent is None:
        await call.say("agent.no_such_code")
        return
    reasons = rules.duty.pause_reasons
    if meaning.act == "pause" and meaning.what is None and len(reasons) > 1:
        chosen = await choose_reason(call, reasons)
        if chosen is None:
            await call.say("goodbye")
            return
        meaning = CodeMeaning("pause", chosen)
    try:
        _do(desk, meaning, agent, own_call.account)
    except ChangeRefused:
        await call.say("agent.not_done")
        return
    await call.say(AGENT_PROMPTS[meaning.act])


async def choose_reason(call: Call, reasons: tuple[str, ...]) -> str | None:
    """Read the reasons with their keys, and again; None where none was chosen."""
    read = reasons[:REASONS_READ]
    listed = tuple(
        prompt
        for number, reason in enumerate(read, start=1)
        for prompt in (reason_prompt(reason), f"number.{number}")
    )
    keys = [str(number) for number in range(1, len(read) + 1)]
    for _ in range(REASON_TRIES):
        chosen = await call.choose_key(keys, (CHOOSE_REASON, *listed), REASON_SECONDS)
        if isinstance(chosen, Chosen):
            return reasons[int(chosen.key) - 1]
    return None


def _do(desk: Desk, meaning: CodeMeaning, agent: Agent, account: str) -> None:  # noqa: C901 - a line for each
    name, wish, wishes = agent.name, Wish(agent.name, "by phone"), desk.wishes
    what, sits_elsewhere = meaning.what or "", desk.phone_of(agent) != Account(account)
    match meaning.act:
        case "sign in" if sits_elsewhere:
            wishes.sit_down(name, account, wish)
        case "sign in":
            wishes.sign_in(name, wish)
        case "sign out":
            wishes.sign_out(name, wish)
        case "pause":
            wishes.pause(name, meaning.what, wish)
        case "resume":
            wishes.resume(name, wish)
        case "take":
            wishes.take_queue(name, what, wish)
        case "leave":
            wishes.leave_queue(name, what, wish)
        case "end wrap-up":
            wishes.end_wrap_up(name, wish)
        case "longer wrap-up":
            wishes.longer_wrap_up(name, 60.0, wish)
        case "stand up":
            wishes.stand_up(name, wish)
        case "sit down":
            raise ChangeRefused  # who it is, is asked: see ivr/flows/hot_desk.py
        case unknown:
            assert_never(unknown)


async def _call(call: Call, phone: Phone, own: PhoneNumber | None) -> Ended:
    call.keep_on()  # a phone rings for longer than the few seconds that taking a call may need
    with call.other_legs():
        async with call.ringing():
            reached = await reach(call, RingPhone(phone, own))
        match reached:
            case LegFailed(why) | NotReached(why):
                call.note(PhoneNotTaken(phone=phone.name, result=why))
                return Ended(by="rules", cause=_CAUSES[why])
            case Barred(by):
                call.note(PhoneNotTaken(phone=phone.name, result="barred", barred=by))
                return Ended(by="rules", cause=NOT_ALLOWED)
            case LegAnswered():
                call.note(Answered(), at_once=True)
                await call.answer()
                await connect_phone(call, phone, reached)
                return Ended(by="agent")
            case unknown:
                assert_never(unknown)


def _as_phone(agent: Agent, phone: Account | SipAddress | PhoneNumber) -> Phone:
    """What is rung goes by the agent's name in the records: of the colleague, or of who calls outside."""
    return Phone(agent.name, phone, RING_SECONDS, None, agent.at)


def _refused(dialling: Dialling, rules: RuleSet) -> int | None:
    """What the phone is told of a call that is not answered at all; None: it goes on."""
    if isinstance(dialling, CallNumber) and not dialling.is_allowed:
        return NOT_ALLOWED
    if isinstance(dialling, DoCode) and dialling.meaning is None and not rules.duty.codes:
        return NO_SUCH_NUMBER
    return None


def _tell(call: Call, dialling: Dialling, *, is_answered: bool) -> None:
    step = dialling.step
    at = step.at
    reason = (
        Reason(because=step.because)
        if at is None
        else Reason(because=step.because, file=at.file, line=at.line, path=at.path)
    )
    if is_answered:
        call.note(Answered(), at_once=True)
    call.note(Routed(to=dialling.to, language=call.language, steps=(reason,)))
