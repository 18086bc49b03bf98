"""Every error of ours, as a tree.

IvrError
├── CallerHungUp
├── NotConnected
├── AsteriskError
│   ├── AsteriskUnreachable
│   ├── AsteriskRefused
│   ├── AsteriskTooOld
│   ├── AsteriskMissing
│   ├── AsteriskNotStarted
│   ├── ApplicationTaken
│   ├── ListenerOverflow
│   └── Gone
│       └── ChannelGone
├── RulesRefused
├── ChangeRefused
├── ArchiveRefused
├── ServerNotRunning
├── NumberRefused
├── AnswerRefused
├── ConfigRefused
├── PortTaken
├── PromptMissing
├── PromptRefused
├── ProgramMissing
├── PhoneFailed
├── SpeechFailed
├── DemoFailed
└── StoreFailed

A class docstring is a sentence to the person who reads the log; it is the message where none is given.
Facts are attributes. `code` is stable: scripts and the reference in `docs/` rely on it.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeVar

E = TypeVar("E", bound=Exception)


class IvrError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "ivr-error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().split("\n\n")[0])


def first_of(group: BaseExceptionGroup[E]) -> E:
    """The first error in a group of groups."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


class CallerHungUp(IvrError):
    """The caller hung up; the call's story is over. Not a fault."""

    code = "caller-hung-up"


class NotConnected(IvrError):
    """Caller and other leg could not be brought together: the other leg had ended, or their bridge was gone."""

    code = "not-connected"


class AsteriskError(IvrError):
    """Asterisk could not do what it was asked."""

    code = "asterisk-error"


class AsteriskUnreachable(AsteriskError):
    """Asterisk does not answer. The link is tried again by itself."""

    code = "asterisk-unreachable"


class AsteriskRefused(AsteriskError):
    """Asterisk refused a request of ours."""

    code = "asterisk-refused"

    def __init__(self, request: str, status: int, reason: str) -> None:
        super().__init__(f"Asterisk refused `{request}`: {status} {reason}")
        self.request = request
        self.status = status
        self.reason = reason


class AsteriskTooOld(AsteriskError):
    """This Asterisk is older than the oldest that is safe to use."""

    code = "asterisk-too-old"

    def __init__(self, found: str, wanted: str, where: str) -> None:
        super().__init__(
            f"the Asterisk at {where} is {found}; {wanted} or newer is needed (it closed security holes "
            f"that this server would be exposed to). Install {wanted}, or take the old one off the path "
            "and let `ivr serve` use its private copy"
        )
        self.found = found
        self.wanted = wanted
        self.where = where


class AsteriskMissing(AsteriskError):
    """There is no Asterisk on this machine, and none could be fetched."""

    code = "asterisk-missing"


class AsteriskNotStarted(AsteriskError):
    """An Asterisk of ours was started and did not come up."""

    code = "asterisk-not-started"

    def __init__(self, reason: str, log: str, last_lines: str) -> None:
        super().__init__(
            f"Asterisk did not start: {reason}. Its log is {log}; it ends with\n{last_lines}"
        )
        self.reason = reason
        self.log = log


class ApplicationTaken(AsteriskError):
    """Another server has taken over this application name on the same Asterisk; this one steps down."""

    code = "application-taken"


class ListenerOverflow(AsteriskError):
    """Events came faster than this part of the server could read them."""

    code = "listener-overflow"

    def __init__(self, longest: int) -> None:
        super().__init__(f"more than {longest} events waited to be read by one listener")
        self.longest = longest


class Gone(AsteriskError):
    """What a request was about is not there any more. `noun` says what it is, `id` which one.

    Of a playback or a recording that is normal: it was over. Of a bridge it is not: somebody took it away.
    """

    code = "gone"

    def __init__(
        self,
        noun: Literal["channel", "bridge", "playback", "recording"],
        thing_id: str,
        message: str | None = None,
    ) -> None:
        super().__init__(message)
        self.noun = noun
        self.id = thing_id


