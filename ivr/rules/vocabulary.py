"""Which words are known where in the rules, and where one belongs that stands in another place."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from ivr.rules.parsed import RulesFile, Words
from ivr.rules.reading.source import WordPath

_ANY_NAME = "zz-top"
_ANY_NUMBER = "22 33 44 55"
"""Many a value that is none may be read as a number: that a word takes one tells least."""


def known_at(path: WordPath) -> list[str]:
    """The words that the table at `path` may have."""
    return list(_words_of(_model_at(path)))


def needed_at(path: WordPath) -> dict[str, str]:
    """The words that the table at `path` must have, each with an example; none where names stand."""
    model = _reader_at(path)
    return dict(model.needed) if model else {}


def words_that_take(path: WordPath, value: object) -> list[str]:
    """The words of the table at `path` whose value this may be, those that it must have first.

    Where names of other things stand, anything may stand, and nothing can be told by it.
    """
    model = _reader_at(path)
    if model is None:
        return []
    order = dict.fromkeys([*model.needed, *_words_of(model)])
    taking = [word for word in order if takes(path, word, value)]
    told = [word for word in taking if word == "phone" or not takes(path, word, _ANY_NAME)]
    return sorted(told, key=lambda word: takes(path, word, _ANY_NUMBER))


def takes(path: WordPath, word: str, value: object) -> bool:
    """Whether `value` may stand after the word in the table at `path`."""
    model = _reader_at(path)
    if model is None or word not in _words_of(model):
        return False
    try:
        model.model_validate({word: value})
    except ValidationError:
        return False
    return True


def sections_of_names() -> dict[str, frozenset[str]]:
    """The sections of the file in which names stand, and the words of what has such a name."""
    found = {}
    for section, field in _words_of(RulesFile).items():
        model = _model_in(_inner(field.annotation))
        if model and _model_in(field.annotation) is None and not _is_list(field.annotation):
            found[section] = frozenset(_words_of(model))
    return found


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
        f"below `{name}`" if _model_in(top[name].annotation) else f"to an entry of `{name}`"
        for name, model in models.items()
        if model and word in _words_of(model)
    ]
    return [*(["at the outer edge of the file"] if word in top else []), *homes]


def _model_at(path: WordPath) -> type[Words]:
    """The model that reads the table at `path`."""
    return _reader_at(path) or RulesFile


def _reader_at(path: WordPath) -> type[Words] | None:
    """The same; None where it is no table of words of the language."""
    kind: object = RulesFile
    for part in path:
        if (model := _model_in(kind)) is None:
            kind = _inner(kind)
        elif (word := _words_of(model).get(str(part))) is not None:
            kind = word.annotation
        else:
            return None
    return _model_in(kind)


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


def _is_list(kind: object) -> bool:
    return any(get_origin(candidate) is list for candidate in _unwrapped(kind))


def _unwrapped(kind: object) -> list[object]:
    if get_origin(kind) is Annotated:
        return _unwrapped(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return [one for part in get_args(kind) for one in _unwrapped(part)]
    return [kind]


def _words_of(model: type[Words]) -> dict[str, FieldInfo]:
    """The fields of a model, by the words that stand in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}
