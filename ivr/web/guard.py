"""Whose requests are answered: those that call this server by its name, and of no other site's page.

A page that an operator looks at may send requests to whatever its own name resolves to, loopback too (DNS rebinding).
Such a request carries the page's name in `Host`, and mostly in `Origin`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from ivr.control import Problem
from ivr.settings import split_host
from ivr.web.answers import echoed

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Addressed:
    """What a request says of where it goes and whence it comes.

    `hosts` are its `Host` headers, `own` our socket, `target` the host in an absolute first line (`GET http://HOST/`).
    """

    hosts: Sequence[str]
    own: tuple[str, int]
    origin: str | None = None
    target: str | None = None
    is_http_1_0: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets in who calls loopback, or the address listened on, with our port, and `names` (the setting `web.hosts`)."""

    names: tuple[str, ...] = ()

    def refuses(self, asked: Addressed) -> Problem | None:
        """Why this request is not answered; None if it is."""
        if len(asked.hosts) > 1 or not (asked.hosts or asked.is_http_1_0):
            detail = "send one Host header, with the name of this server"
            return Problem(title="Not understood", status=400, code="bad-request", detail=detail)
        for host in (*asked.hosts, *([asked.target] if asked.target is not None else ())):
            if not self._is_ours(host, asked.own):
                return _elsewhere(host, asked.own)
        if asked.origin is not None and not _is_own_page(asked):
            detail = (
                f'a page of another site ("{echoed(asked.origin)}") may ask nothing of this server'
            )
            return Problem(title="Foreign page", status=403, code="foreign-page", detail=detail)
        return None

    def _is_ours(self, host: str, own: tuple[str, int]) -> bool:
        try:
            name, port = split_host(host)
        except ValueError:
            return False
        if any(name == known and at in {None, port} for known, at in map(split_host, self.names)):
            return True
        if (80 if port is None else port) != own[1]:
            return False
        return name == "localhost" or _is_here(name, own[0])


def _is_here(name: str, own: str) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address == _without_zone(own)


def _without_zone(own: str) -> IPv4Address | IPv6Address:
    return ip_address(re.sub("%.*", "", own))


def _is_own_page(asked: Addressed) -> bool:
    """Whether the page comes from the very server that it asks."""
    try:
        page = urlsplit(asked.origin or "")
        told = split_host(page.netloc)
        host = split_host(asked.hosts[0]) if asked.hosts else None
    except ValueError:
        return False
    if host is None or page.scheme not in _DEFAULT_PORTS:
        return False
    usual = _DEFAULT_PORTS[page.scheme]
    return (told[0], told[1] or usual) == (host[0], host[1] or usual)


def _elsewhere(host: str, own: tuple[str, int]) -> Problem:
    detail = (
        f'"{echoed(host)}" is no name of this server. It answers to localhost:{own[1]} and to the address that it '
        "listens on; another name, or another port on the way here, goes into the setting web.hosts"
    )
    return Problem(title="Not this server", status=421, code="not-this-server", detail=detail)
