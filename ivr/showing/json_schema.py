"""The JSON Schema of the rules (draft-07 words only), derived from the models that read them.

An editor completes and checks the file with it. What it refuses `ivr check` refuses too; `ivr check`
sees more: what a name refers to, where calls go, which recordings there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from ivr.rules.parsed import RulesFile, Words
from ivr.rules.values.fields import ListFor, OneOrMore, OrTable, ShortFor, Written
from ivr.rules.values.plain import ValueRefused
from ivr.showing.spelling import Spelled, spelled
from ivr.showing.words import sentences

Json = str | int | bool | list["Json"] | dict[str, "Json"]
Schema = dict[str, Json]
_Marks = tuple[object, ...]


def json_schema() -> Schema:
    """The schema of the whole file."""
    definitions = {_name(model): _table(model) for model in sorted(models(), key=_name)}
    whole = definitions.pop(_name(RulesFile))
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **whole,
        "title": "Where every call goes",
        "definitions": {**definitions},
    }


def models() -> frozenset[type[Words]]:
    """All tables of words that the file can hold."""
    found: set[type[Words]] = set()
    waiting: list[type[Words]] = [RulesFile]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            for field in model.model_fields.values():
                waiting += _models_in(field.annotation)
    return frozenset(found)


def converters() -> Iterator[Written]:
    """How every text of the file is written."""
    for model in models():
        for field in model.model_fields.values():
            yield from _written_in(field.annotation, tuple(field.metadata))


def _models_in(kind: object) -> Iterator[type[Words]]:
    if isinstance(kind, type) and issubclass(kind, Words):
        yield kind
    for part in get_args(kind):
        yield from _models_in(part)


def _written_in(kind: object, marks: _Marks) -> Iterator[Written]:
    for mark in _told(marks):
        if isinstance(mark, Written):
            yield mark
        elif isinstance(mark, OrTable):
            yield from (*_written_in(mark.alone, ()), *_written_in(mark.table, ()))
    if get_origin(kind) is Annotated:
        yield from _written_in(get_args(kind)[0], get_args(kind)[1:])
        return
    for part in get_args(kind):
        yield from _written_in(part, ())


def _name(model: type[Words]) -> str:
    return model.__name__.removesuffix("Words")


def _table(model: type[Words]) -> Schema:
    says = sentences(model)
    properties: Schema = {
        field.alias or name: _property(field.alias or name, says.get(name, ""), field)
        for name, field in model.model_fields.items()
    }
    schema: Schema = {
        "type": "object",
        "description": _sentence(model),
        "properties": properties,
        "additionalProperties": False,
    }
    needed: list[Json] = [word for word in properties if word in model.needed]
    if needed:
        schema["required"] = needed
    return schema


def _sentence(model: type[Words]) -> str:
    return (model.__doc__ or "").split("\n\n")[0].strip()


def _property(word: str, says: str, field: FieldInfo) -> Schema:
    marks = tuple(field.metadata)
    schema = _schema(field.annotation, marks)
    detail = schema.get("description")
    description = " ".join(str(part) for part in (says, detail) if part)
    if "$ref" in schema:
        # In draft-07 nothing beside a reference is read.
        schema = {"allOf": [schema]}
    if description:
        schema = {"title": word, "description": description, **_without(schema, "description")}
    written = _as_written(field.default, _written_in(field.annotation, marks))
    return {**schema, "default": written} if written is not None else schema


def _as_written(default: object, written: Iterable[Written]) -> Json | None:
    """A default as the admin would write it, where it can be told."""
    if isinstance(default, bool) or (isinstance(default, str) and default):
        return default if default != "NO" else None
    if not isinstance(default, int | float):
        return None
    size = int(default)
    shown = [f"{size // unit}{sign}" for sign, unit in _UNITS.items() if size % unit == 0]
    for one in written:
        for text in (str(size), f"{default:.0%}", *shown):
            if _reads(one, text, default):
                return size if text == str(size) else text
    return None


_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def _reads(written: Written, text: str, value: object) -> bool:
    try:
        return written.convert(text) == value
    except ValueRefused:
        return False


def _schema(kind: object, marks: _Marks) -> Schema:
    """`marks` are the annotations of the kind."""
    for mark in _told(marks):
        match mark:
            case Written(convert):
                return _text(spelled(convert))
            case OneOrMore():
                listed = _schema(kind, ())
                item = _schema(get_args(kind)[0], ())
                return {**_either(item, _without(listed, "description")), **_described(listed)}
            case OrTable(alone, table):
                return _either(_schema(alone, ()), _schema(table, ()))
            case ShortFor(word) | ListFor(word):
                return _short(word, kind)
    if get_origin(kind) is Annotated:
        return _schema(get_args(kind)[0], get_args(kind)[1:])
    return _plain(kind)


def _short(word: str, kind: object) -> Schema:
    """The long form, or what stands for it."""
    model = next(_models_in(kind), None)
    if model is None:
        return _either(_schema(get_args(kind)[1], ()), _schema(kind, ()))
    field = next(f for name, f in model.model_fields.items() if (f.alias or name) == word)
    return _either(_schema(field.annotation, tuple(field.metadata)), _schema(kind, ()))


def _plain(kind: object) -> Schema:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        (real,) = (part for part in parts if part is not type(None))
        return _schema(real, ())
    if origin is list:
        items = _schema(parts[0], ())
        return {"type": "array", "items": items, **_described(items)}
    if origin is dict:
        names = _without(_schema(parts[0], ()), "type")
        return {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": _schema(parts[1], ()),
        }
    if isinstance(kind, type) and issubclass(kind, Words):
        return {"$ref": f"#/definitions/{_name(kind)}"}
    return {"type": "string"}


def _told(marks: _Marks) -> Iterator[object]:
    """What the validators among the annotations say of how the value is written."""
    for mark in marks:
        yield from get_args(getattr(mark, "json_schema_input_type", None))[1:]


def _text(spelling: Spelled | None) -> Schema:
    if spelling is None:
        return {"type": ["string", "number", "boolean"]}
    schema: Schema = {"description": spelling.says}
    types: list[Json] = list(spelling.types)
    schema["type"] = types[0] if len(types) == 1 else types
    if spelling.known:
        schema["enum"] = list(spelling.known)
    if spelling.pattern:
        schema["pattern"] = f"^({spelling.pattern})$"
    if spelling.range:
        schema["minimum"], schema["maximum"] = spelling.range
    if spelling.examples:
        schema["examples"] = list(spelling.examples)
    return schema


def _either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def _described(schema: Mapping[str, Json]) -> Schema:
    return {"description": schema["description"]} if "description" in schema else {}


def _without(schema: Mapping[str, Json], *words: str) -> Schema:
    return {word: value for word, value in schema.items() if word not in words}
