"""How pydantic reads the values of the rules: each is text, and its own module says what that means.

`values` names and settings, `amounts`, `phones`, `times` and `destinations`.
"""

from __future__ import annotations

import re
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
from ivr.rules.fault import FaultKind, shown, shown_masked
from ivr.rules.model import Destination, Span
from ivr.rules.values import amounts, phones, plain, recurring, times
from ivr.rules.values.amounts import Bounds
from ivr.rules.values.days import YearDay
from ivr.rules.values.destinations import destination
from ivr.rules.values.plain import ValueRefused

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
            raise _refused(_with_plain_signs(value, convert, refusal)) from None

    return PlainValidator(
        converted, json_schema_input_type=Annotated[str, Written(written or convert)]
    )


_CURLY = " \t\"'“”„‟‘’‚‛«»"
_PLAIN_SIGNS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u00a0\u202f\t", " ")
)


def _with_plain_signs(
    value: str, convert: Callable[[str], object], refusal: ValueRefused
) -> ValueRefused:
    """What to write, where only signs are wrong that look like others: a word processor's quotes, spaces, dashes."""
    plain = value.translate(_PLAIN_SIGNS).strip(_CURLY)
    if plain == value:
        return refusal
    try:
        convert(plain)
    except ValueRefused:
        return refusal
    what = "straight quotes or none" if value[:1] in _CURLY or value[-1:] in _CURLY else None
    what = what or ("an ordinary space" if "\u00a0" in value else "plain signs")
    return ValueRefused(refusal.kind, refusal.message, f"write {plain}, with {what}")


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
            several = ((one, _several(one, validate)) for one in wrong if one in texts)
            found = next(((one, some) for one, some in several if some), None)
            if found is None:
                raise
        raise _refused(_are_several(*found, texts, is_list=value is alone))

    return WrapValidator(listed, json_schema_input_type=Annotated[object, OneOrMore()])


_LONGEST_LIST = 1000
_MOST_LOOKED_AT = 5


def _are_several(
    one: str, several: list[str], all_of_them: list[str], *, is_list: bool
) -> ValueRefused:
    if any(sum(sign.isdigit() for sign in item) > 6 for item in several):
        # Numbers of callers: findings are logged.
        how = "write a comma between them, or each on a line of its own behind a '- '"
        message = f"{shown_masked(one)} are {len(several)} numbers"
        return ValueRefused(FaultKind.SHAPE, message, how)
    items = [item for text in all_of_them for item in (several if text is one else [text])]
    missing = "between them no comma" if is_list else "without brackets they are one piece of text"
    message = f"{shown(one)} are several, and {missing}"
    return ValueRefused(FaultKind.SHAPE, message, f"write [{', '.join(items)}]")


def _several(written: str, validate: ValidatorFunctionWrapHandler) -> list[str] | None:
    """The items that a text holds, where it holds more than one and all of them are right."""
    if not written or len(written) > _LONGEST_LIST:
        return None
    for between in (r"[,;\t]\s*|\s+(?:og|and)\s+|\s+(?=\+)", r"[,;\s]\s*"):
        bare = re.sub(r"[\[\]{}]|(?:^|\s)-(?=\s|[a-z])", " ", written).strip()
        items = [item for item in re.split(between, bare) if item]
        if len(items) < 2:
            continue
        try:
            validate(items)
        except ValidationError:
            continue
        return items
    return None


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
Title = Annotated[str, text(plain.title)]
Prompt = Annotated[str, text(plain.prompt_name)]
LanguageTag = Annotated[str, text(plain.language)]
TitleLanguage = Annotated[str, text(plain.title_language)]
To = Annotated[Destination, text(destination)]
DialledText = Annotated[str, checked(phones.dialled_number)]
DaysText = Annotated[str, checked(recurring.days)]
DaysInSeasonText = Annotated[str, checked(recurring.days_in_season)]
YearDayText = Annotated[str, checked(times.year_day)]
MenuKeyText = Annotated[str, checked(plain.menu_key)]
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
Percent = Annotated[float, text(amounts.percent)]
CallerNumber = Annotated[PhoneNumber, text(phones.caller_number)]
ListedCaller = Annotated[PhoneNumber | None, text(phones.listed_caller)]
SpokenWord = Annotated[str, text(plain.spoken_word)]
