"""The sections of the settings, and their keys."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from ivr.endpoints import RESERVED
from ivr.errors import ConfigRefused
from ivr.numbers import PhoneNumber, parse_number
from ivr.settings.section import Section
from ivr.settings.sip import Sip
from ivr.settings.trunk import TrunkSettings, refuse_overlap
from ivr.settings.values import (
    FALLBACK_WANTED,
    OWN_NUMBER_WANTED,
    POSTGRES_WANTED,
    AddressText,
    AllowedText,
    FallbackText,
    HostHeaderText,
    OwnNumberText,
    PrefixText,
    PromptText,
    RecordCodeText,
    checked,
    listed,
    read_postgres_url,
)


class Web(Section):
    """Where `/health` is, and by which names."""

    address: AddressText = Field(default="127.0.0.1:8080", description="HOST:PORT for HTTP")
    hosts: Annotated[tuple[HostHeaderText, ...], BeforeValidator(listed)] = Field(
        default=(), description='names of this server, such as ["sentral.example.no"]'
    )


class Rules(Section):
    """How rules come in force. What they say is the rules file's own affair."""

    watch: bool = Field(
        default=True, description="true or false: take the rules file when it is edited"
    )


class Prompts(Section):
    """Prompts that are recorded by phone."""

    record_by_phone: RecordCodeText | None = Field(
        default=None,
        description='what is dialled to record a prompt: "*73" on a phone of yours, or one of your numbers',
    )
    recordable: Annotated[tuple[PromptText, ...], BeforeValidator(listed), Field(max_length=9)] = (
        Field(
            default=("closed.storm",),
            description='prompts that can be recorded so, nine at most, such as ["closed.storm"]; the first has key 1',
        )
    )


class Emergency(Section):
    """Over which trunks emergency calls of our phones go, and the numbers by which the callers are found."""

    trunks: Annotated[tuple[str, ...], BeforeValidator(listed)] = Field(
        default=(), description='the names of trunks, in order of trial, such as ["telia", "lyse"]'
    )
    number: OwnNumberText | None = Field(default=None, description=OWN_NUMBER_WANTED)
    first_answer_seconds: int = Field(default=8, ge=2, le=30, description="2 to 30")
    numbers: dict[str, OwnNumberText] = Field(
        default={},
        description=f"a section of its own in ivr.toml, by site: {OWN_NUMBER_WANTED}",
    )

    def number_of(self, site: str | None) -> PhoneNumber | None:
        """What is shown for a phone of this site; that of the house where the site has none."""
        text = self.numbers.get(site or "", self.number)
        return parse_number(text) if text else None


class FloorSettings(Section):
    """What callers meet while no server is there: how long they wait for one, and where they go when none comes."""

    wait_seconds: int = Field(default=20, ge=0, le=600, description="0 to 600")
    fallback: FallbackText | None = Field(default=None, description=FALLBACK_WANTED)

    @property
    def number(self) -> PhoneNumber | None:
        """Where callers go."""
        return parse_number(self.fallback) if self.fallback else None


class Outgoing(Section):
    """Which numbers outside may be called, and how much of it is too much."""

    allow: Annotated[tuple[AllowedText, ...], BeforeValidator(listed)] = Field(
        default=(),
        description='a list of "fixed", "mobile", "short", "special" and country codes such as "+46"; '
        "without it, the numbers that the rules name",
    )
    never: Annotated[tuple[PrefixText, ...], BeforeValidator(listed)] = Field(
        default=("82", "+881", "+882", "+883", "+979"),
        description='a list of how numbers begin, such as "82" or "+881" (not 00881)',
    )
    calls_each_minute: int = Field(default=10, ge=1, le=10_000, description="1 to 10000")
    minutes_each_day: int = Field(default=600, ge=1, le=1_000_000, description="1 to 1000000")
    longest_minutes: int = Field(default=60, ge=1, le=240, description="1 to 240")


ARI_FILE_WANTED = "the path of a file whose first line is the ARI password"
WORKERS_FILE_WANTED = (
    "the path of a file whose first line is the secret that the workers were started with"
)


