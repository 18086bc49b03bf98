"""Settings: what operations decide, from `ivr.toml` and the environment (`IVR_SIP__ADDRESS=…`, which wins).

The rules file is the admin's and says what callers meet; nothing of it is here. Every refusal names its key.
Durations are seconds. Secrets are never settings: they are generated into the home folder.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ivr.errors import ConfigRefused

_PREFIX = "IVR_"
_NOT_SETTINGS = frozenset({"IVR_HOME", "IVR_CACHE", "IVR_ESPEAK", "IVR_CONFIG"})


class NotAnAddress(ValueError):
    """The host is a name; the text is what to write instead."""


def split_address(text: str) -> tuple[str, int]:
    """`127.0.0.1:5060` as host and port; raises ValueError with the form to write."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
        message = "HOST:PORT, such as 127.0.0.1:5060"
        raise ValueError(message)
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        loopback = f"127.0.0.1:{port}"
        is_loopback = host.lower() == "localhost"
        message = loopback if is_loopback else f"an address in numbers, such as {loopback}"
        raise NotAnAddress(message) from None
    return host.strip("[]"), int(port)


def split_range(text: str) -> tuple[int, int]:
    """`10000-10999` as first and last port; raises ValueError with the form to write."""
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal()):
        message = "FROM-TO, such as 10000-10999"
        raise ValueError(message)
    if not (1024 <= int(first) < int(last) <= 65535):
        message = "a range of ports between 1024 and 65535, such as 10000-10999"
        raise ValueError(message)
    return int(first), int(last)


def _checked(check: Any) -> AfterValidator:  # noqa: ANN401 - a validator of any result
    def validate(text: str) -> str:
        check(text)
        return text

    return AfterValidator(validate)


AddressText = Annotated[str, _checked(split_address)]
PortRangeText = Annotated[str, _checked(split_range)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sip(_Section):
    """Where phones and trunks reach us. Loopback until told otherwise."""

    address: AddressText = Field(default="127.0.0.1:5060", description="HOST:PORT for SIP over UDP")
    rtp: PortRangeText = Field(
        default="10000-10999", description="FROM-TO, the UDP ports for speech"
    )


class Web(_Section):
    """Where `/health` is."""

    address: AddressText = Field(default="127.0.0.1:8080", description="HOST:PORT for HTTP")


class Rules(_Section):
    """How rules come in force. What they say is the rules file's own affair."""

    watch: bool = Field(
        default=True, description="true or false: take the rules file when it is edited"
    )


class AsteriskSettings(_Section):
    """An Asterisk that runs elsewhere; without `ari`, one is started below the home folder."""

    ari: AddressText | None = Field(
        default=None, description="HOST:PORT of a running Asterisk's HTTP server, or nothing"
    )
    user: str = Field(default="ivr", description="the ARI user")
    password_file: Path | None = Field(
        default=None, description="a file whose first line is the ARI password"
    )
    application: str = Field(
        default="ivr", description="the Stasis application's name", pattern=r"^[a-z0-9-]+$"
    )


class Calls(_Section):
    """Limits for calls."""

    drain_seconds: float = Field(
        default=60.0, ge=0, le=86_400, description="how long a stop waits for talks to end"
    )


class ForTests(_Section):
    """For tests and demonstrations only: facts that a caller may set. Calls so made are marked as tests."""

    call_time_header: bool = Field(
        default=False, description="take a call's time from its SIP header X-Sim-Now"
    )
    call_time: Annotated[str, _checked(datetime.fromisoformat)] | None = Field(
        default=None,
        description="the time that every call is taken to arrive at, such as 2026-11-23T10:00",
    )


class Settings(_Section):
    """All settings."""

    sip: Sip = Sip()
    web: Web = Web()
    rules: Rules = Rules()
    asterisk: AsteriskSettings = AsteriskSettings()
    calls: Calls = Calls()
    test: ForTests = ForTests()


def load_settings(
    file: Path | None, environment: dict[str, str] | None = None, **overrides: dict[str, Any]
) -> Settings:
    """Settings from `file` (absent is fine when None), the environment and `overrides`, the last winning.

    Raises ConfigRefused for the first wrong key.
    """
    values: dict[str, dict[str, Any]] = {}
    if file is not None:
        _merge(values, _read_toml(file))
    _merge(values, _from_environment(dict(os.environ) if environment is None else environment))
    _merge(values, overrides)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise ConfigRefused(
                key, first["input"], f"one of: {', '.join(known_keys())}"
            ) from error
        expected = _described(key) or first["msg"]
        told = first.get("ctx", {}).get("error")
        if isinstance(told, NotAnAddress):
            expected = str(told)
        if key in Settings.model_fields:
            expected = f"a section: `[{key}]`, and its keys below it"
        raise ConfigRefused(key, first["input"], expected) from error


def known_keys() -> list[str]:
    """Every key that may be set, as `section.key`."""
    return [
        f"{name}.{key}"
        for name, section in Settings.model_fields.items()
        for key in getattr(section.annotation, "model_fields", {})
    ]


def _described(key: str) -> str | None:
    name, _, rest = key.partition(".")
    section = Settings.model_fields.get(name)
    fields = getattr(section.annotation, "model_fields", {}) if section else {}
    found = fields.get(rest)
    return found.description if found else None


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
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


def _from_environment(environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for name, value in sorted(environment.items()):
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
