"""`ivr call`: a telephone of text. The rules speak, and the caller types keys."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

import click

from ivr.audio.script import read_script
from ivr.cli.explain import dimmed
from ivr.cli.shared.arguments import (
    at_option,
    caller_given,
    caller_option,
    dialled_given,
    given_option,
    moment_given,
    presence_given,
    rules_in,
)
from ivr.cli.shared.call_words import CALL_WORDS, CallWords
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath, prompts_beside
from ivr.cli.shared.keyboard import Keyboard, keyboard
from ivr.cli.shared.language import language_option, language_told
from ivr.errors import PromptRefused
from ivr.menus.digits import key_word
from ivr.rules.decision import Facts, FreeGiven
from ivr.rules.model import Agent, Phone, Queue, RuleSet
from ivr.showing.conversation import (
    CallOver,
    Decided,
    Hears,
    HearsRinging,
    LeavesMessage,
    MayAgree,
    MayKey,
    Reply,
    Scene,
    Waits,
    conversation,
)
from ivr.showing.outcome import moment_told
from ivr.showing.prompt_words import PromptWords, words_of
from ivr.showing.sentences import Language
from ivr.showing.steps import steps_told


@click.command()
@click.option(
    "--to", "dialled", metavar="NUMBER", help="The number that is dialled.  [default: the first]"
)
@caller_option
@at_option
@given_option
@click.option("--rules", type=DiskPath(), default=DEFAULT_RULES, show_default=True)
@click.option("--why", is_flag=True, help="Show each step with its line in the rules.")
@language_option
def call(
    dialled: str | None,
    caller: str | None,
    when: str | None,
    given: tuple[str, ...],
    rules: Path,
    why: bool,
    language: Language | None,
) -> None:
    """Call the rules from the terminal: read what the voice says, and type the keys.

    No telephone and no server are needed. The end of the input (Ctrl-D) hangs up.
    """
    rule_set = rules_in(rules)
    first = next(iter(rule_set.numbers), None)
    calling, present = caller_given(caller), presence_given(given, rule_set)
    facts = Facts(
        at=moment_given(when, rule_set.timezone),
        dialled=dialled_given(dialled, "--to") if dialled is not None else first,
        caller=calling.number,
        withheld=calling.is_withheld,
        language=rule_set.languages[0],
        signed_in=present.agents,
        waiting=present.waiting,
        free=FreeGiven(present.free),
    )
    told_in = language_told(language)
    words = CALL_WORDS[told_in]
    number = facts.dialled.spaced if facts.dialled else words.no_number
    there = facts.at.astimezone(rule_set.timezone)
    click.echo(words.begins.format(number, moment_told(there, told_in)))
    talk = conversation(rule_set, facts)
    with keyboard(words) as typed:
        steps_in = told_in if why else None
        told = _Told(rule_set, _script(prompts_beside(rules)), typed, words, steps_in)
        happening = next(talk)
        try:
            while not isinstance(happening, CallOver):
                happening = talk.send(told.tell(happening))
        except KeyboardInterrupt:
            click.echo()
            happening = CallOver(by_caller=True)
        told.end(happening)


def _script(prompts: Path) -> PromptWords:
    """The words of the script; none where there is no script that can be read: the prompts' names serve then."""
    try:
        lines = read_script(prompts).lines
    except PromptRefused:
        return {}
    return {(line.name, line.language): line.words for line in lines}


class _Told:
    """Tells what happens, and asks the person at the keyboard."""

    def __init__(
        self,
        rules: RuleSet,
        script: PromptWords,
        typed: Keyboard,
        words: CallWords,
        steps_in: Language | None,
    ) -> None:
        self._rules = rules
        self._script = script
        self._steps_in = steps_in
        self._keyboard = typed
        self._words = words

    def tell(self, happening: Scene) -> Reply:  # noqa: C901 - a case for each
        match happening:
            case Decided(decision):
                if self._steps_in is not None:
                    for line in steps_told(decision.steps, self._steps_in, dimmed):
                        click.echo(f"  {line}")
            case Hears(prompts, facts):
                for prompt in prompts:
                    self._say(prompt, facts)
            case MayKey(place):
                return self._keyboard.row(place)
            case MayAgree():
                return self._keyboard.key(self._words.agrees)
            case Waits():
                return self._wait(happening)
            case HearsRinging(phone):
                return self._ringing(phone)
            case LeavesMessage(box):
                click.echo(self._words.leaves_message.format(box.name))
                return self._keyboard.choice(self._words.done)
            case CallOver():
                self.end(happening)
            case unknown:
                assert_never(unknown)
        return None

    def end(self, ended: CallOver) -> None:
        if ended.by_caller:
            click.echo(self._words.hung_up)
        elif ended.talked_with is not None:
            click.echo(self._words.talked.format(_who(ended.talked_with, self._words)))
        else:
            click.echo(self._words.ended)

    def _say(self, prompt: str, facts: Facts) -> None:
        words = words_of(self._script, prompt, facts.language, facts.site, self._rules.languages)
        name = click.style(f"[{prompt}]", dim=True)
        click.echo(f"{name} {words}" if words else name)

    def _ringing(self, phone: Phone) -> bool | None:
        click.echo(self._words.rings.format(phone.name, f"{phone.ring_seconds:g}"))
        answer = self._keyboard.choice(self._words.taken)
        return None if answer is None else answer.lower() != "w"

    def _wait(self, waits: Waits) -> Reply:
        queue, agents, step, words = waits.queue, waits.agents, waits.next_step, self._words
        click.echo(words.waits.format(queue.name, queue.music))
        on = words.wait_until.format(f"{step.after_seconds:g}", step) if step else words.wait_on
        leads_out = ", ".join(map(key_word, queue.exits))
        out = words.leave.format(leads_out) if leads_out else ""
        if not agents:
            click.echo(words.nobody)
            answer = self._keyboard.choice(words.enter.format(f"{on}{out}"))
            return None if answer is None else _exit_key(queue, answer) or False
        names = [agent.title for agent in agents]
        others = words.then_ring.format(", ".join(names[1:])) if names[1:] else ""
        click.echo(words.would_ring.format(names[0], others))
        answer = self._keyboard.choice(words.answers.format(names[0], f"{on}{out}"))
        return None if answer is None else _exit_key(queue, answer) or answer.lower() != "w"


def _exit_key(queue: Queue, typed: str) -> str | None:
    """The key of the queue that was typed, as itself or as the rules write it."""
    return next((key for key in queue.exits if typed.lower() in {key, key_word(key)}), None)


def _who(talked_with: Agent | Phone, words: CallWords) -> str:
    match talked_with:
        case Agent(title=title):
            return title
        case Phone(name=name):
            return words.phone.format(name)