class ChannelGone(Gone):
    """A leg ended between two verbs. Normal at the end of a call. `id` is empty if it may be any of several."""

    code = "channel-gone"

    def __init__(self, channel_id: str, message: str | None = None) -> None:
        super().__init__("channel", channel_id, message)


class RulesRefused(IvrError):
    """The rules have faults; the rules in force stay as they are.

    `faults` holds the texts, one finding each, as `ivr check` prints them.
    """

    code = "rules-refused"

    def __init__(self, faults: tuple[str, ...]) -> None:
        # Each finding on a line of its own, beginning with its place, so that an editor finds the way there.
        super().__init__("\n".join(("the rules have faults:", *faults)))
        self.faults = faults


class ChangeRefused(IvrError):
    """The running server was asked for a change that it cannot make; nothing was changed."""

    code = "change-refused"


class ArchiveRefused(IvrError):
    """What another switchboard wrote cannot be taken in so."""

    code = "archive-refused"


class ServerNotRunning(IvrError):
    """No server runs with this home folder, so there is none to change."""

    code = "server-not-running"

    def __init__(self, home: str, reason: str) -> None:
        super().__init__(
            f"no server runs with the home folder {home} ({reason}); start one with "
            f"`ivr serve --home {home}`, or name the folder of the one that runs with --home"
        )
        self.home = home
        self.reason = reason


class NumberRefused(IvrError):
    """This is not a phone number."""

    code = "number-refused"

    def __init__(self, text: str, wanted: str) -> None:
        super().__init__(f"{text!r} is not a phone number: {wanted}")
        self.text = text
        self.wanted = wanted


class AnswerRefused(IvrError):
    """An answer that a first centre cannot be made of."""

    code = "answer-refused"


class ConfigRefused(IvrError):
    """A setting is wrong. `place` is the file and line where it stands, if it is known."""

    code = "config-refused"

    def __init__(self, key: str, value: object, expected: str, place: str | None = None) -> None:
        where = f"{place}: " if place else ""
        super().__init__(f"{where}setting {key} is {value!r}; write {expected}")
        self.key = key
        self.value = value
        self.expected = expected
        self.place = place


class PortTaken(IvrError):
    """A port that this server needs is taken by another program."""

    code = "port-taken"

    def __init__(self, address: str, purpose: str, option: str) -> None:
        super().__init__(
            f"{address} ({purpose}) is taken by another program; choose another with {option}"
        )
        self.address = address
        self.option = option


class PromptMissing(IvrError):
    """A prompt has no recording in any language."""

    code = "prompt-missing"

    def __init__(self, name: str, language: str) -> None:
        super().__init__(
            f"there is no recording of the prompt {name!r} in language {language!r}; "
            f"put it at prompts/{language}/{name}.wav"
        )
        self.name = name
        self.language = language


class PromptRefused(IvrError):
    """A file cannot be used as a prompt, or as the prompts' script."""

    code = "prompt-refused"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class ProgramMissing(IvrError):
    """A program that this command runs is not on this machine."""

    code = "program-missing"

    def __init__(self, program: str, purpose: str, instead: str) -> None:
        super().__init__(f"{program} was not found; it is needed {purpose}. {instead}")
        self.program = program
        self.purpose = purpose


class PhoneFailed(IvrError):
    """A phone played by SIPp did not come up, or could not sign in."""

    code = "phone-failed"

    def __init__(self, purpose: str, failures: tuple[str, ...]) -> None:
        super().__init__("\n".join((f"SIPp could not {purpose}:", *failures)))
        self.purpose = purpose
        self.failures = failures


class SpeechFailed(IvrError):
    """What a caller says cannot be heard; the keys work as ever."""

    code = "speech-failed"

    def __init__(self, why: str) -> None:
        super().__init__(f"what the caller says is not heard: {why}")
        self.why = why


class StoreFailed(IvrError):
    """The journal could not be written."""

    code = "store-failed"


class DemoFailed(IvrError):
    """The demonstration did not go as planned."""

    code = "demo-failed"

    def __init__(self, what: str, evidence: str) -> None:
        super().__init__(f"{what}\n{evidence}".rstrip())
        self.evidence = evidence
