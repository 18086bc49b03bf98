"""How pydantic reads the values of the rules: each is text, and its own module says what that means.

`values` names and settings, `amounts`, `phones`, `times` and `destinations`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import (
    BeforeValidator,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from ivr.numbers import PhoneNumber
from ivr.rules.fault import FaultKind, shown
from ivr.rules.model import Destination, Span
from ivr.rules.values import amounts, duty, phones, plain, recurring, times
from ivr.rules.values.amounts import Bounds
from ivr.rules.values.days import YearDay
from ivr.rules.values.destinations import destination
from ivr.rules.values.plain import ValueRefused
from ivr.rules.values.slips import are_several, several_in, with_plain_signs

T = TypeVar("T")


def _refused(refusal: ValueRefused) -> PydanticCustomError:
    return PydanticCustomError(
        "rules",
        "{message}",
        {"kind": refusal.kind, "message": refusal.message, "hint": refusal.hint},
    )


@dataclass(frozen=True, slots=True)
class Written:
    """How a field is written; carried by its validator, so that `ivr schema` can say it."""

    convert: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class ShortFor:
    """The value may stand alone, instead of a table with this one word."""

    word: str


@dataclass(frozen=True, slots=True)
class ListFor:
    """A list may stand alone, instead of a table with this one word."""

    word: str


@dataclass(frozen=True, slots=True)
class OneOrMore:
    """One item may stand where a list is meant."""


@dataclass(frozen=True, slots=True)
class OrTable:
    """A table may stand where a value is meant; both are types."""

    alone: object
    table: object


def text(
    convert: Callable[[str], T], written: Callable[[str], object] | None = None
) -> PlainValidator:
    """A field whose text `convert` turns into a value; `written` says how it is written, where that is another."""

    def converted(value: object) -> T:
        if not isinstance(value, str):
            message = "one piece of text is wanted here, not a list or table"
            raise _refused(ValueRefused(FaultKind.SHAPE, message))
        if not value:
            hint = "write one, or take the word out"
            raise _refused(ValueRefused(FaultKind.SHAPE, "there is no value", hint))
        try:
            return convert(value)
        except ValueRefused as refusal:
            raise _refused(with_plain_signs(value, convert, refusal)) from None

    return PlainValidator(
        converted, json_schema_input_type=Annotated[str, Written(written or convert)]
    )


def checked(convert: Callable[[str], object]) -> PlainValidator:
    """A key: it must convert, and stays as written, because that is its location in the file."""

    def same(text: str) -> str:
        convert(text)
        return text

    return text(same, convert)


def short_for(word: str) -> BeforeValidator:
    """`queue bergen` where the long form is `{to: queue bergen}`."""

    def lengthened(value: object) -> object:
        return {word: value} if isinstance(value, str) and value else value

    return BeforeValidator(lengthened, json_schema_input_type=Annotated[object, ShortFor(word)])


def table_as(example: str) -> BeforeValidator:
    """A table; who writes text in its place is shown one."""

    def seen(value: object) -> object:
        if isinstance(value, str) and value:
            message = f"{shown(value)} says too little"
            raise _refused(ValueRefused(FaultKind.SHAPE, message, f"write {example}"))
        return value

    return BeforeValidator(seen)


_MOST_LOOKED_AT = 5
"""Of so many wrong items of a list, it is asked whether they are several."""


def one_or_more() -> WrapValidator:
    """One item where a list is meant. Several without the brackets of a list are told what is missing."""

    def listed(value: object, validate: ValidatorFunctionWrapHandler) -> object:
        alone = [value] if isinstance(value, str) and value else value
        try:
            return validate(alone)
        except ValidationError as refusal:
            texts = (
                [one for one in alone if isinstance(one, str)] if isinstance(alone, list) else []
            )
            wrong = [one["input"] for one in refusal.errors(include_url=False)[:_MOST_LOOKED_AT]]
            several = ((one, several_in(one, validate)) for one in wrong if one in texts)
            found = next(((one, some) for one, some in several if some), None)
            if found is None:
                raise
        raise _refused(are_several(*found, texts, is_list=value is alone))

    return WrapValidator(listed, json_schema_input_type=Annotated[object, OneOrMore()])


def or_table(alone: Any, table: Any) -> WrapValidator:  # noqa: ANN401 - types of any kind
    """A value, or a table where one is written; what is wrong is told of the one that was meant."""
    of_value, of_table = TypeAdapter[object](alone), TypeAdapter[object](table)

    def chosen(value: object, _: ValidatorFunctionWrapHandler) -> object:
        adapter = of_table if isinstance(value, dict) else of_value
        return adapter.validate_python(value)

    return WrapValidator(chosen, json_schema_input_type=Annotated[object, OrTable(alone, table)])


def listed_as(word: str) -> BeforeValidator:
    """`[one, two]` where the long form is `{numbers: [one, two]}`."""

    def lengthened(value: object) -> object:
        is_short = isinstance(value, list) or (isinstance(value, str) and value)
        return {word: value} if is_short else value

    return BeforeValidator(lengthened, json_schema_input_type=Annotated[object, ListFor(word)])


def seconds(low: int, high: int, shown: str) -> PlainValidator:
    """A duration from `low` to `high` seconds; `shown` is the range as the admin writes it."""
    return text(partial(amounts.seconds, bounds=Bounds(low, high, shown)))


def count(low: int, high: int) -> PlainValidator:
    """A whole number from `low` to `high`."""
    return text(partial(amounts.count, low=low, high=high))


Name = Annotated[str, text(plain.name)]
PauseReason = Annotated[str, text(plain.pause_reason)]
Title = Annotated[str, text(plain.title)]
Prompt = Annotated[str, text(plain.prompt_name)]
LanguageTag = Annotated[str, text(plain.language)]
TitleLanguage = Annotated[str, text(plain.title_language)]
To = Annotated[Destination, text(destination)]
DialledText = Annotated[str, checked(phones.dialled_number)]
DaysText = Annotated[str, checked(recurring.days)]
DaysInSeasonText = Annotated[str, checked(recurring.days_in_season)]
YearDayText = Annotated[str, checked(times.year_day)]
PhoneCodeText = Annotated[str, checked(duty.phone_code)]
MenuKeyText = Annotated[str, checked(plain.menu_key)]
ExitKeyText = Annotated[str, checked(plain.exit_key)]
OpenTimes = Annotated[
    list[Annotated[Span | times.NotOpen, text(times.span_or_closed)]], one_or_more()
]
OpenTimesOfDays = Annotated[
    list[Span | times.NotOpen] | dict[str, list[Span | times.NotOpen]],
    or_table(OpenTimes, dict[DaysInSeasonText, OpenTimes]),
]
Day = Annotated[date, text(times.calendar_date)]
DayOrYearDay = Annotated[date | YearDay, text(times.day_or_year_day)]
Spans = Annotated[list[Annotated[Span, text(times.span)]], one_or_more()]
DayOrMoment = Annotated[date, text(times.day_or_moment)]
Flag = Annotated[bool, text(plain.true_false)]
Level = Annotated[int, count(1, 10)]
Priority = Annotated[int, text(plain.priority)]
Percent = Annotated[float, text(amounts.percent)]
CallerNumber = Annotated[PhoneNumber, text(phones.caller_number)]
ListedCaller = Annotated[PhoneNumber | None, text(phones.listed_caller)]
SpokenWord = Annotated[str, text(plain.spoken_word)]
SpokenText = Annotated[str, checked(plain.spoken_word)]
SoundsText = Annotated[str, text(plain.pronunciation)]
