"""The API: who is answered, what they may see, and what a listener is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import msgspec
import pytest
from aiohttp import ClientResponse, ClientSession
from jsonschema import Draft202012Validator

from ivr.control import (
    AGENT_ACTS,
    GOES_WITH,
    AgentAct,
    AgentAsked,
    AgentTold,
    ApiToken,
    PresentAgent,
    PresentQueue,
    PresentState,
    Scope,
)
from ivr.errors import ChangeRefused
from ivr.observe import Counts
from ivr.web import (
    ApiGate,
    ControlGate,
    Guard,
    Lines,
    TurnedAway,
    add_agent_api,
    add_api,
    empty_site,
    open_site,
)
from ivr.web.api_paths import PATHS, ROOT
from ivr.web.site import LARGEST_BODY
from ivr.web.stream import MOST_LISTENERS, Streams, changes
from tests.unit.web.waiting import CALL, CALLER, NOW

LARGE = b"too large"
JSON = {"Content-Type": "application/json"}
OURS = "s3cret-s3cret-s3cret"
BERGEN = PresentQueue(
    name="bergen", waiting=1, talking=0, signed_in=2, available=0, longest_since=NOW
)
KARI = PresentAgent(name="kari", title="Kari", state="available", queues=("bergen",))
STATE = PresentState(at=NOW, queues=(BERGEN,), agents=(KARI,), calls=(CALL,))


class TellsBack:
    """Does nothing, and tells what was asked; it knows one agent."""

    async def agent(self, asked: AgentAsked, author: str) -> AgentTold:
        if asked.agent != "kari":
            message = f"there is no agent called {asked.agent!r}"
            raise ChangeRefused(message)
        notes = (author, asked.act, asked.reason or "", asked.why)
        return AgentTold(agent="kari", before="available", state="paused", queues=(), notes=notes)


@dataclass
class House:
    """What is behind the port: a state that a test changes, and tokens by their secret."""

    port: int
    session: ClientSession
    counts: Counts
    over: set[str]
    kept: dict[str, ApiToken]
    state: list[PresentState] = field(default_factory=lambda: [STATE])

    async def get(
        self, path: str, secret: str | None = "reader", headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        async with await self.open(path, secret, headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def post(self, path: str, secret: str, body: object) -> tuple[int, Any]:
        known = {"Authorization": f"Bearer {secret}"}
        url = f"http://127.0.0.1:{self.port}{ROOT}{path}"
        async with self.session.post(url, headers=known, json=body) as answer:
            return answer.status, json.loads(await answer.text())

    async def open(
        self, path: str, secret: str | None = "reader", headers: Mapping[str, str] | None = None
    ) -> ClientResponse:
        known = {"Authorization": f"Bearer {secret}"} if secret else {}
        url = f"http://127.0.0.1:{self.port}{ROOT}{path}"
        return await self.session.get(url, headers={**known, **(headers or {})})


@pytest.fixture
async def house() -> AsyncIterator[House]:
    scopes: dict[str, tuple[Scope, ...]] = {
        "reader": ("read",),
        "crm": ("numbers",),
        "old": ("read",),
        "none": (),
        "planner": ("agents",),
    }
    kept = {
        secret: ApiToken(name=secret, digest="", scopes=may, made_at=NOW, expires_at=NOW)
        for secret, may in scopes.items()
    }
    counts, over = Counts(), {"old"}
    lines = Lines(TurnedAway(counts))
    gate = ApiGate(
        kept.get,
        lambda token: token.name in over,
        ControlGate(OURS, lines.turned_away),
        lines.turned_away,
    )
    async with AsyncExitStack() as stack:
        site, state = empty_site(), [STATE]
        add_api(site, lambda: state[0], gate, Streams(tick_seconds=0.01))
        add_agent_api(site, TellsBack(), gate)
        session = await stack.enter_async_context(ClientSession())
        _, port = await stack.enter_async_context(open_site(site, "127.0.0.1:0", Guard(), lines))
        yield House(port, session, counts, over, kept, state)


ASKED = {
    "/state": "/state",
    "/queues": "/queues",
    "/queues/{name}": "/queues/bergen",
    "/agents": "/agents",
    "/agents/{name}": "/agents/kari",
    "/calls": "/calls?queue=bergen",
    "/calls/{call_id}": "/calls/1-call",
}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.path)
async def test_each_path_answers_what_the_description_says(house: House, path: Any) -> None:
    status, answer = await house.get(ASKED[path.path])
    described = (await house.get("/openapi.json", secret=None))[1]

    assert status == 200
    said = described["paths"][ROOT + path.path]["get"]["responses"]["200"]
    schema = {
        **said["content"]["application/json"]["schema"],
        "components": described["components"],
    }
    assert "$ref" in schema
    Draft202012Validator(schema).validate(answer)


async def test_the_description_says_which_text_is_a_time(house: House) -> None:
    schemas = (await house.get("/openapi.json", secret=None))[1]["components"]["schemas"]
    _, state = await house.get("/state")

    assert schemas["PresentState"]["properties"]["at"]["format"] == "date-time"
    for kind, told in (("PresentCall", state["calls"][0]), ("PresentAgent", state["agents"][0])):
        assert "date-time" in json.dumps(schemas[kind]["properties"]["since"])
        assert set(told) == set(schemas[kind]["properties"])
    times = json.dumps(schemas["PresentCall"]).count('"date-time"')
    assert times == 4  # arrived_at, since, waiting_since, queued_at


async def test_the_description_has_no_indented_text_that_readers_show_as_code(house: House) -> None:
    schemas = (await house.get("/openapi.json", secret=None))[1]["components"]["schemas"]

    assert not [name for name, one in schemas.items() if "\n    " in one["description"]]


async def test_the_description_refers_to_nothing_that_it_lacks(house: House) -> None:
    _, described = await house.get("/openapi.json", secret=None)

    text, schemas = json.dumps(described), described["components"]["schemas"]
    for part in text.split('"#/components/schemas/')[1:]:
        Draft202012Validator.check_schema(schemas[part.split('"')[0]])
    operations = [one["get"]["operationId"] for one in described["paths"].values()]
    assert len(set(operations)) == len(operations)


@pytest.mark.parametrize(
    ("method", "path", "secret", "sent", "status"),
    [
        ("get", "/queues", None, {}, 401),
        ("get", "/queues", "none", {}, 403),
        ("get", "/queues?site=bergen", "reader", {}, 400),
        ("get", "/queues/oslo", "reader", {}, 404),
        ("get", "/calls?queue=bergen&queue=oslo", "reader", {}, 400),
        ("get", "/calls?queue=oslo", "reader", {}, 404),
        ("get", "/calls?queue=bergen&agent=karl", "reader", {}, 404),
        ("get", "/events", "none", {}, 403),
        ("get", "/events?queue=bergen", "reader", {}, 400),
        ("post", "/agents/kari?act=pause", "planner", {"json": {"act": "pause"}}, 400),
        ("post", "/agents/kari", None, {"json": {"act": "pause"}}, 401),
        ("post", "/agents/kari", "planner", {"json": {}}, 400),
        ("post", "/agents/karl", "planner", {"json": {"act": "pause"}}, 409),
        ("post", "/agents/kari", "planner", {"data": b"act"}, 415),
        ("post", "/agents/kari", "planner", {"data": LARGE, "headers": JSON}, 413),
    ],
)
async def test_the_description_names_what_may_be_answered(
    house: House, method: str, path: str, secret: str | None, sent: Any, status: int
) -> None:
    described = (await house.get("/openapi.json", secret=None))[1]["paths"]
    asked = path.partition("?")[0]
    in_description = {"/queues/oslo": "/queues/{name}"}.get(asked, asked)
    if method == "post":
        in_description = "/agents/{name}"
    known = {"Authorization": f"Bearer {secret}"} if secret else {}
    body = {**sent, "headers": {**known, **sent.get("headers", {})}}
    if sent.get("data") == LARGE:
        body["data"] = BytesIO(b" " * (LARGEST_BODY + 1))

    url = f"http://127.0.0.1:{house.port}{ROOT}{path}"
    async with house.session.request(method, url, **body) as answer:
        assert answer.status == status
    assert str(status) in described[ROOT + in_description][method]["responses"]


async def test_a_body_that_is_not_utf_8_is_not_understood(house: House) -> None:
    body = '{"act": "pause", "reason": "kjøring"}'.encode("latin-1")
    headers = {"Authorization": "Bearer planner", **JSON}
    url = f"http://127.0.0.1:{house.port}{ROOT}/agents/kari"
    async with house.session.post(url, headers=headers, data=body) as answer:
        problem = json.loads(await answer.text())

    assert (answer.status, problem["code"]) == (400, "bad-request")
    assert "UTF-8" in problem["detail"]


async def test_callers_are_masked_unless_the_token_says_otherwise(house: House) -> None:
    for path in ("/state", "/calls", "/calls/1-call"):
        assert CALLER not in json.dumps(await house.get(path))
        assert CALLER in json.dumps(await house.get(path, "crm"))
        assert CALLER in json.dumps(await house.get(path, OURS))


@pytest.mark.parametrize(
    ("secret", "status", "code"),
    [
        (None, 401, "not-known"),
        ("wrong", 401, "not-known"),
        ("", 401, "not-known"),
        ("old", 401, "token-expired"),
        ("none", 403, "not-allowed"),
    ],
)
@pytest.mark.parametrize("path", ["/state", "/queues/bergen", "/events"])
async def test_who_may_not_is_told_why(
    house: House, secret: str | None, status: int, code: str, path: str
) -> None:
    told, problem = await house.get(path, secret)

    assert (told, problem["code"]) == (status, code)
    assert "ivr token" in problem["detail"]


async def test_tries_are_counted(house: House) -> None:
    for _ in range(3):
        await house.get("/state", "wrong")
    assert house.counts["web_refused"] == 3
    await house.get("/state")
    assert house.counts["web_refused"] == 3


async def test_a_token_that_may_not_do_this_is_counted_as_one_that_is_not_known(
    house: House,
) -> None:
    assert (await house.get("/state", "none"))[0] == 403
    assert (await house.get("/events", "none"))[0] == 403
    assert (await house.post("/agents/kari", "reader", {"act": "pause"}))[0] == 403

    assert house.counts["web_refused"] == 3


async def test_the_token_of_the_home_folder_opens_nothing_through_a_proxy(house: House) -> None:
    status, _ = await house.get("/state", OURS, {"X-Forwarded-For": "192.0.2.7"})
    assert status == 401


@pytest.mark.parametrize("path", ["/queues/", "/nothing", ""])
async def test_below_the_api_the_description_says_what_there_is(house: House, path: str) -> None:
    status, problem = await house.get(path)

    assert (status, problem["code"]) == (404, "not-found")
    assert problem["detail"].endswith(f"look at {ROOT}/openapi.json")


async def test_what_is_not_there_and_what_cannot_be_asked(house: House) -> None:
    status, problem = await house.get("/queues/oslo")
    assert (status, problem["code"]) == (404, "not-found")
    assert f"{ROOT}/queues has those" in problem["detail"]

    status, problem = await house.get("/calls?site=bergen")
    assert (status, problem["code"]) == (400, "bad-request")
    assert "queue, agent" in problem["detail"]


async def test_calls_are_picked_by_queue_and_agent(house: House) -> None:
    rung = msgspec.structs.replace(CALL, call_id="2-call", agent="kari", queue="oslo")
    house.state[0] = msgspec.structs.replace(STATE, calls=(CALL, rung))

    async def picked(query: str) -> list[str]:
        _, answer = await house.get(f"/calls{query}")
        return [call["call_id"] for call in answer["calls"]]

    assert await picked("") == ["1-call", "2-call"]
    assert await picked("?queue=bergen") == ["1-call"]
    assert await picked("?agent=kari") == ["2-call"]
    assert await picked("?queue=bergen&agent=kari") == []


async def told(answer: ClientResponse) -> tuple[str, Any]:
    """The next event, and its data; what has none (a comment) is passed over."""
    event = ""
    async for line in answer.content:
        name, _, rest = line.decode().rstrip("\n").partition(": ")
        if name == "event":
            event = rest
        elif name == "data":
            return event, json.loads(rest)
    return "over", None


async def test_a_listener_hears_the_state_and_then_what_changes(house: House) -> None:
    async with await house.open("/events") as answer:
        assert answer.content_type == "text/event-stream"
        event, state = await told(answer)
        assert event == "state"
        assert CALLER not in json.dumps(state)

        rung = msgspec.structs.replace(CALL, doing="ringing", agent="kari")
        house.state[0] = msgspec.structs.replace(STATE, calls=(rung,))
        event, call = await told(answer)
        assert (event, call["doing"], call["agent"]) == ("call", "ringing", "kari")
        assert CALLER not in json.dumps(call)

        house.state[0] = msgspec.structs.replace(STATE, calls=())
        assert await told(answer) == ("gone", {"kind": "call", "call_id": "1-call"})


@pytest.mark.parametrize("lost_by", ["revoking", "time"])
async def test_who_may_not_look_any_more_is_told_no_more(house: House, lost_by: str) -> None:
    async with await house.open("/events") as answer:
        assert (await told(answer))[0] == "state"
        if lost_by == "time":
            house.over.add("reader")
        else:
            del house.kept["reader"]
        assert (await told(answer))[0] == "over"
    assert (await house.open("/events")).status == 401


async def test_events_have_no_head_to_be_asked_for(house: House) -> None:
    url, known = f"http://127.0.0.1:{house.port}{ROOT}/events", {"Authorization": "Bearer reader"}
    async with house.session.head(url, headers=known) as answer:
        assert answer.status == 405
    assert (await house.get("/state"))[0] == 200


async def test_there_is_room_for_so_many_listeners_and_then_for_the_next(house: House) -> None:
    async with AsyncExitStack() as listeners:
        for _ in range(MOST_LISTENERS):
            answer = await listeners.enter_async_context(await house.open("/events"))
            await told(answer)
        status, problem = await house.get("/events")
        assert (status, problem["code"]) == (503, "too-many-listeners")
        assert house.counts["web_refused"] == 1
        assert (await house.get("/state"))[0] == 200
    while (await house.open("/events")).status != 200:
        pass  # the places come free as the server hears of it


async def test_listeners_are_sent_away_when_the_port_closes() -> None:
    lines = Lines(TurnedAway())
    gate = ApiGate(
        lambda _: None, lambda _: False, ControlGate(OURS, lines.turned_away), lines.turned_away
    )
    site = empty_site()
    add_api(site, lambda: STATE, gate, Streams(tick_seconds=3600.0))
    async with ClientSession() as session:
        async with open_site(site, "127.0.0.1:0", Guard(), lines) as (_, port):
            url, known = (
                f"http://127.0.0.1:{port}{ROOT}/events",
                {"Authorization": f"Bearer {OURS}"},
            )
            answer = await session.get(url, headers=known)
            assert (await told(answer))[0] == "state"
        assert (await told(answer))[0] == "over"


def test_only_what_differs_is_told() -> None:
    busy = msgspec.structs.replace(KARI, state="talking")
    later = msgspec.structs.replace(STATE, agents=(busy,), queues=())

    assert list(changes(STATE, STATE)) == []
    assert list(changes(STATE, later)) == [
        ("gone", {"kind": "queue", "name": "bergen"}),
        ("agent", busy),
    ]
    assert list(changes(None, later)) == [("state", later)]


async def test_a_program_that_may_tells_an_agent_and_is_kept_as_who_asked(house: House) -> None:
    wish = {"act": "pause", "reason": "lunch", "why": "the calendar"}

    status, told_back = await house.post("/agents/kari", "planner", wish)

    assert (status, told_back["state"]) == (200, "paused")
    assert told_back["notes"] == ["token planner", "pause", "lunch", "the calendar"]


@pytest.mark.parametrize(
    ("name", "secret", "body", "status", "code"),
    [
        ("kari", "reader", {"act": "pause"}, 403, "not-allowed"),
        ("kari", "wrong", {"act": "pause"}, 401, "not-known"),
        ("kari", "planner", {"act": "sleep"}, 400, "bad-request"),
        ("kari", "planner", {"act": "pause", "agent": "ola"}, 400, "bad-request"),
        ("karl", "planner", {"act": "pause"}, 409, "change-refused"),
    ],
)
async def test_what_an_agent_is_not_told_and_why(
    house: House, name: str, secret: str, body: object, status: int, code: str
) -> None:
    answered, problem = await house.post(f"/agents/{name}", secret, body)

    assert (answered, problem["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"act": "sleep"}, "the acts are sign_in, sign_out, pause, resume, take, leave"),
        ({}, "the acts are sign_in, sign_out"),
        ([], 'send JSON such as {"act": "pause", "reason": "lunch"}'),
        ({"act": "longer_wrap_up", "seconds": 0}, ">= 1"),
        ({"act": "longer_wrap_up", "seconds": 3601}, "<= 3600"),
        ({"act": "sign_out", "queue": "bergen"}, "sign_out goes with nothing; leave queue out"),
        ({"act": "pause", "queue": "bergen"}, "pause goes with reason; leave queue out"),
        ({"act": "resume", "seconds": 60}, "resume goes with nothing; leave seconds out"),
        ({"act": "take", "phone": "ola"}, "take goes with queue; leave phone out"),
    ],
)
async def test_a_wish_that_is_not_understood_is_told_what_would_be(
    house: House, body: object, told: str
) -> None:
    status, problem = await house.post("/agents/kari", "planner", body)

    assert (status, problem["code"]) == (400, "bad-request")
    assert told in problem["detail"]


@pytest.mark.parametrize("act", AGENT_ACTS)
async def test_each_act_goes_with_its_own_field(house: House, act: AgentAct) -> None:
    said = {"reason": "lunch", "queue": "bergen", "phone": "ola", "seconds": 60}
    own = {name: word for name, word in said.items() if GOES_WITH.get(act) == name}

    status, _ = await house.post("/agents/kari", "planner", {"act": act, **own})

    assert status == 200
