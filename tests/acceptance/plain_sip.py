"""A phone that speaks SIP message by message, so that a test can say what no well-behaved program would.

It knows one peer on loopback. Sound is left out: the offer names a port that nobody listens on.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from tests.acceptance.probe import HOST, Address, Inbox, offer

SILENT_PORT = 9


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response, as it came."""

    text: str

    @property
    def first_line(self) -> str:
        return self.text.split("\r\n", maxsplit=1)[0]

    @property
    def method(self) -> str:
        """Of a request; empty for a response."""
        word = self.first_line.split(" ")[0]
        return "" if word == "SIP/2.0" else word

    @property
    def status(self) -> int:
        """Of a response; 0 for a request."""
        return 0 if self.method else int(self.first_line.split(" ")[1])

    def header(self, name: str) -> str:
        found = re.search(rf"(?im)^{name}:[ \t]*(.*?)\r?$", self.text)
        return found[1] if found else ""


def in_sip(host: str) -> str:
    """An address of version six stands in brackets."""
    return f"[{host}]" if ":" in host else host


@dataclass(slots=True)
class Dialog:
    """What makes a request belong to a call."""

    uri: str
    here: str
    there: str
    call_id: str = field(default_factory=lambda: uuid4().hex)
    sequence: int = 0


@asynccontextmanager
async def plain_phone(
    server: Address, account: str, password: str = "", *, host: str = HOST
) -> AsyncIterator[PlainPhone]:
    """A phone at a port of its own, until the scope is left. At another address of loopback it may be a carrier's."""
    inbox = await Inbox.open(host)
    try:
        yield PlainPhone(server, account, password, inbox, host)
    finally:
        inbox.transport.close()


