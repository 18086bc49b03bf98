"""Who calls this server by its name, and whose page asks."""

from __future__ import annotations

import pytest

from ivr.web.guard import Addressed, Guard

OWN = ("127.0.0.1", 8080)
LAN = ("192.0.2.10", 8080)
NAMES = ("sentral.example.no", "proxy.example.no:8443")


@pytest.mark.parametrize(
    ("own", "host"),
    [
        (OWN, "localhost:8080"),
        (OWN, "LOCALHOST:8080"),
        (OWN, "localhost.:8080"),
        (OWN, "127.0.0.1:8080"),
        (OWN, "127.8.9.1:8080"),
        (("::1", 8080), "[::1]:8080"),
        (LAN, "192.0.2.10:8080"),
        (LAN, "localhost:8080"),
        (("fe80::1%eth0", 8080), "[fe80::1]:8080"),
        (("127.0.0.1", 80), "localhost"),
        (OWN, "sentral.example.no"),
        (OWN, "Sentral.Example.NO:443"),
        (OWN, "sentral.example.no:8080"),
        (OWN, "proxy.example.no:8443"),
    ],
)
def test_a_name_of_this_server_is_let_in(own: tuple[str, int], host: str) -> None:
    assert Guard(NAMES).refuses(Addressed(hosts=[host], own=own)) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8080",
        "localhost.evil.example:8080",
        "evil.localhost:8080",
        "localhost",
        "localhost:9000",
        "127.0.0.1",
        "192.0.2.10:8080",
        "192.0.2.11:8080",
        "2130706433:8080",
        "0.0.0.0:8080",
        "proxy.example.no",
        "proxy.example.no:8080",
        "xsentral.example.no",
        "evil@localhost:8080",
        "localhost:8080@evil.example",
        "localhost:8080, evil.example",
        "localhost:08080x",
        "localhost:99999",
        "[::1",
        "::1:8080",
        "lokal\udcf8host",
        "",
        " ",
        "\x00",
    ],
)
def test_a_name_of_another_is_refused_and_told_what_to_do(host: str) -> None:
    refused = Guard(NAMES).refuses(Addressed(hosts=[host], own=OWN))

    assert refused is not None
    assert (refused.status, refused.code) == (421, "not-this-server")
    assert "web.hosts" in refused.detail
    assert refused.detail.isprintable()
    assert refused.detail.isascii()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Addressed(hosts=[], own=OWN), "bad-request"),
        (Addressed(hosts=["localhost:8080", "evil.example"], own=OWN), "bad-request"),
        (Addressed(hosts=["localhost:8080"], own=OWN, target="evil.example"), "not-this-server"),
        (Addressed(hosts=["localhost:8080"], own=OWN, target=""), "not-this-server"),
        (Addressed(hosts=["localhost:8080"], own=OWN, target="localhost:8080"), None),
        (Addressed(hosts=[], own=OWN, is_http_1_0=True), None),
        (Addressed(hosts=["evil.example"], own=OWN, is_http_1_0=True), "not-this-server"),
    ],
)
def test_each_place_that_names_a_host_counts(asked: Addressed, code: str | None) -> None:
    refused = Guard().refuses(asked)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("host", "origin", "is_let_in"),
    [
        ("localhost:8080", None, True),
        ("localhost:8080", "http://localhost:8080", True),
        ("sentral.example.no", "https://sentral.example.no", True),
        ("sentral.example.no", "https://SENTRAL.example.no:443", True),
        ("sentral.example.no:443", "https://sentral.example.no", True),
        ("localhost:8080", "http://localhost:3000", False),
        ("localhost:8080", "http://127.0.0.1:8080", False),
        ("localhost:8080", "http://evil.example", False),
        ("localhost:8080", "http://localhost:8080.evil.example", False),
        ("localhost:8080", "http://localhost:8080@evil.example", False),
        ("localhost:8080", "null", False),
        ("localhost:8080", "", False),
        ("localhost:8080", "file://", False),
        ("localhost:8080", "chrome-extension://abc", False),
        ("localhost:8080", "http://[::1", False),
    ],
)
def test_a_page_of_another_site_may_ask_nothing(
    host: str, origin: str | None, is_let_in: bool
) -> None:
    refused = Guard(NAMES).refuses(Addressed(hosts=[host], own=OWN, origin=origin))

    assert (refused.status if refused else None) == (None if is_let_in else 403)
