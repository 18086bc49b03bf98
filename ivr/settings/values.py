"""Single values of settings: how each is written, and what is said of one that is not."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator

from ivr.errors import NumberRefused
from ivr.numbers import EMERGENCY_NUMBERS, is_mobile, parse_number

_HOST = re.compile(
    r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?)(:(?P<port>[0-9]{1,5}))?",
    re.IGNORECASE,
)
"""What the header `Host` has."""


class ValueAdvice(ValueError):
    """The text is what to write instead, and says more than the description of the setting."""


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
        raise ValueAdvice(message) from None
    if ":" in host and not host.startswith("["):
        # Where it ends and its port begins, nobody could tell.
        message = f"an IPv6 address in brackets, such as [{host}]:{port}"
        raise ValueAdvice(message)
    return host.strip("[]"), int(port)


def read_open_address(text: str) -> None:
    """An address that others are to reach. Raises ValueError with the form to write."""
    if split_address(text)[1] == 0:
        message = "a port from 1 to 65535: which one 0 became, nobody would know"
        raise ValueAdvice(message)


def join_address(host: str, port: int) -> str:
    """As `split_address` reads it: an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


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


def split_host(text: str) -> tuple[str, int | None]:
    """`sentral.example.no:8443` as a name in small letters and a port; raises ValueError with the form to write."""
    found = _HOST.fullmatch(text)
    if not found or int(found["port"] or 0) > 65535:
        message = "HOST or HOST:PORT, such as sentral.example.no"
        raise ValueError(message)
    port = found["port"]
    return found["name"].strip("[]").rstrip(".").lower(), int(port) if port else None


def read_own_host(text: str) -> None:
    """A name by which we are asked, with a port or without. Raises ValueError with the form to write."""
    if "://" in text:
        message = "the name alone, without what stands before it: sentral.example.no"
        raise ValueAdvice(message)
    if _is_ipv6(text):
        message = f"an IPv6 address in brackets: [{text}]"
        raise ValueAdvice(message)
    if split_host(text)[1] == 0:
        name = text.rpartition(":")[0]
        message = f"a port from 1 to 65535, such as {name}:8443, or {name} alone, which counts with every port"
        raise ValueAdvice(message)


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False


def listed(value: object) -> object:
    """The environment has one text for all: values with commas between."""
    if not isinstance(value, str):
        return value
    return [one.strip() for one in value.split(",") if one.strip()]


def checked(check: Any) -> AfterValidator:  # noqa: ANN401 - a validator of any result
    """Text that `check` reads without a ValueError, kept as it is."""

    def validate(text: str) -> str:
        check(text)
        return text

    return AfterValidator(validate)


AddressText = Annotated[str, checked(read_open_address)]
PortRangeText = Annotated[str, checked(split_range)]
HostHeaderText = Annotated[str, checked(read_own_host)]


OWN_NUMBER_WANTED = "a Norwegian number in full, such as +47 55 30 10 00"


def read_own_number(text: str) -> None:
    """A number that a carrier can show for us. Raises ValueError with the form to write."""
    try:
        number = parse_number(text)
    except NumberRefused:
        raise ValueError(OWN_NUMBER_WANTED) from None
    if not number.digits.startswith("+47"):
        raise ValueError(OWN_NUMBER_WANTED)


OwnNumberText = Annotated[str, checked(read_own_number)]


RECORD_CODE_WANTED = (
    "a code that no phone number is, such as *73, or one of your numbers, such as +47 21 00 00 99"
)
_CODE = re.compile(r"[*#][0-9*#]{1,7}", re.ASCII)


def read_record_code(text: str) -> None:
    """What is dialled to record a prompt. Raises ValueError with the form to write."""
    if text[:1] in {"*", "#"}:
        if not _CODE.fullmatch(text):
            raise ValueError(RECORD_CODE_WANTED)
        return
    try:
        number = parse_number(text)
    except NumberRefused:
        raise ValueError(RECORD_CODE_WANTED) from None
    if number.digits in EMERGENCY_NUMBERS:
        raise ValueError(RECORD_CODE_WANTED)


RecordCodeText = Annotated[str, checked(read_record_code)]

_PROMPT = re.compile(r"[a-zæøå0-9_]+(\.[a-zæøå0-9_-]+)*")