@dataclass(slots=True)
class PlainPhone:
    """One socket. Each verb waits for the answer that it names, and passes over all else."""

    server: Address
    account: str
    password: str
    inbox: Inbox
    host: str = HOST
    patience_seconds: float = 10.0
    answers_options: bool = True
    sound_at: int = SILENT_PORT
    transport: str = "UDP"
    contact: str = ""

    @property
    def shown_host(self) -> str:
        """As it stands in a SIP address."""
        return in_sip(self.host)

    def dialog(self, user: str) -> Dialog:
        """A call to come: `user` is the text before the `@` of the request-URI, or empty for a URI without one."""
        host = f"{in_sip(self.server[0])}:{self.server[1]}"
        uri = f"sip:{user}@{host}" if user else f"sip:{host}"
        return Dialog(
            uri, f"<sip:{self.account}@{self.shown_host}>;tag={uuid4().hex[:8]}", f"<{uri}>"
        )

    async def register(self, headers: str = "") -> int:
        """Sign in, at `contact` if there is one; the final status."""
        dialog = self.dialog("")
        dialog.here = dialog.there = f"<sip:{self.account}@{self.shown_host}>;tag={uuid4().hex[:8]}"
        dialog.there = dialog.there.partition(";")[0]
        return (await self.proven(dialog, "REGISTER", headers)).status

    async def call(self, user: str, headers: str = "") -> tuple[Dialog, Message]:
        """INVITE, with the password where one is asked for; the final answer, which is acknowledged."""
        dialog = self.dialog(user)
        return dialog, await self.invite(dialog, headers)

    async def invite(self, dialog: Dialog, headers: str = "", sound: str = "") -> Message:
        """As `call`, for a dialog that is made already, and with an offer of `sound` of its own where there is one."""
        sound = sound or offer(self.sound_at, self.host)
        answer = await self.proven(dialog, "INVITE", headers, sound)
        dialog.there = answer.header("To")
        if contact := re.search(r"<([^>]+)>", answer.header("Contact")):
            dialog.uri = contact[1]
        if answer.status < 300:
            self.send(dialog, "ACK")
        return answer

    async def request(
        self, dialog: Dialog, method: str, headers: str = "", body: str = ""
    ) -> Message:
        """The final answer to a request within a call. Raises TimeoutError when none comes."""
        dialog.sequence += 1
        self.send(dialog, method, headers, body)
        return await self._final(dialog, method)

    async def hang_up(self, dialog: Dialog) -> None:
        await self.request(dialog, "BYE")

    async def receives(self, method: str) -> Message:
        """The next request with this method. Raises TimeoutError when none comes."""
        async with asyncio.timeout(self.patience_seconds):
            while True:
                message = await self._next()
                if message.method == method:
                    return message
                if message.method == "OPTIONS" and self.answers_options:
                    self.answer(message, "200 OK")

    def answer(self, request: Message, status: str, headers: str = "", body: str = "") -> None:
        """Answer a request as one pleases."""
        kept = re.findall(r"(?im)^(?:via|from|call-id|cseq|record-route):.*?(?=\r?$)", request.text)
        to = request.header("To")
        tagged = to if ";tag=" in to else f"{to};tag={self.inbox.port}"
        contact = f"Contact: <sip:{self.account}@{self.shown_host}:{self.inbox.port}>"
        sound = ("Content-Type: application/sdp",) if body else ()
        lines = (f"SIP/2.0 {status}", *kept, f"To: {tagged}", *(headers.splitlines() or (contact,)))
        self._put((*lines, *sound), body)

    def send(self, dialog: Dialog, method: str, headers: str = "", body: str = "") -> None:
        """A request, once."""
        here = f"{self.shown_host}:{self.inbox.port}"
        kind = (
            headers
            if "Content-Type" in headers or not body
            else "Content-Type: application/sdp\r\n" + headers
        )
        lines = (
            f"{method} {dialog.uri} SIP/2.0",
            f"Via: SIP/2.0/{self.transport} {here};branch=z9hG4bK{uuid4().hex};rport",
            f"From: {dialog.here}",
            f"To: {dialog.there}",
            f"Call-ID: {dialog.call_id}",
            f"CSeq: {dialog.sequence} {method}",
            f"Contact: {self.contact or f'<sip:{self.account}@{here};transport={self.transport.lower()}>'}",
            "Max-Forwards: 70",
            *kind.strip().splitlines(),
        )
        self._put(lines, body)

    async def proven(
        self, dialog: Dialog, method: str, headers: str = "", body: str = ""
    ) -> Message:
        """The final answer to a request, with the password where one is asked for."""
        answer = await self.request(dialog, method, headers, body)
        if answer.status in {401, 407} and self.password:
            if method == "INVITE":
                self.send(dialog, "ACK")
            login = self.proof_of(answer, method, dialog.uri)
            answer = await self.request(dialog, method, f"{login}\r\n{headers}", body)
        return answer

    async def _final(self, dialog: Dialog, method: str) -> Message:
        wanted = f"{dialog.sequence} {method}"
        async with asyncio.timeout(self.patience_seconds):
            while True:
                message = await self._next()
                mine = message.header("Call-ID") == dialog.call_id
                if mine and message.status >= 200 and message.header("CSeq") == wanted:
                    return message
                if message.method == "OPTIONS" and self.answers_options:
                    self.answer(message, "200 OK")

    async def _next(self) -> Message:
        _, packet = await self.inbox.packets.get()
        return Message(packet.decode("latin-1"))

    def proof_of(self, challenge: Message, method: str, uri: str) -> str:
        """The header that proves that the password is known."""
        asked = dict(re.findall(r'(\w+)="([^"]*)"', challenge.header("WWW-Authenticate")))
        secret = _md5(f"{self.account}:{asked['realm']}:{self.password}")
        proof = _md5(f"{secret}:{asked['nonce']}:00000001:cnonce:auth:{_md5(f'{method}:{uri}')}")
        said = {
            **asked,
            "username": self.account,
            "uri": uri,
            "response": proof,
            "cnonce": "cnonce",
        }
        said.pop("qop", None)
        quoted = ", ".join(f'{name}="{value}"' for name, value in said.items())
        return f"Authorization: Digest {quoted}, qop=auth, nc=00000001"

    def _put(self, lines: tuple[str, ...], body: str) -> None:
        text = "\r\n".join((*lines, f"Content-Length: {len(body)}", "", body))
        self.inbox.send(text.encode("latin-1"), self.server)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
