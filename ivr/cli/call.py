"""`ivr call`: a telephone of text. The rules speak, and the caller types keys."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

import click

from ivr.audio.script import read_script
from ivr.cli.explain import dimmed
from ivr.cli.shared.arguments import (
    agents_given,
    at_option,
    caller_given,
    caller_option,
    given_option,
    moment_given,
    number_given,
    rules_in,
)
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath, prompts_beside
from ivr.cli.shared.keyboard import Keyboard, keyboard
from ivr.cli.shared.language import language_option, language_told
from ivr.errors import PromptRefused
from ivr.menus.digits import key_word
from ivr.rules.decision import Facts
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
    calling = caller_given(caller)
    facts = Facts(
        at=moment_given(when, rule_set.timezone),
        dialled=number_given(dialled, "--to") if dialled is not None else first,
        caller=calling.number,
        withheld=calling.is_withheld,
        language=rule_set.languages[0],
        signed_in=agents_given(given, rule_set),
    )
    there = facts.at.astimezone(rule_set.timezone)
    number = facts.dialled.spaced if facts.dialled else "no number"
    click.echo(f"You call {number}, {there:%A} {there.day} {there:%B %Y %H:%M}. Ctrl-D hangs up.")
    talk = conversation(rule_set, facts)
    with keyboard() as typed:
        steps_in = language_told(language) if why else None
        told = _Told(rule_set, _script(prompts_beside(rules)), typed, steps_in)
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
        self, rules: RuleSet, script: PromptWords, typed: Keyboard, steps_in: Language | None
    ) -> None:
        self._rules = rules
        self._script = script
        self._steps_in = steps_in
        self._keyboard = typed

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
                return self._keyboard.key("1: it is right, another key: it is not; Enter: nothing")
            case Waits():
                return self._wait(happening)
            case HearsRinging(phone):
                return self._ringing(phone)
            case LeavesMessage(box):
                click.echo(f"You can leave a message in voicemail {box.name}.")
                return self._keyboard.choice("Enter: done")
            case CallOver():
                self.end(happening)
            case unknown:
                assert_never(unknown)
        return None

    def end(self, ended: CallOver) -> None:
        if ended.by_caller:
            click.echo("You hung up.")
        elif ended.talked_with is not None:
            click.echo(f"{_who(ended.talked_with)} answers, and you talk. The call is over.")
        else:
            click.echo("The call is hung up.")

    def _say(self, prompt: str, facts: Facts) -> None:
        words = words_of(self._script, prompt, facts.language, facts.site, self._rules.languages)
        name = click.style(f"[{prompt}]", dim=True)
        click.echo(f"{name} {words}" if words else name)

    def _ringing(self, phone: Phone) -> bool | None:
        click.echo(f"It rings at phone {phone.name}, for {phone.ring_seconds:g} s.")
        answer = self._keyboard.choice("Enter: it is taken; w: nobody takes it")
        return None if answer is None else answer.lower() != "w"

    def _wait(self, waits: Waits) -> Reply:
        queue, agents, step = waits.queue, waits.agents, waits.next_step
        click.echo(f"You wait in queue {queue.name}, and hear the music {queue.music}.")
        on = f"wait until {step.after_seconds:g} s have passed ({step})" if step else "wait on"
        leads_out = ", ".join(map(key_word, queue.exits))
        out = f"; {leads_out}: leave the queue" if leads_out else ""
        if not agents:
            click.echo("Nobody is there to answer.")
            answer = self._keyboard.choice(f"Enter: {on}{out}")
            return None if answer is None else _exit_key(queue, answer) or False
        names = [agent.title for agent in agents]
        others = f", then that of {', '.join(names[1:])}" if names[1:] else ""
        click.echo(f"{names[0]}'s phone would ring{others}.")
        answer = self._keyboard.choice(f"Enter: {names[0]} answers; w: {on}{out}")
        return None if answer is None else _exit_key(queue, answer) or answer.lower() != "w"


def _exit_key(queue: Queue, typed: str) -> str | None:
    """The key of the queue that was typed, as itself or as the rules write it."""
    return next((key for key in queue.exits if typed.lower() in {key, key_word(key)}), None)


def _who(talked_with: Agent | Phone) -> str:
    match talked_with:
        case Agent(title=title):
            return title
        case Phone(name=name):
            return f"Phone {name}"
