"""A trunk: one carrier, as `[[trunk]]` in `ivr.toml` describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from ivr.errors import ConfigRefused
from ivr.settings.section import Section
from ivr.settings.values import SHOWN_NUMBER_WANTED, ShownNumberText, checked

NumberForm: TypeAlias = Literal["+47", "0047", "47", "national"]
"""How a carrier wants numbers written; short ones are always as they are dialled."""

Network: TypeAlias = IPv4Network | IPv6Network

_WIDEST = {4: 24, 6: 64}
"""The shortest prefix of a network that calls may come from: a carrier has some machines, not a country."""

_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*", re.I)
_HOST_WANTED = "HOST or HOST:PORT, such as 192.0.2.10, sip.carrier.example:5060 or [2001:db8::1]"
_NAME = re.compile(r"(?=.*[a-z])[a-z0-9][a-z0-9_-]{0,39}")
_NAME_WANTED = "a-z, 0-9, _ and -, at most 40, a letter among them, such as telia"
# Both stand in a SIP URI, and in a file where `;` would begin a remark.
_USER = r"^[A-Za-z0-9_.+-]{1,80}$"
_LOGIN = r"^[^\x00-\x20\x7f;\"<>\\]{1,80}$"


@dataclass(frozen=True, slots=True, order=True)
class SipHost:
    """Where SIP is spoken: a name or an IP address, and a port where one is written."""

    host: str
    port: int | None = None

    @classmethod
    def read(cls, text: str) -> SipHost:
        """`192.0.2.10`, `sip.carrier.example:5070`, `[2001:db8::1]:5060`. Raises ValueError with the form to write."""
        if _is_address(text.strip("[]")):
            return cls(text.strip("[]"))
        host, colon, port = text.rpartition(":")
        host = host if colon else text
        known = _HOST_NAME.fullmatch(host) or _is_address(host.strip("[]"))
        if not known or (colon and not (port.isdecimal() and 0 < int(port) < 65536)):
            raise ValueError(_HOST_WANTED)
        return cls(host.strip("[]"), int(port) if colon else None)

    @property
    def is_name(self) -> bool:
        return not _is_address(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


def read_network(text: str) -> Network:
    """An IP address or a network that is narrow enough. Raises ValueError with the form to write."""
    try:
        network = ip_network(text)
    except ValueError:
        message = "IP addresses or networks, such as 192.0.2.10 or 192.0.2.0/24"
        raise ValueError(message) from None
    if network.prefixlen < _WIDEST[network.version]:
        widest = _WIDEST[network.version]
        message = f"networks of /{widest} or narrower: whoever is in them may call in as this trunk"
        raise ValueError(message)
    return network


def _read_name(text: str) -> None:
    if not _NAME.fullmatch(text):
        raise ValueError(_NAME_WANTED)


HostText = Annotated[str, checked(SipHost.read)]
NetworkText = Annotated[str, checked(read_network)]


class TrunkSettings(Section):
    """A carrier: where it is, who it takes us for, what it is believed."""

    name: Annotated[str, checked(_read_name)] = Field(description=_NAME_WANTED)
    addresses: tuple[HostText, ...] = Field(min_length=1, description=_HOST_WANTED)
    calls_from: tuple[NetworkText, ...] = Field(
        default=(), description="a list of IP addresses and networks; those of `addresses` if empty"
    )
    transport: Literal["udp", "tcp", "tls"] = Field(
        default="udp", description="udp, tcp or tls: how SIP goes to it"
    )
    encrypt_speech: bool | None = Field(
        default=None, description="true or false: demand SRTP; true where transport is tls"
    )
    ca_file: Path | None = Field(
        default=None, description="a PEM file with the certificates of those who vouch for it"
    )
    certificate_file: Path | None = Field(
        default=None, description="a PEM file with our certificate, for a carrier that asks for one"
    )
    key_file: Path | None = Field(
        default=None, description="a PEM file with its key, where that is another file"
    )
    registers: bool = Field(
        default=False, alias="register", description="true or false: sign in at the carrier"
    )
    register_seconds: int = Field(default=300, ge=60, le=3600, description="60 to 3600")
    account: str | None = Field(
        default=None, pattern=_USER, description="what the carrier calls us, such as 4755301000"
    )
    login: str | None = Field(
        default=None,
        pattern=_LOGIN,
        description='the user name that goes with the password, without blanks and ; " < > \\',
    )
    password_file: Path | None = Field(
        default=None, description="a file whose first line is the password, readable by us only"
    )
    registrar: HostText | None = Field(default=None, description=_HOST_WANTED)
    domain: HostText | None = Field(default=None, description=_HOST_WANTED)
    proxy: HostText | None = Field(default=None, description=_HOST_WANTED)
    dialled_number: Literal["request", "to", "called-party"] = Field(
        default="request", description="request, to or called-party"
    )
    trust_caller: bool = Field(
        default=True, description="true or false: believe what it says of who calls"
    )
    number_form: NumberForm = Field(default="+47", description="+47, 0047, 47 or national")
    own_number: ShownNumberText | None = Field(default=None, description=SHOWN_NUMBER_WANTED)
    forward_callers: bool = Field(
        default=False, description="true or false: it takes a caller's number, with Diversion"
    )
    from_user: Literal["number", "account"] = Field(
        default="number", description="number or account"
    )
    identity: Literal["pai", "rpid", "none"] = Field(default="pai", description="pai, rpid or none")
    codecs: tuple[Literal["alaw", "ulaw", "g722"], ...] = Field(
        default=("alaw",), min_length=1, description='a list of "alaw", "ulaw" and "g722"'
    )
    digits: Literal["rfc4733", "info", "inband", "auto"] = Field(
        default="rfc4733", description="rfc4733, info, inband or auto"
    )
    calls_at_once: int = Field(default=30, ge=0, le=10_000, description="0 (none) to 10000")
    calls_out_at_once: int = Field(default=10, ge=0, le=10_000, description="0 (none) to 10000")
    first_answer_seconds: int = Field(default=8, ge=2, le=30, description="2 to 30")
    ping_seconds: int = Field(default=30, ge=0, le=3600, description="0 (never) to 3600")
    silence_seconds: int = Field(default=300, ge=0, le=86_400, description="0 (never) to 86400")
    session_timers: bool = Field(
        default=True, description="true or false: ask during a call whether it goes on"
    )
    private_contacts: bool = Field(
        default=False, description="true or false: answer where a request came from"
    )

    @model_validator(mode="after")
    def _is_whole(self) -> TrunkSettings:
        """Keys that need one another. Raises ConfigRefused, which names the key."""
        wanted = {
            "account": "the name of your account at the carrier, which you are known by there",
            "password_file": "the path of a file whose first line is the password",
        }
        needed = [*wanted] if self.registers else ["password_file"] if self.login else []
        if self.from_user == "account" and not self.registers:
            needed.insert(0, "account")
        for key in needed:
            if getattr(self, key) is None:
                raise ConfigRefused(f"trunk.{self.name}.{key}", None, wanted[key])
        return self

    @model_validator(mode="after")
    def _tls_is_whole(self) -> TrunkSettings:
        """Keys that mean nothing, or promise what is not so, without TLS. Raises ConfigRefused, which names the key."""
        key = f"trunk.{self.name}"
        if self.transport != "tls":
            for name in ("ca_file", "certificate_file", "key_file"):
                if (file := getattr(self, name)) is not None:
                    wanted = 'transport = "tls" too: nothing else uses it'
                    raise ConfigRefused(f"{key}.{name}", str(file), wanted)
            if self.encrypt_speech:
                wanted = (
                    'transport = "tls" too: without it the keys of the speech would go in clear'
                )
                raise ConfigRefused(f"{key}.encrypt_speech", "true", wanted)
        if self.key_file is not None and self.certificate_file is None:
            wanted = "certificate_file too: a key alone proves nothing"
            raise ConfigRefused(f"{key}.key_file", str(self.key_file), wanted)
        return self

    @property
    def speech_is_encrypted(self) -> bool:
        """SRTP, which is demanded then."""
        return self.transport == "tls" if self.encrypt_speech is None else self.encrypt_speech

    @classmethod
    def keys(cls) -> dict[str, str]:
        """Every key, and what may stand there."""
        fields = cls.model_fields.items()
        return {field.alias or name: field.description or "" for name, field in fields}

    @property
    def hosts(self) -> tuple[SipHost, ...]:
        """Where calls go, in order of trial."""
        return tuple(map(SipHost.read, self.addresses))

    @property
    def sources(self) -> tuple[Network, ...]:
        """The networks that are written down; those of names among `addresses` are not known yet."""
        written = map(read_network, self.calls_from)
        own = (ip_network(host.host) for host in self.hosts if not host.is_name)
        return tuple(written) if self.calls_from else tuple(own)

    @property
    def user(self) -> str | None:
        """The name that goes with the password."""
        return self.login or self.account


def refuse_overlap(trunks: tuple[TrunkSettings, ...]) -> None:
    """Refuse trunks that a caller's address, or a name, cannot tell apart."""
    seen: list[TrunkSettings] = []
    for trunk in trunks:
        for other in seen:
            if other.name == trunk.name:
                key, wanted = f"trunk.{trunk.name}.name", "a name that no other trunk has"
                raise ConfigRefused(key, trunk.name, wanted)
            for network in trunk.sources:
                if any(overlap(network, known) for known in other.sources):
                    raise ConfigRefused(
                        f"trunk.{trunk.name}.calls_from",
                        str(network),
                        f"addresses that trunk {other.name} has not, or one trunk for both",
                    )
        seen.append(trunk)


def overlap(one: Network, other: Network) -> bool:
    """Whether an address is in both."""
    match one, other:
        case (IPv4Network(), IPv4Network()) | (IPv6Network(), IPv6Network()):
            return one.overlaps(other)
    return False


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