class AsteriskSettings(Section):
    """An Asterisk that runs elsewhere; without `ari`, one is started below the home folder."""

    ari: AddressText | None = Field(
        default=None, description="HOST:PORT of a running Asterisk's HTTP server, or nothing"
    )
    user: str = Field(default="ivr", description="the ARI user")
    password_file: Path | None = Field(
        default=None, description="a file whose first line is the ARI password"
    )
    application: str = Field(
        default="ivr",
        description="the Stasis application's name: a-z, 0-9 and -",
        pattern=r"^[a-z0-9-]+$",
    )


class StoreSettings(Section):
    """Where all that is kept is sent from the home folder, besides; without `url`, nowhere."""

    url: Annotated[str, checked(read_postgres_url)] | None = Field(
        default=None, description=POSTGRES_WANTED
    )
    password_file: Path | None = Field(
        default=None, description="a file whose first line is the password of that PostgreSQL user"
    )


DAYS_WANTED = "a number of days; without it for ever"


class Retention(Section):
    """How many days each kind is kept; None is for ever. Figures are kept for ever: they hold no person."""

    journal: int | None = Field(
        default=None, ge=1, le=36_500, description=f"1 to 36500, {DAYS_WANTED}"
    )
    numbers: int | None = Field(
        default=None, ge=14, le=36_500, description=f"14 to 36500, {DAYS_WANTED}"
    )
    recordings: int | None = Field(
        default=None, ge=1, le=36_500, description=f"1 to 36500, {DAYS_WANTED}"
    )
    messages: int | None = Field(
        default=None, ge=1, le=36_500, description=f"1 to 36500, {DAYS_WANTED}"
    )
    words: int | None = Field(
        default=None, ge=1, le=36_500, description=f"1 to 36500, {DAYS_WANTED}"
    )
    agents: int | None = Field(
        default=None, ge=1, le=36_500, description=f"1 to 36500, {DAYS_WANTED}"
    )


class Calls(Section):
    """Limits for calls."""

    drain_seconds: float = Field(
        default=60.0,
        ge=0,
        le=86_400,
        description="how long a stop waits for talks to end: 0 to 86400",
    )
    at_once: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="calls under way, 1 to 100000; without it as many as fit",
    )
    per_second: float = Field(
        default=50.0,
        gt=0,
        le=10_000,
        description="new calls a second, above 0, to 10000; the others are told 503",
    )


class SpeechSettings(Section):
    """Who hears what callers say."""

    engine: Literal["phoneme", "scripted", "none"] = Field(
        default="phoneme", description='"phoneme", or "none" for keys only'
    )
    vosk: dict[str, Path] = Field(
        default={},
        description='folders of models by language in ivr.toml, such as {en="/models/vosk-en"}',
    )
    whisper: dict[str, Path] = Field(
        default={},
        description='folders of models by language in ivr.toml, such as {nb="/models/nb-whisper"}',
    )
    places: int = Field(
        default=20, ge=1, le=1000, description="1 to 1000: calls that a worker hears at once"
    )
    workers: Annotated[tuple[AddressText, ...], BeforeValidator(listed)] = Field(
        default=(),
        description='HOST:PORT of workers that run already, such as ["192.0.2.20:9090"]',
    )
    secret_file: Path | None = Field(
        default=None, description="a file whose first line is the secret of those workers"
    )

    @model_validator(mode="after")
    def _workers_have_a_secret(self) -> SpeechSettings:
        """Raises ConfigRefused, which names the key."""
        if self.workers and self.secret_file is None:
            raise ConfigRefused("speech.secret_file", None, WORKERS_FILE_WANTED)
        return self

    @model_validator(mode="after")
    def _one_model_for_a_language(self) -> SpeechSettings:
        """Raises ConfigRefused, which names the key."""
        for language in self.vosk.keys() & self.whisper.keys():
            wanted = f"one model for {language}: it is in speech.vosk, too"
            raise ConfigRefused(f"speech.whisper.{language}", str(self.whisper[language]), wanted)
        return self


def _written(value: object) -> object:
    """TOML has times of its own, without quotes."""
    return value.isoformat() if isinstance(value, date) else value


