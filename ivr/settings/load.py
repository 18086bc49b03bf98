"""Reading settings: from a file, the environment and options, the later winning."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ivr.errors import ConfigRefused
from ivr.on_disk import as_on_disk
from ivr.regular_file import read_regular_text
from ivr.settings.lines import at_line
from ivr.settings.sections import Settings
from ivr.settings.trunk import TrunkSettings
from ivr.settings.values import ValueAdvice

_PREFIX = "IVR_"
_EACH_TRUNK = "`[[trunk]]` in ivr.toml, once for each trunk, and its keys below it; the environment cannot say it"
_FILE_FOR = {
    "password": "`password_file`, the path of a file whose first line it is, readable by this user only"
}
_FOLDERS = frozenset({"vosk", "whisper"})
"""Keys of `[speech]` that name folders, by language."""

_NOT_SETTINGS = frozenset({"IVR_HOME", "IVR_CACHE", "IVR_ESPEAK", "IVR_CONFIG"})


def load_settings(
    file: Path | None, environment: dict[str, str] | None = None, **overrides: dict[str, Any]
) -> Settings:
    """Settings from `file` (absent is fine when None), the environment and `overrides`, the last winning.

    Raises ConfigRefused for the first wrong key.
    """
    values: dict[str, dict[str, Any]] = {}
    if file is not None:
        _merge(values, _read_toml(file))
    later: dict[str, dict[str, Any]] = {}
    _merge(later, _from_environment(dict(os.environ) if environment is None else environment))
    _merge(later, overrides)
    _merge(values, later)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        refused = _refusal(error, values)
    except ConfigRefused as error:
        refused = error
    section, _, key = refused.key.partition(".")
    is_of_file = section not in later or (key and key not in later[section])
    raise at_line(refused, file) if is_of_file else refused


def known_keys() -> list[str]:
    """Every key that may be set, as `section.key`."""
    return [
        f"{name}.{key}"
        for name, section in Settings.model_fields.items()
        for key in getattr(section.annotation, "model_fields", {})
    ]


_ONE_UNDERSCORE = {
    f"{_PREFIX}{key.replace('.', '_').upper()}": f"{_PREFIX}{key.replace('.', '__').upper()}"
    for key in known_keys()
}
"""Variables that would be passed over in silence, and what they are to be."""


def _refusal(error: ValidationError, values: dict[str, Any]) -> ConfigRefused:
    """The first fault, with what to write instead."""
    first = error.errors()[0]
    key = _spelled(first["loc"], values)
    name = str(first["loc"][-1])
    if first["type"] == "extra_forbidden" and _is_secret(name):
        expected = f"{_FILE_FOR.get(name, 'a key that ends with `_file`')}: no secret stands here"
        return ConfigRefused(key, "(not shown)", expected)
    if first["type"] == "extra_forbidden":
        known = TrunkSettings.keys() if first["loc"][0] == "trunk" else known_keys()
        return ConfigRefused(key, first["input"], f"one of: {', '.join(known)}")
    told = first.get("ctx", {}).get("error")
    expected = _described(first["loc"]) or first["msg"]
    if isinstance(told, ValueAdvice) or (isinstance(told, ValueError) and key.startswith("trunk")):
        expected = str(told)
    if key == "store.url":  # it may hold a password
        return ConfigRefused(key, "(not shown)", expected)
    if key in Settings.model_fields:
        expected = f"a section: `[{key}]`, and its keys below it"
    if first["loc"][0] == "trunk" and len(first["loc"]) < 3:  # as a whole it may hold a password
        return ConfigRefused(key, "(not shown)", _EACH_TRUNK)
    return ConfigRefused(key, None if first["type"] == "missing" else first["input"], expected)


def _spelled(place: tuple[int | str, ...], values: dict[str, Any]) -> str:
    """`sip.address`; `trunk.telia.account`, where the trunk has a name; `trunk.2.name` for the second, if not."""
    parts = [str(part) for part in place]
    # Which of a list's values it is, the value itself says; which of a table's, its name.
    length = 3 if len(place) > 2 and isinstance(place[2], str) else 2
    if place[0] == "trunk" and len(place) > 1 and isinstance(place[1], int):
        trunk = values["trunk"][place[1]]
        name = trunk.get("name") if isinstance(trunk, dict) else None
        parts[1] = name if isinstance(name, str) and name else str(place[1] + 1)
        length = 3
    return ".".join(parts[:length])


def _described(place: tuple[int | str, ...]) -> str | None:
    if place[0] == "trunk":
        return TrunkSettings.keys().get(str(place[2])) if len(place) > 2 else None
    section = Settings.model_fields.get(str(place[0]))
    fields = getattr(section.annotation, "model_fields", {}) if section else {}
    found = fields.get(str(place[1])) if len(place) > 1 else None
    return found.description if found else None


def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in ("pass", "secret", "pwd"))


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(read_regular_text(file, "utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigRefused("--config", str(file), "the path of a file that exists") from error
    except OSError as error:
        wanted = f"the path of a file that this user may read ({error.strerror})"
        raise ConfigRefused("--config", str(file), wanted) from error
    except UnicodeDecodeError as error:
        wanted = "a file saved as UTF-8 (in the editor: save as, encoding UTF-8)"
        raise ConfigRefused(str(file), f"byte {error.start} is not UTF-8", wanted) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigRefused(
            str(file), str(error), "TOML, such as `[sip]` and `address = …`"
        ) from error
    trunks = values.get("trunk")
    for section in (*values.values(), *(trunks if isinstance(trunks, list) else ())):
        if isinstance(section, dict):
            _beside(file, section)
    return values


def _beside(file: Path, section: dict[str, Any]) -> None:
    """Files and folders that a section names are looked for beside the settings, wherever the server is started."""
    for key, value in section.items():
        if key.endswith("_file") and isinstance(value, str):
            section[key] = str(as_on_disk(file.parent / value))
        elif key in _FOLDERS and isinstance(value, dict):
            section[key] = {
                language: str(as_on_disk(file.parent / folder))
                if isinstance(folder, str)
                else folder
                for language, folder in value.items()
            }


def _from_environment(environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for name, value in sorted(environment.items()):
        if meant := _ONE_UNDERSCORE.get(name):
            wanted = f"{meant}, with two underscores behind the section"
            raise ConfigRefused(name, "(not shown)", wanted)
        section, double, key = name.removeprefix(_PREFIX).lower().partition("__")
        if name.startswith(_PREFIX) and name not in _NOT_SETTINGS and double:
            values.setdefault(section, {})[key] = value
    return values


def _merge(into: dict[str, dict[str, Any]], more: dict[str, Any]) -> None:
    for section, values in more.items():
        known = into.setdefault(section, {}) if isinstance(values, dict) else values
        if not isinstance(
            known, dict
        ):  # `sip = 5060` where a section belongs: refused when checked
            into[section] = known
            continue
        known.update({key: value for key, value in values.items() if value is not None})
