"""What an Asterisk of ours is to be: addresses, phones, prompts."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from ivr.asterisk.installation import Installation
from ivr.asterisk.passwords import refuse_guessable, refuse_password
from ivr.certificates import OwnCertificate
from ivr.endpoints import DIRECT, RESERVED, TRUNK_ON_LOOPBACK
from ivr.errors import ConfigRefused
from ivr.numbers import PhoneNumber
from ivr.trunks import Trunk

PHONES_TLS = "phones-tls.transport"
"""The transport that phones sign in by over TLS."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_NAME_WANTED = "a-z, 0-9, _ and -, at most 40"
# `;` begins a comment; the others part arguments or begin a variable in the dialplan.
_UNSAFE_IN_PATH = re.compile(r"""[\x00-\x1f\x7f;,&|$\\"'`(){}\[\]<>]""")


def open_file_ceiling() -> int:
    """A call costs some eight files: ask for many, but not for more than this user may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """A phone that registers: its account name, and the password that its owner types into it."""

    name: str
    password: str = field(repr=False)
    title: str | None = None
    emergency_number: PhoneNumber | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name in RESERVED:
            wanted = f"{_NAME_WANTED}, and not {TRUNK_ON_LOOPBACK} or {DIRECT}"
            raise ConfigRefused(key="phone", value=self.name, expected=wanted)
        refuse_password("phone password", self.password)


@dataclass(frozen=True, slots=True)
class MusicClass:
    """A kind of music to wait to: these recordings and no other file that lies beside them."""

    name: str
    files: tuple[Path, ...]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ConfigRefused(key="music folder", value=self.name, expected=_NAME_WANTED)
        for file in self.files:
            refuse_path("music folder", file)


@dataclass(frozen=True, slots=True)
class PhoneTls:
    """TLS for phones, at this port of `sip_host`, with what lies in the file `certificate`."""

    port: int
    certificate: Path
    own: OwnCertificate
    is_speech_demanded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What callers meet while no server takes them, see `conf_floor`.

    `on_our_way` is as `fallback_prompt`, None where nobody has recorded it; `music` a class of the blueprint's, or
    Asterisk's own silence; `fallback` is called over `trunks` (names, in order of trial) when the wait is over.
    """

    on_our_way: Path | None = None
    music: str = "default"
    wait_seconds: int = 20
    fallback: PhoneNumber | None = None

    def __post_init__(self) -> None:
        if self.on_our_way is not None:
            refuse_path("prompts", self.on_our_way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """Everything that the configuration depends on.

    `home` is the server's home folder; Asterisk writes below `home/asterisk` only. `sip_host` is an
    IP address to listen on. RTP ports run from `rtp_first` to `rtp_last`, both included.
    `fallback_prompt` is an absolute path without extension: what a caller hears when no server is
    takes the call, and waiting has been in vain; `floor` says how they wait.
    `tls_ports` are those of the trunks' own transports, by the transport's name.
    `emergency_trunks` are the names of trunks that emergency calls are tried over, in this order.
    `instead` are files of the configuration, name and text, in place of ours: for an Asterisk that is no server's.
    `external_address` is what all but `local_networks` are told to find us by; our own networks are among these.
    `test_facts` lets a call on loopback say its own time (`X-Sim-Now`); never set it where
    strangers can call.
    """

    home: Path
    installation: Installation
    http_port: int
    ari_password: str = field(repr=False)
    fallback_prompt: Path
    application: str = "ivr"
    ari_user: str = "ivr"
    sip_host: str = "127.0.0.1"
    sip_port: int = 5060
    rtp_first: int = 10000
    rtp_last: int = 10999
    accounts: tuple[PhoneAccount, ...] = ()
    music: tuple[MusicClass, ...] = ()
    trunks: tuple[Trunk, ...] = ()
    emergency_trunks: tuple[str, ...] = ()
    emergency_first_answer_seconds: int = 8
    tls: PhoneTls | None = None
    tls_ports: tuple[tuple[str, int], ...] = ()
    external_address: str | None = None
    local_networks: tuple[str, ...] = ()
    floor: Floor = field(default_factory=Floor)
    test_facts: bool = False
    instead: tuple[tuple[str, str], ...] = ()
    language: str = "nb"
    max_open_files: int = field(default_factory=open_file_ceiling)

    def __post_init__(self) -> None:
        _refuse_address("sip", self.sip_host)
        for key, port in (("sip", self.sip_port), ("ari", self.http_port)):
            if not 0 < port < 65536:
                raise ConfigRefused(key, port, "a port from 1 to 65535")
        if not 1024 <= self.rtp_first <= self.rtp_last < 65536:
            wanted = "two ports FROM-TO, the smaller first, from 1024 to 65535"
            value = f"{self.rtp_first}-{self.rtp_last}"
            raise ConfigRefused(key="rtp", value=value, expected=wanted)
        for key, name in (("application", self.application), ("ari user", self.ari_user)):
            if not _NAME.fullmatch(name):
                raise ConfigRefused(key, name, _NAME_WANTED)
        refuse_password("ari password", self.ari_password)
        if not self.on_loopback:
            for account in self.accounts:
                refuse_guessable(account.name, account.password)
        named = (trunk.name for trunk in self.trunks)
        refuse_names_taken(named, (account.name for account in self.accounts))
        for trunk in self.trunks:
            _refuse_tls_paths(trunk)
        refuse_path("home", self.home)
        refuse_path("prompts", self.fallback_prompt)

    @property
    def emergency_ways(self) -> tuple[Trunk, ...]:
        """The trunks for emergency calls, in order of trial."""
        named = {trunk.name: trunk for trunk in self.trunks}
        return tuple(named[name] for name in self.emergency_trunks)

    def music_other_than(self, before: Blueprint) -> frozenset[str]:
        """The kinds of music that have other recordings here."""
        had = {one.name: one.files for one in before.music}
        return frozenset(one.name for one in self.music if had.get(one.name) != one.files)

    @property
    def fallback_ways(self) -> tuple[Trunk, ...]:
        """The trunks that the floor's fallback is called over, in order of trial; none without a fallback."""
        takes_calls = (one for one in self.trunks if one.said.calls_out_at_once)
        return tuple(takes_calls) if self.floor.fallback else ()

    @property
    def folder(self) -> Path:
        """Where Asterisk's own files lie."""
        return self.home / "asterisk"

    @property
    def on_loopback(self) -> bool:
        return ip_address(self.sip_host).is_loopback

    @property
    def sip_address(self) -> str:
        return self._at(self.sip_port)

    @property
    def tls_address(self) -> str | None:
        return self._at(self.tls.port) if self.tls else None

    @property
    def nat(self) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
        """What a transport is told of the router between us and the world."""
        if self.external_address is None:
            return ()
        return (
            ("external_signaling_address", self.external_address),
            ("external_media_address", self.external_address),
            ("local_net", self.local_networks),
        )

    @property
    def ways_in(self) -> str:
        """What a running Asterisk would have to be started again for."""
        tls = self.tls and (self.tls.port, self.tls.is_speech_demanded)
        return repr((tls, self.external_address, self.local_networks))

    @property
    def certificates(self) -> Mapping[Path, str]:
        """Those of ours, each with its key, as Asterisk reads them: copies, since it reads them at every reload.

        Whoever renews the originals writes the certificate and the key one after the other, and a reload between would
        leave phones without TLS.
        """
        owns = [(PHONES_TLS, self.tls.own)] if self.tls else []
        owns += [
            (trunk.transport, trunk.tls.own) for trunk in self.trunks if trunk.tls and trunk.tls.own
        ]
        return {self.certificate_of(transport): own.pem for transport, own in owns}

    def certificate_of(self, transport: str) -> Path:
        """Where Asterisk finds the certificate and the key of this transport."""
        return self.folder / f"etc/{transport}.pem"

    def _at(self, port: int) -> str:
        host = f"[{self.sip_host}]" if ":" in self.sip_host else self.sip_host
        return f"{host}:{port}"


def refuse_names_taken(trunks: Iterable[str], accounts: Iterable[str]) -> None:
    """Refuse a trunk that is called like an agent's phone: Asterisk could not tell them apart."""
    taken = frozenset(accounts)
    for name in trunks:
        if name in taken:
            wanted = f"a name that no agent's phone has: {name} is an account in the rules"
            raise ConfigRefused(f"trunk.{name}.name", name, wanted)


def refuse_path(key: str, path: Path) -> None:
    """Refuse a path that Asterisk's configuration could read as something else."""
    if not path.is_absolute() or _UNSAFE_IN_PATH.search(str(path)):
        raise ConfigRefused(
            key, str(path), "an absolute path without any of ; , & | $ \\ \" ' ` ( ) { } [ ] < >"
        )


def _refuse_tls_paths(trunk: Trunk) -> None:
    if trunk.tls is None:
        return
    refuse_path(f"trunk.{trunk.name}.ca_file", trunk.tls.ca)


def _refuse_address(key: str, host: str) -> None:
    try:
        ip_address(host)
    except ValueError:
        raise ConfigRefused(key, host, "an IP address and a port, such as 127.0.0.1:5060") from None