class ForTests(Section):
    """For tests and demonstrations only: facts that a caller may set. Calls so made are marked as tests."""

    call_time_header: bool = Field(
        default=False, description="take a call's time from its SIP header X-Sim-Now"
    )
    call_time: Annotated[str, BeforeValidator(_written), checked(datetime.fromisoformat)] | None = (
        Field(
            default=None,
            description="the time that every call is taken to arrive at, such as 2026-11-23T10:00",
        )
    )


_IN_VAIN_ALONE = {
    "store.password_file": ("url", "it says which database that password is for"),
    "asterisk.user": ("ari", "an Asterisk that the server starts by itself has a user of its own"),
    "asterisk.password_file": ("ari", "one that the server starts by itself has its own password"),
    "speech.secret_file": ("workers", "the worker beside the server has a secret of its own"),
    "prompts.recordable": ("record_by_phone", "without it nothing is recorded by phone"),
    "emergency.number": ("trunks", "without a trunk every emergency call is refused"),
    "emergency.numbers": ("trunks", "without a trunk every emergency call is refused"),
}
"""Keys that mean nothing without another one of their section, and why."""


class Settings(Section):
    """All settings."""

    sip: Sip = Sip()
    web: Web = Web()
    rules: Rules = Rules()
    prompts: Prompts = Prompts()
    asterisk: AsteriskSettings = AsteriskSettings()
    calls: Calls = Calls()
    store: StoreSettings = StoreSettings()
    retention: Retention = Retention()
    emergency: Emergency = Emergency()
    outgoing: Outgoing = Outgoing()
    floor: FloorSettings = FloorSettings()
    speech: SpeechSettings = SpeechSettings()
    test: ForTests = ForTests()
    trunk: tuple[TrunkSettings, ...] = ()

    @model_validator(mode="after")
    def _trunks_are_apart(self) -> Settings:
        """Raises ConfigRefused, which names the trunk and the key."""
        if self.trunk and self.asterisk.ari is not None:
            wanted = "none of them: with asterisk.ari set, trunks are that Asterisk's own affair"
            raise ConfigRefused("trunk", ", ".join(one.name for one in self.trunk), wanted)
        for trunk in self.trunk:
            if trunk.name in RESERVED:
                wanted = f"another name: {trunk.name} is an endpoint of our own"
                raise ConfigRefused(f"trunk.{trunk.name}.name", trunk.name, wanted)
        refuse_overlap(self.trunk)
        return self

    @model_validator(mode="after")
    def _nothing_is_set_in_vain(self) -> Settings:
        """Raises ConfigRefused for a key that means nothing without another one, which names both."""
        for key, (other, why) in _IN_VAIN_ALONE.items():
            section, _, name = key.partition(".")
            words = getattr(self, section)
            value = getattr(words, name)
            is_default = value == type(words).model_fields[name].default
            if not is_default and not getattr(words, other):
                shown = ", ".join(value) if isinstance(value, tuple | dict) else str(value)
                raise ConfigRefused(key, shown, f"{section}.{other} too: {why}")
        return self

    @model_validator(mode="after")
    def _asterisk_elsewhere_has_a_password(self) -> Settings:
        """Raises ConfigRefused, which names the key."""
        if self.asterisk.ari is not None and self.asterisk.password_file is None:
            raise ConfigRefused("asterisk.password_file", None, ARI_FILE_WANTED)
        return self

    @model_validator(mode="after")
    def _emergency_calls_get_out(self) -> Settings:
        """Raises ConfigRefused for a trunk that is none, and where no caller could be found."""
        known = [trunk.name for trunk in self.trunk]
        for name in self.emergency.trunks:
            if name not in known:
                wanted = f"names of `[[trunk]]` sections: {', '.join(known) or 'there are none'}"
                raise ConfigRefused("emergency.trunks", name, wanted)
        if self.emergency.trunks and self.emergency.number is None:
            wanted = "the number by which emergency centres find whoever has no number of a site's"
            raise ConfigRefused("emergency.number", None, wanted)
        return self

    @model_validator(mode="after")
    def _floor_has_a_way_out(self) -> Settings:
        """Raises ConfigRefused for a fallback that nobody could be rung at."""
        if self.floor.fallback and not any(one.calls_out_at_once for one in self.trunk):
            wanted = "no number: there is no `[[trunk]]` that takes calls out"
            raise ConfigRefused("floor.fallback", self.floor.fallback, wanted)
        return self
