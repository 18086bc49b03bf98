"""A carrier that is played message by message: it lets sign in, says whether it is there, brings calls."""

from __future__ import annotations

import asyncio
import hashlib
import re
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.plain_sip import Dialog, Message, PlainPhone
from tests.acceptance.probe import (
    EVENT_PAYLOAD_TYPE,
    FRAME_SECONDS,
    Address,
    Inbox,
    event,
    offer,
)

NONCE = "5e4fab0d"
REALM = "carrier.example"


@dataclass(slots=True)
class Carrier(PlainPhone):
    """What it says to a REGISTER is `to_register`: `ask` for the password, a status at once, or nothing (empty).

    To an INVITE it says each of `to_invite` at once, nothing if there are none, or what `says` does. `200 OK` comes
    with sound, which is taken at `media` where there is one. While it `is_deaf` it answers nothing at all.
    `signed_in` has the contact of every registration that it took; an empty one is a signing out.
    """

    login: str = ""
    secret: str = ""
    algorithm: str = "MD5"
    to_register: str = "ask"
    signed_in: list[str] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    to_invite: tuple[str, ...] = ("200 OK",)
    to_invite_headers: str = ""
    invites: list[Message] = field(default_factory=list)
    again: list[Message] = field(default_factory=list)
    byes: list[Message] = field(default_factory=list)
    cancels: list[Message] = field(default_factory=list)
    unheard: list[Message] = field(default_factory=list)
    others: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    says: Callable[[Message], None] | None = None
    is_deaf: bool = False
    media: Inbox | None = None
    _known: set[str] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def attend(self) -> None:
        """Answer REGISTER and OPTIONS until cancelled; what else comes waits for the verbs."""
        while True:
            sender_packet = await self.inbox.packets.get()
            message = Message(sender_packet[1].decode("latin-1"))
            if self.is_deaf:
                self.unheard.append(message)
            elif message.method == "OPTIONS" and self.answers_options:
                self._is_here(message)
            elif message.method == "REGISTER":
                self.asked.append(message)
                self._registered(message)
            else:
                self._take(message)
                self.others.put_nowait(message)
            self.changed.set()

    async def until(
        self, count: int, *, of: list[Any] | None = None, within_seconds: float = 10.0
    ) -> None:
        """Wait until there are so many registrations, or `of` what is kept in another list. Raises TimeoutError."""
        found: list[Any] = self.signed_in if of is None else of
        async with asyncio.timeout(within_seconds):
            while len(found) < count:
                self.changed.clear()
                await self.changed.wait()

    def hangs_up(self) -> None:
        """End the call that was taken last."""
        invite = self.invites[-1]
        contact = re.search(r"<([^>]+)>", invite.header("Contact"))
        assert contact is not None
        here = f"{invite.header('To')};tag={self.inbox.port}"
        call = Dialog(contact[1], here, invite.header("From"), invite.header("Call-ID"), 1)
        self.send(call, "BYE")

    async def presses(self, key: str) -> None:
        """A key, in the call that was taken last, as sound brings it (RFC 4733)."""
        assert self.media is not None
        port = re.search(r"(?m)^m=audio (\d+) ", self.invites[-1].text)
        assert port is not None
        frames = [event(key, number, is_over=False) for number in range(1, 6)]
        frames += [event(key, 6, is_over=True)] * 3
        for number, frame in enumerate(frames):
            second = EVENT_PAYLOAD_TYPE | (0x80 if number == 0 else 0)
            head = struct.pack("!BBHII", 0x80, second, number, 0, 0x5E47_AB0D)
            self.media.send(head + frame, (self.server[0], int(port[1])))
            await asyncio.sleep(FRAME_SECONDS)

    def _is_here(self, message: Message) -> None:
        """Say so to whoever asked, which need not be Asterisk."""
        via = re.match(r"SIP/2\.0/UDP \[?([0-9a-f.:]+?)\]?:(\d+)(?:;|$)", message.header("Via"))
        server = self.server
        self.server = (via[1], int(via[2])) if via else server
        self.answer(message, "200 OK")
        self.server = server

    def _take(self, message: Message) -> None:
        match message.method:
            case "INVITE" if message.header("Call-ID") not in self._known:
                self._known.add(message.header("Call-ID"))
                self.invites.append(message)
                if self.says is not None:
                    self.says(message)
                    return
                for status in self.to_invite:
                    body = offer(self.media.port, self.host) if self.media else offer(9, self.host)
                    sound = body if status.startswith(("200", "183")) else ""
                    self.answer(message, status, self.to_invite_headers, sound)
            case "INVITE":
                self.again.append(message)
            case "BYE":
                self.byes.append(message)
                self.answer(message, "200 OK")
            case "CANCEL":
                self.cancels.append(message)
                self.answer(message, "200 OK")
                self.answer(self.invites[-1], "487 Request Terminated")
            case _:
                pass

    async def _next(self) -> Message:
        return await self.others.get()

    def _registered(self, request: Message) -> None:
        if not self.to_register:
            return
        if self.to_register != "ask":
            self.answer(request, self.to_register)
        elif not self._is_right(request):
            extra = f', algorithm={self.algorithm}, qop="auth"'
            challenge = f'WWW-Authenticate: Digest realm="{REALM}", nonce="{NONCE}"{extra}'
            self.answer(request, "401 Unauthorized", challenge)
        else:
            contact = re.search(r"<([^>]+)>", request.header("Contact"))
            leaves = request.header("Expires") == "0" or "expires=0" in request.header("Contact")
            self.signed_in.append("" if leaves or contact is None else contact[1])
            told = f"Contact: {request.header('Contact')}\r\nExpires: 120"
            self.answer(request, "200 OK", "Expires: 0" if leaves else told)

    def _is_right(self, request: Message) -> bool:
        """The digest (RFC 8760), reckoned from what we know and what the request says of itself."""
        said = dict(re.findall(r'(\w+)="?([^",]*)"?', request.header("Authorization")))
        if said.get("username") != self.login:
            return False
        secret = self._hash(f"{self.login}:{REALM}:{self.secret}")
        uri = self._hash(f"REGISTER:{said.get('uri')}")
        proof = f"{secret}:{NONCE}:{said.get('nc')}:{said.get('cnonce')}:auth:{uri}"
        return said.get("response") == self._hash(proof)

    def _hash(self, text: str) -> str:
        kind = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[self.algorithm]
        return kind(text.encode(), usedforsecurity=False).hexdigest()


@asynccontextmanager
async def carrier(
    server: Address,
    host: str,
    *,
    port: int = 0,
    login: str = "",
    secret: str = "",
    algorithm: str = "MD5",
    to_register: str = "ask",
    to_invite: tuple[str, ...] = ("200 OK",),
) -> AsyncIterator[Carrier]:
    """A carrier at this address of loopback, until the scope is left. Its server may be started later."""
    inbox, media = await Inbox.open(host, port), await Inbox.open(host)
    played = Carrier(
        server,
        "carrier",
        "",
        inbox,
        host,
        login=login,
        secret=secret,
        algorithm=algorithm,
        to_register=to_register,
        to_invite=to_invite,
        media=media,
    )
    async with asyncio.TaskGroup() as group:
        attending = group.create_task(played.attend(), name="carrier")
        try:
            yield played
        finally:
            attending.cancel()
            inbox.transport.close()
            media.transport.close()
