"""The section `[sip]`: where phones and trunks reach us, and how."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from ivr.errors import ConfigRefused
from ivr.settings.section import Section
from ivr.settings.values import AddressText, PortRangeText, checked, listed, split_address

SpeechEncryption: TypeAlias = Literal["offered", "demanded"]
"""Of phones' sound, where they can sign in over TLS: taken and offered, or nothing else taken."""

EXTERNAL_WANTED = (
    "an IP address in numbers, such as 203.0.113.7: what the router shows to the world"
)
NETWORKS_WANTED = (
    'IP networks without bits of a machine, such as ["192.168.1.0/24", "10.20.0.0/16"]'
)


def _refuse_no_address(text: str) -> None:
    if ip_address(text).is_unspecified:
        raise ValueError(EXTERNAL_WANTED)


ExternalText = Annotated[str, checked(_refuse_no_address)]
LocalNetworkText = Annotated[str, checked(ip_network)]


class Sip(Section):
    """Where phones and trunks reach us. Loopback until told otherwise."""

    address: AddressText = Field(default="127.0.0.1:5060", description="HOST:PORT for SIP over UDP")
    rtp: PortRangeText = Field(
        default="10000-10999", description="FROM-TO, the UDP ports for speech, from 1024 to 65535"
    )
    tls_address: AddressText | None = Field(
        default=None, description="HOST:PORT for phones that sign in over TLS, or nothing"
    )
    certificate_file: Path | None = Field(
        default=None, description="a PEM file with our certificate and those above it"
    )
    key_file: Path | None = Field(
        default=None, description="a PEM file with its key, where that is another file"
    )
    encrypt_speech: SpeechEncryption = Field(
        default="offered", description='"offered" or "demanded": SRTP for phones, with tls_address'
    )
    external_address: ExternalText | None = Field(default=None, description=EXTERNAL_WANTED)
    local_networks: Annotated[tuple[LocalNetworkText, ...], BeforeValidator(listed)] = Field(
        default=(), description=NETWORKS_WANTED
    )

    name_servers: Annotated[tuple[AddressText, ...], BeforeValidator(listed)] = Field(
        default=(),
        description='name servers to ask for carriers\' names, such as ["192.0.2.53:53"]; '
        "without it, those of this machine",
    )

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Sip:
        """Raises ConfigRefused for a half of what TLS needs."""
        if self.tls_address is None:
            for key in ("certificate_file", "key_file"):
                if (value := getattr(self, key)) is not None:
                    wanted = "sip.tls_address too, such as 192.0.2.10:5061: nothing else uses it"
                    raise ConfigRefused(f"sip.{key}", str(value), wanted)
            if self.encrypt_speech == "demanded":
                wanted = "sip.tls_address too: without TLS the keys of the speech would go in clear"
                raise ConfigRefused("sip.encrypt_speech", "demanded", wanted)
            return self
        if self.certificate_file is None:
            wanted = "the path of a PEM file: phones know the server by its certificate"
            raise ConfigRefused("sip.certificate_file", None, wanted)
        host, tls_host = split_address(self.address)[0], split_address(self.tls_address)[0]
        if ip_address(host) != ip_address(tls_host):
            shown = f"[{host}]" if ":" in host else host
            port = split_address(self.tls_address)[1]
            wanted = f"the host of sip.address, where the sound is too: {shown}:{port}"
            raise ConfigRefused("sip.tls_address", self.tls_address, wanted)
        return self

    @model_validator(mode="after")
    def _it_is_known_where_we_are(self) -> Sip:
        """Raises ConfigRefused where phones could not be told an address, or networks would mean nothing."""
        if self.local_networks and self.external_address is None:
            wanted = "sip.external_address too: without one, ours is the same for everybody"
            raise ConfigRefused("sip.local_networks", ", ".join(self.local_networks), wanted)
        if self.external_address is None and ip_address(self.host).is_unspecified:
            wanted = (
                "one address of this machine, such as 192.0.2.10:5060: phones are told one, and the sound is bound "
                "to it. Every address, those towards the internet too, only with sip.external_address, which says "
                "what others call this machine"
            )
            raise ConfigRefused("sip.address", self.address, wanted)
        return self

    @property
    def host(self) -> str:
        return split_address(self.address)[0]
