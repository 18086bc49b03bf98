"""Where callers wait or leave a message, call-backs and surveys: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.numbers import PhoneNumber
from ivr.rules.fault import FaultKind
from ivr.rules.link.references import A_QUEUE, BEFORE_A_MENU, References
from ivr.rules.model import (
    AnswerTarget,
    Callback,
    Destination,
    ExitKey,
    Hours,
    Location,
    Queue,
    SayWait,
    Survey,
    Target,
    Voicemail,
    WaitStep,
)
from ivr.rules.parsed import (
    QueueWords,
    RulesFile,
    SayWaitWords,
    SurveyWords,
    VoicemailWords,
    WaitWords,
)
from ivr.rules.reading.source import WordPath
from ivr.rules.values import plain

# Stands in for a target that is missing, while the other faults are looked for.
_NO_ANSWER_TARGET = AnswerTarget(0.8, 20.0)


def link_queues(parsed: RulesFile, references: References) -> dict[str, Queue]:
    """The queues by name."""
    linking = _Queues(parsed, references)
    return {name: linking.queue(name, words) for name, words in parsed.queues.items()}


class _Queues:
    def __init__(self, parsed: RulesFile, references: References) -> None:
        self._parsed = parsed
        self._references = references
        self._source = references.source

    def queue(self, name: str, words: QueueWords) -> Queue:
        path: WordPath = ("queues", name)
        steps = [
            self._step(step, (*path, "while_waiting", number))
            for number, step in enumerate(words.while_waiting)
        ]
        # When a step comes that has lost its `after` is not known: it hides no other.
        due = [
            step
            for step, written in zip(steps, words.while_waiting, strict=True)
            if written.after is not None
        ]
        self._references.once(words.whisper, (*path, "whisper"))
        self._both(path, "at_most", "when_full")
        if self._source.has((*path, "catch_up")) and not self._source.may_have((*path, "split")):
            message, hint = (
                "catch_up stands here without split",
                "write split: {oslo: 60%, bergen: 40%}",
            )
            self._references.refuse(FaultKind.WORDS_TOGETHER, (*path, "catch_up"), message, hint)
        if self._source.has((*path, "say_every")) and not self._source.may_have((*path, "say")):
            message, hint = "say_every stands here without say", "write say: [wait.web]"
            self._references.refuse(FaultKind.WORDS_TOGETHER, (*path, "say_every"), message, hint)
        if words.survey is not None:
            self._references.refer("surveys", words.survey, (*path, "survey"))
        return Queue(
            name=name,
            answer=words.answer or _NO_ANSWER_TARGET,
            music=words.music,
            while_waiting=tuple(sorted(due, key=lambda step: step.after_seconds)),
            nobody_logged_in=self._target(words.nobody_logged_in, (*path, "nobody_logged_in")),
            ring_seconds=words.ring_time,
            wrap_up_seconds=words.wrap_up,
            at=self._source.key(path),
            say_place_seconds=words.say_place,
            say_wait=_say_wait(words.say_wait),
            say=tuple(words.say),
            say_every_seconds=words.say_every,
            at_most=words.at_most,
            when_full=self._target(words.when_full, (*path, "when_full")),
            split=self._split(words.split, (*path, "split")),
            catch_up=words.catch_up,
            at_closing=self._target(words.at_closing_time, (*path, "at_closing_time")),
            survey=words.survey,
            record=words.record,
            names_music="music" in words.model_fields_set,
            ring=words.ring,
            skills=dict(words.skills),
            widen_seconds=words.widen_after,
            last_agent_seconds=words.last_agent,
            keep_place_seconds=words.keep_place,
            whisper=tuple(dict.fromkeys(words.whisper)),
            exits=self._exits(words.keys, (*path, "keys")),
        )

    def _exits(self, keys: Mapping[str, Destination], path: WordPath) -> dict[str, ExitKey]:
        exits = {}
        for text, to in keys.items():
            here = (*path, text)
            key = plain.exit_key(text)
            target = self._references.target(to, here, BEFORE_A_MENU)
            exits[key] = ExitKey(key, target, self._source.key(here))
        return exits

    def _target(self, to: Destination | None, path: WordPath) -> Target | None:
        if to is None:
            return None
        return self._references.target(to, path, BEFORE_A_MENU)

    def _step(self, step: WaitWords, path: WordPath) -> WaitStep:
        also_ring = None
        if step.also_ring is not None:
            also_ring = self._references.target(step.also_ring, (*path, "also_ring"), A_QUEUE)
        if step.offer is not None and not self._source.may_have(("callback",)):
            message = "a call-back is offered, and nothing says how callers are called back"
            hint = "write callback: {tries: 3, retry_after: 15m}"
            self._references.refuse(FaultKind.WORDS_TOGETHER, (*path, "offer"), message, hint)
        self._one_of_three(path)
        target = self._target(step.to, (*path, "to"))
        location = self._source.value(path)
        return WaitStep(step.after or 0.0, target, location, step.offer, also_ring)

    def _one_of_three(self, path: WordPath) -> None:
        written = [word for word in ("to", "offer", "also_ring") if self._source.has((*path, word))]
        if not written and not self._source.lost_inside(path):
            message = "the word 'to' is missing: nothing happens then"
            hint = "write to: voicemail kundeservice"
            self._references.refuse(FaultKind.WORD_MISSING, path, message, hint)
        elif len(written) > 1:
            message = f"{' and '.join(written)} stand in one step"
            hint = "write each as a step of its own"
            self._references.refuse(FaultKind.WORDS_TOGETHER, path, message, hint)

    def _both(self, path: WordPath, one: str, other: str) -> None:
        """Two words that mean something together only."""
        has = [self._source.may_have((*path, word)) for word in (one, other)]
        if has[0] != has[1]:
            there, gone = (one, other) if has[0] else (other, one)
            message = f"{there} stands here without {gone}"
            examples = {"when_full": "voicemail kundeservice", "at_most": "25 waiting"}
            hint = f"write {gone}: {examples[gone]}"
            self._references.refuse(FaultKind.WORDS_TOGETHER, (*path, there), message, hint)

    def _split(self, split: Mapping[str, float] | None, path: WordPath) -> dict[str, float]:
        if split is None:
            return {}
        percents = [round(share * 100) for share in split.values()]
        if sum(percents) != 100 and not self._source.lost_inside(path):
            message = f"the shares are {sum(percents)}% together"
            hint = "let them be 100% together"
            self._references.refuse(FaultKind.SHARES, path, message, hint)
        return dict(split)


def _say_wait(words: SayWaitWords | None) -> SayWait | None:
    if words is None:
        return None
    return SayWait(words.every, words.right_within or 0.0)


def link_voicemails(parsed: RulesFile, references: References) -> dict[str, Voicemail]:
    """Those listed, and one for each department or queue whose voicemail some rule names."""
    linked = {
        name: _voicemail(name, words, references.source.key(("voicemails", name)))
        for name, words in parsed.voicemails.items()
    }
    for name in sorted(references.boxes_named - linked.keys()):
        section = "departments" if name in references.known("departments") else "queues"
        linked[name] = _voicemail(name, VoicemailWords(), references.source.key((section, name)))
    return linked


def _voicemail(name: str, words: VoicemailWords, at: Location) -> Voicemail:
    return Voicemail(name, words.say, words.at_most, at)


def link_callback(
    parsed: RulesFile,
    references: References,
    hours: Mapping[str, Hours],
    numbers: Mapping[PhoneNumber, object],
) -> Callback | None:
    """How callers are called back; None where the file does not say."""
    words = parsed.callback
    if words is None:
        return None
    path: WordPath = ("callback",)
    references.refer("hours", words.hours, (*path, "hours"))
    if words.caller_id is not None and words.caller_id not in numbers:
        message = "callers would see a number that is not among `numbers`"
        hint = "show a number of your own, and write it in `numbers`"
        references.refuse(FaultKind.CALLER_ID, (*path, "caller_id"), message, hint)
    return Callback(
        keep_place=words.keep_place,
        confirm_number=words.confirm_number,
        tries=words.tries,
        retry_seconds=words.retry_after,
        hours=hours.get(words.hours or ""),
        caller_id=words.caller_id,
        at=references.source.key(path),
    )


def link_surveys(parsed: RulesFile, references: References) -> dict[str, Survey]:
    """The surveys by name."""
    return {name: _survey(name, words, references) for name, words in parsed.surveys.items()}


def _survey(name: str, words: SurveyWords, references: References) -> Survey:
    lowest, highest = words.scale
    return Survey(
        name=name,
        by=words.by or "sms",
        say=tuple(words.say or (name,)),
        lowest=lowest,
        highest=highest,
        share=words.share,
        not_again_seconds=words.not_again_within,
        wait_seconds=words.wait,
        between_seconds=words.between,
        tries=words.tries,
        no_input=words.no_input,
        no_match=words.no_match,
        thanks=words.thanks,
        at=references.source.key(("surveys", name)),
    )
