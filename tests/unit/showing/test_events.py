"""Every event of a call is told in both languages, whatever its fields are, and nothing of it in the wrong one."""

from __future__ import annotations

import ast
import re
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

import ivr
from ivr.records import events
from ivr.records.events import CallEvent, Event, MenuTry, OfferFailed, SurveyTry
from ivr.showing.sentences import Language
from ivr.showing.sentences.speech_gone_norwegian import speech_gone
from ivr.showing.story import event_told
from tests.unit.showing.left_in_english import left_in_english

IVR = Path(ivr.__file__).parent
SPEECH = (
    "call/hearing.py",
    "call/tap.py",
    "speech/line.py",
    "speech/worker.py",
    "speech/workers.py",
)
LANGUAGES: tuple[Language, ...] = get_args(Language)
KINDS = get_args(CallEvent)
SITE = "site xpartner"


def values(name: str, kind: Any) -> list[Any]:
    """Some of what this field may be: everything where it is one of a few words."""
    origin = get_origin(kind)
    if origin is Literal:
        return [*get_args(kind)]
    if origin in {UnionType, typing.Union}:
        inner = [values(name, one) for one in get_args(kind) if one is not NoneType]
        return [*(value for row in inner for value in row), None]
    if origin is tuple:
        return [("xone", "xtwo"), ()]
    if origin is dict:
        return [{"xoslo": 3}]
    found: dict[Any, list[Any]] = {
        str: [SITE, "xkari"] if name == "agent" else [f"x{name}"],
        bool: [True, False],
        int: [4711],
        float: [0.5],
        datetime: [datetime(2026, 11, 23, 9, 0, tzinfo=UTC)],
    }
    # A type without a line here is one that no event had before: a standing, or something new.
    return found.get(kind, [None])


def ones_of(kind: type[Event]) -> Iterator[Event]:
    hints = typing.get_type_hints(kind)
    fields = kind.__struct_fields__
    for row in product(*(values(name, hints[name]) for name in fields)):
        one = kind(**dict(zip(fields, row, strict=True)))
        if isinstance(one, MenuTry) and one.result == "chosen" and one.key is None:
            continue
        if isinstance(one, SurveyTry) and one.result == "answered" and one.score is None:
            continue
        yield one


def test_every_kind_of_event_is_tried() -> None:
    kinds = {
        one for one in vars(events).values() if isinstance(one, type) and issubclass(one, Event)
    }

    assert kinds - {Event} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_it_is_told_in_both_languages(kind: type[CallEvent]) -> None:
    for one in ones_of(kind):
        english, norwegian = (event_told(typing.cast("CallEvent", one), it) for it in LANGUAGES)
        named = [name for name in names_in(one) if name in english]

        assert english != norwegian
        assert "None" not in english + norwegian
        assert left_in_english(english, norwegian, named) == set(), norwegian
        # A name that the English line has is in the Norwegian one; of a site, without the word before it.
        assert [name for name in named if name.removeprefix("site ") not in norwegian] == []


def names_in(one: Event) -> Iterator[str]:
    """What people have named, in the fields of this event; not the words of the journal."""
    for value in msgspec.structs.asdict(one).values():
        texts = value if isinstance(value, tuple | dict) else [value]
        for text in texts:
            if isinstance(text, str) and text == SITE:
                yield "xpartner"
            elif isinstance(text, str) and text.startswith("x"):
                yield text


def test_a_phone_that_stops_ringing_as_another_was_faster_is_told_so() -> None:
    failed = OfferFailed(queue="main", agent="kari", result="other_answered")

    assert event_told(failed) == "kari's phone rang no more: another answered first"
    assert event_told(failed, "nb") == "det sluttet å ringe hos kari: en annen svarte først"


def reasons_in(file: str) -> Iterator[str]:
    """What this file says of speech that is gone; a name in it is `x`."""
    for node in ast.walk(ast.parse((IVR / file).read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="SpeechFailed"), args=[said]):
                yield from text_of(said)
            case ast.Call(func=ast.Attribute(attr="lose"), args=[said]):
                yield from text_of(said)
            case ast.keyword(arg="why", value=said):
                yield from text_of(said)
            case ast.Assign(targets=[ast.Name(id="ASKED_NOT" | "HANGS")], value=said):
                yield from text_of(said)
            case ast.FunctionDef(name="_why"):
                for back in ast.walk(node):
                    if isinstance(back, ast.Return) and back.value is not None:
                        yield from (f"the worker is gone: {one}" for one in text_of(back.value))
            case _:
                pass


def text_of(said: ast.expr) -> Iterator[str]:
    match said:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "9" for one in parts)
        case _:
            pass


def test_why_a_caller_is_not_heard_any_more_is_told_in_norwegian() -> None:
    told = {one for file in SPEECH for one in reasons_in(file)}

    assert len(told) > 12
    for one in told:
        norwegian = speech_gone(one)
        assert norwegian != one
        assert left_in_english(one, norwegian, []) == set()
        assert not re.search(r"\b(the|is|it|of)\b", norwegian)
