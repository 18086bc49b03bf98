"""Which words are known where in the rules, and where one belongs that stands in another place."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from ivr.rules.parsed import RulesFile, Words
from ivr.rules.reading.source import WordPath


def known_at(path: WordPath) -> list[str]:
    """The words that the table at `path` may have."""
    return list(_words_of(_model_at(path)))


def homes_of(word: str, path: WordPath) -> list[str]:
    """Where a word belongs that stands at `path`, where it is not known; the nearest place alone, if there is one."""
    return _beside(word, path) or _elsewhere(word)


def _beside(word: str, path: WordPath) -> list[str]:
    """Where a word belongs within the same section: `holidays.open` has `hours`, and `holidays.closed` has none."""
    section = RulesFile.model_fields.get(str(path[0]))
    words = _model_in(section.annotation) if section and len(path) > 2 else None
    lists = _words_of(words) if words else {}
    within = {name: _model_in(_inner(field.annotation)) for name, field in lists.items()}
    return [
        f"to an entry of `{path[0]}.{name}`"
        for name, model in within.items()
        if model and word in _words_of(model)
    ]


def _elsewhere(word: str) -> list[str]:
    """Where in the whole file a word belongs."""
    top = _words_of(RulesFile)
    models = {name: _model_in(_inner(field.annotation)) for name, field in top.items()}
    homes = [
        f"to an entry of `{name}`"
        for name, model in models.items()
        if model and word in _words_of(model)
    ]
    return [*(["at the outer edge of the file"] if word in top else []), *homes]


def _model_at(path: WordPath) -> type[Words]:
    """The model that reads the table at `path`."""
    kind: object = RulesFile
    for part in path:
        model = _model_in(kind)
        kind = _words_of(model)[str(part)].annotation if model else _inner(kind)
    return _model_in(kind) or RulesFile


def _model_in(kind: object) -> type[Words] | None:
    for candidate in _unwrapped(kind):
        if isinstance(candidate, type) and issubclass(candidate, Words):
            return candidate
    return None


def _inner(kind: object) -> object:
    """What a dict's values or a list's items are."""
    for candidate in _unwrapped(kind):
        if get_origin(candidate) in {dict, list}:
            return get_args(candidate)[-1]
    return kind


def _unwrapped(kind: object) -> list[object]:
    if get_origin(kind) is Annotated:
        return _unwrapped(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return [one for part in get_args(kind) for one in _unwrapped(part)]
    return [kind]


def _words_of(model: type[Words]) -> dict[str, FieldInfo]:
    """The fields of a model, by the words that stand in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}