def read_prompt_name(text: str) -> None:
    """The name of a prompt, as in the rules. Raises ValueError with the form to write."""
    if not _PROMPT.fullmatch(text) or len(text) > 80:
        message = "the name of a prompt, such as closed.storm"
        raise ValueError(message)


PromptText = Annotated[str, checked(read_prompt_name)]

SHOWN_NUMBER_WANTED = (
    "a number of your own that may be shown, such as +47 55 30 10 00 or 02222; no mobile's"
)


def read_shown_number(text: str) -> None:
    """A number that whom we call may see: in Norway never a mobile's. Raises ValueError with the form to write."""
    try:
        number = parse_number(text)
    except NumberRefused:
        raise ValueError(SHOWN_NUMBER_WANTED) from None
    is_short = number.digits.startswith("0") and len(number.digits) == 5
    if is_mobile(number) or not (is_short or number.digits.startswith("+47")):
        raise ValueError(SHOWN_NUMBER_WANTED)


ShownNumberText = Annotated[str, checked(read_shown_number)]


FALLBACK_WANTED = "a number outside, such as +47 55 30 10 00, and no emergency number"


def read_fallback(text: str) -> None:
    """Where callers go when no server comes. Raises ValueError with the form to write."""
    try:
        number = parse_number(text)
    except NumberRefused:
        raise ValueError(FALLBACK_WANTED) from None
    if number.digits in EMERGENCY_NUMBERS:
        raise ValueError(FALLBACK_WANTED)


FallbackText = Annotated[str, checked(read_fallback)]


ALLOWED_KINDS = ("fixed", "mobile", "short", "special")
"""Of Norwegian numbers, as `outgoing.allow` names them."""

_COUNTRY = re.compile(r"\+[1-9][0-9]{0,6}", re.ASCII)
_PREFIX = re.compile(r"\+?[0-9]{1,8}", re.ASCII)


def read_allowed(text: str) -> None:
    """A kind of Norwegian numbers, or how foreign ones begin. Raises ValueError with the form to write."""
    if text not in ALLOWED_KINDS and not _COUNTRY.fullmatch(text):
        message = f'{", ".join(ALLOWED_KINDS)}, or a country code such as "+46"'
        raise ValueError(message)


def read_prefix(text: str) -> None:
    """How numbers begin, Norway's without its code. Raises ValueError with the form to write.

    With 00 none begins: numbers are compared with their country's code behind a plus.
    """
    if not _PREFIX.fullmatch(text) or text.startswith("00"):
        message = 'how numbers begin, such as "82" or "+881"'
        raise ValueError(message)


AllowedText = Annotated[str, checked(read_allowed)]
PrefixText = Annotated[str, checked(read_prefix)]


POSTGRES_WANTED = (
    "postgresql://USER@HOST:PORT/DATABASE, such as postgresql://sentral@127.0.0.1:5432/sentral, or with a standby "
    "USER@HOST:PORT,HOST:PORT/DATABASE?target_session_attrs=read-write; the password stands in `password_file` or in "
    "the variable IVR_STORE_PASSWORD"
)


def read_postgres_url(text: str) -> None:
    """The address of a PostgreSQL database, without a password. Raises ValueError with the form to write."""
    try:
        machines = [urlsplit(one) for one in _of_each_machine(text)]
        has_password = any(
            found.password is not None or "password=" in found.query for found in machines
        )
        is_whole = all(
            found.scheme in {"postgresql", "postgres"}
            and len(found.path) > 1
            and found.port != 0
            and all(map(_is_port, dict(parse_qsl(found.query)).get("port", "1").split(",")))
            and (found.hostname or len(machines) == 1)
            for found in machines
        )
    except ValueError:
        raise ValueError(POSTGRES_WANTED) from None
    if has_password or not is_whole:
        raise ValueError(POSTGRES_WANTED)


def _is_port(text: str) -> bool:
    """An empty one is PostgreSQL's own, as libpq reads it."""
    return not text or (text.isdecimal() and 0 < int(text) <= 65535)


def _of_each_machine(url: str) -> list[str]:
    """As libpq reads it: behind the user there may be several, between commas."""
    scheme, _, rest = url.partition("://")
    where, slash, what = rest.partition("/")
    user, at, hosts = where.rpartition("@")
    return [f"{scheme}://{user}{at}{host}{slash}{what}" for host in hosts.split(",")]
