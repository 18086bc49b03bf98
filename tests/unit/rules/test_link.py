from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from ivr.numbers import parse_number
from ivr.rules.model import (
    Account,
    AnswerTarget,
    OpenRange,
    RuleSet,
    SipAddress,
    Span,
    ToDepartment,
    ToMenu,
    ToQueue,
    ToRepeat,
)


def test_the_shipped_rules_become_what_they_say(shipped: RuleSet) -> None:
    assert shipped.languages == ("nb", "en")
    assert shipped.timezone.key == "Europe/Oslo"
    assert shipped.numbers[parse_number("55301000")].site == "bergen"
    assert shipped.anything_else is not None
    assert shipped.anything_else.target.to == ToMenu("main")
    assert list(shipped.sites) == ["bergen", "trondheim", "oslo"]
    assert shipped.sites["bergen"].departments["reklamasjon"].migrated == date(2027, 2, 1)
    assert shipped.departments["faktura"].titles == {"nb": "Faktura", "en": "Invoices"}
    assert shipped.agents["tommy"].queues == ("bergen", "bergen-henting", "kundeservice")
    assert shipped.agents["ola"].languages == ("nb", "en")
    assert (
        OpenRange(5, Span(time(10), time(14))) in shipped.departments["henting"].hours.week.ranges
    )


def test_a_menu_has_the_keys_as_a_telephone_sends_them(shipped: RuleSet) -> None:
    menu = shipped.menus["main"]

    assert list(menu.options) == ["1", "2", "3", "4", "9", "*"]
    assert menu.options["*"].target.to == ToRepeat()
    assert (menu.options["9"].target.to, menu.options["9"].target.language) == (
        ToMenu("main"),
        "en",
    )
    assert (menu.wait_seconds, menu.between_seconds, menu.tries) == (6.0, 3.0, 3)
    assert menu.nothing_chosen.to == ToDepartment("kundeservice")


def test_what_is_not_written_has_sensible_values(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: menu main}
menus: {main: {say: welcome, keys: {12: queue main}, nothing_chosen: hangup}}
departments:
  faktura: {name: Faktura, hours: office, national: queue main, closed: {say: shut, to: hangup}}
  bare: {hours: office, national: queue main, closed: {say: shut, to: hangup}}
hours: {office: {mon-fri: 08:00-16:00}}
queues: {main: {answer: 80% within 20s}}
agents:
  kari: {phone: kari, queues: main}
  ola: {phone: "sip:ola@127.0.0.1:5091"}
"""
    )

    menu, queue = rules.menus["main"], rules.queues["main"]
    assert rules.languages == ("nb",)
    assert menu.say == ("welcome",)
    assert (menu.no_input, menu.no_match, menu.barge_in) == ("no_input", "no_match", True)
    assert queue.answer == AnswerTarget(0.8, 20.0)
    assert (queue.ring_seconds, queue.wrap_up_seconds, queue.music) == (20.0, 0.0, "calm")
    assert rules.departments["faktura"].titles == {"nb": "Faktura"}
    assert rules.departments["bare"].titles == {"nb": "bare"}
    assert rules.agents["kari"].phone == Account("kari")
    assert rules.agents["kari"].queues == ("main",)
    assert rules.agents["ola"].phone == SipAddress("sip:ola@127.0.0.1:5091")
    assert rules.voicemails == {}


def test_steps_of_waiting_come_in_the_order_of_their_times(shipped: RuleSet) -> None:
    step = shipped.queues["faktura"].while_waiting[0]

    assert step.target is not None
    assert (step.after_seconds, step.target.to) == (180.0, ToQueue("kundeservice"))
    assert step.at.path == "queues.faktura.while_waiting.0"
