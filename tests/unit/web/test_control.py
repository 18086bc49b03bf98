"""Who may change a running server, and what is answered to those who may not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession, web

from ivr.control import (
    AUTHOR_HEADER,
    Apply,
    CallOff,
    Changed,
    Close,
    Forget,
    Open,
    Overridden,
    Purge,
    Reload,
    Reloaded,
    Rollback,
    SeenTo,
    SeeTo,
    TakingOut,
    TrunkTried,
    TryTrunk,
)
from ivr.errors import ChangeRefused, IvrError, RulesRefused, StoreFailed
from ivr.records.changes import FollowUp, RulesChange
from ivr.web import Guard, Lines, TurnedAway, add_control, open_site

TOKEN = "s3cret-s3cret-s3cret"
KNOWN = {
    "Authorization": f"Bearer {TOKEN}",
    "Content-Type": "application/json",
    AUTHOR_HEADER: "K%C3%A5re",
}
NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHANGE = RulesChange(
    change_id="1-chg",
    asked_at=NOW,
    due_at=NOW,
    how="rollback",
    author="kari",
    why="",
    revision="a",
    file="f",
    state="taken",
)


Post = Callable[..., Awaitable[tuple[int, dict[str, object]]]]


class Server:
    """Answers every rollback with `answer`, or raises it."""

    def __init__(self) -> None:
        self.asked: list[
            tuple[Rollback | Apply | CallOff | Close | Open | Reload | SeeTo | Purge | Forget, str]
        ] = []
        self.answer: Changed | IvrError = Changed(change=CHANGE, before="b")

    async def apply(self, asked: Apply, author: str) -> Changed:
        return self._changed(asked, author)

    async def rollback(self, asked: Rollback, author: str) -> Changed:
        return self._changed(asked, author)

    async def call_off(self, asked: CallOff, author: str) -> Changed:
        return self._changed(asked, author)

    async def close(self, asked: Close, author: str) -> Overridden:
        self.asked.append((asked, author))
        return Overridden(overrides=(), zone="Europe/Oslo")

    async def reload(self, asked: Reload, author: str) -> Reloaded:
        self.asked.append((asked, author))
        return Reloaded(added=("telia",))

    async def see_to(self, asked: SeeTo, author: str) -> SeenTo:
        self.asked.append((asked, author))
        told = FollowUp(follow_up_id="1", caller=asked.caller, at=NOW, author=author, why=asked.why)
        return SeenTo(follow_up=told)

    async def try_trunk(self, asked: TryTrunk, author: str) -> TrunkTried:
        return TrunkTried(trunk=asked.trunk, hosts=())

    async def reopen(self, asked: Open, author: str) -> Overridden:
        self.asked.append((asked, author))
        return Overridden(overrides=(), zone="Europe/Oslo")

    async def purge(self, asked: Purge, author: str) -> TakingOut:
        self.asked.append((asked, author))
        return TakingOut(removal=None)

    async def forget(self, asked: Forget, author: str) -> TakingOut:
        self.asked.append((asked, author))
        return TakingOut(removal=None)

    def _changed(self, asked: Rollback | Apply | CallOff, author: str) -> Changed:
        self.asked.append((asked, author))
        if isinstance(self.answer, IvrError):
            raise self.answer
        return self.answer


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def post(server: Server) -> AsyncIterator[Post]:
    site, lines = web.Application(client_max_size=1000), Lines(TurnedAway())
    add_control(site, server, TOKEN, lines.turned_away)
    async with (
        open_site(site, "127.0.0.1:0", Guard(), lines) as (_, port),
        ClientSession() as session,
    ):

        async def ask(
            verb: str, body: str, headers: dict[str, str] | None = None
        ) -> tuple[int, dict[str, object]]:
            url = f"http://127.0.0.1:{port}/control/{verb}"
            sent = KNOWN if headers is None else headers
            async with session.post(url, data=body.encode(), headers=sent) as answer:
                return answer.status, json.loads(await answer.text())

        yield ask


async def test_who_knows_the_token_is_answered(server: Server, post: Post) -> None:
    status, body = await post("rollback", '{"why": "storm"}')

    assert status == 200
    assert body["before"] == "b"
    assert server.asked == [(Rollback(why="storm"), "Kåre")]


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer æ"],
)
async def test_who_does_not_know_the_token_is_not(
    server: Server, post: Post, authorization: str | None
) -> None:
    headers = {"Content-Type": "application/json"}
    if authorization is not None:
        headers["Authorization"] = authorization

    status, body = await post("rollback", '{"why": "storm"}', headers)

    assert (status, body["code"]) == (401, "not-known")
    assert server.asked == []


@pytest.mark.parametrize("header", ["Forwarded", "via", "X-Forwarded-For", "X-REAL-IP"])
async def test_who_comes_through_a_proxy_is_not_from_here(
    server: Server, post: Post, header: str
) -> None:
    status, body = await post("rollback", '{"why": "storm"}', {**KNOWN, header: "192.0.2.7"})

    assert (status, body["code"]) == (403, "not-from-here")
    assert server.asked == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ('{"why": "storm"', "application/json", 400),
        ('{"why": "storm", "author": "kari"}', "application/json", 400),
        ('{"why": 7}', "application/json", 400),
        ("[]", "application/json", 400),
        ("[" * 500, "application/json", 400),
        ('{"why": "storm"}', "text/plain", 415),
        ('{"why": "' + "k" * 2000 + '"}', "application/json", 413),
    ],
)
async def test_what_is_not_understood_changes_nothing(
    server: Server, post: Post, body: str, content_type: str, status: int
) -> None:
    headers = {**KNOWN, "Content-Type": content_type}

    answered, problem = await post("rollback", body, headers)

    assert answered == problem["status"] == status
    assert server.asked == []


@pytest.mark.parametrize("author", [None, "", "a%0Ab", "%FF", "k" * 101])
async def test_who_does_not_say_who_asks_changes_nothing(
    server: Server, post: Post, author: str | None
) -> None:
    headers = {name: value for name, value in KNOWN.items() if name != AUTHOR_HEADER}
    if author is not None:
        headers[AUTHOR_HEADER] = author

    status, body = await post("rollback", "{}", headers)

    assert (status, body["code"]) == (400, "bad-request")
    assert "author" in str(body["detail"]).lower()
    assert server.asked == []


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RulesRefused(("r.yaml:1:1: error IVR101: no",)), 422, "rules-refused"),
        (ChangeRefused("there is no revision"), 409, "change-refused"),
        (StoreFailed("the disk is full"), 503, "store-failed"),
    ],
)
async def test_what_cannot_be_done_is_said_with_its_code(
    server: Server, post: Post, error: IvrError, status: int, code: str
) -> None:
    server.answer = error

    answered, problem = await post("rollback", '{"why": "storm"}')

    assert (answered, problem["code"]) == (status, code)
    assert problem["findings"] == list(getattr(error, "faults", ()))


async def test_what_was_asked_to_be_taken_out_reaches_the_server(
    server: Server, post: Post
) -> None:
    assert (await post("forget", '{"caller": "+4790000001"}'))[0] == 200
    assert (await post("purge", "{}"))[0] == 200

    assert [asked for asked, _ in server.asked] == [Forget(caller="+4790000001"), Purge()]
