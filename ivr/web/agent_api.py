"""`POST /api/v1/agents/NAME`: programs sign agents in and out, pause them, and give them queues."""

from __future__ import annotations

import msgspec
from aiohttp import web

from ivr.control import AGENT_ACTS, AgentAsked, AgentWish, Problem
from ivr.errors import IvrError
from ivr.web.agent_control import AgentControls
from ivr.web.answers import json_answer, problem_answer
from ivr.web.api_gate import ApiGate
from ivr.web.api_paths import AGENT, ROOT
from ivr.web.control import no_json, problem_of, strange_query, understood, whole_body

_DECODER = msgspec.json.Decoder(AgentWish)

_WANTED = (
    f'send JSON such as {{"act": "pause", "reason": "lunch"}}; the acts are {", ".join(AGENT_ACTS)}'
)


def add_agent_api(site: web.Application, controls: AgentControls, gate: ApiGate) -> None:
    """Put it into the site; the token must have the scope `agents`."""

    async def ask(request: web.Request) -> web.Response:
        may = gate.may(request)
        if isinstance(may, Problem):
            return problem_answer(may)
        if "agents" not in may:
            detail = (
                "this token may not tell agents; make one with `ivr token add NAME --scope agents`"
            )
            return problem_answer(gate.not_allowed(detail))
        body = strange_query(request) or no_json(request) or await whole_body(request)
        if isinstance(body, Problem):
            return problem_answer(body)
        wish = understood(_DECODER, body, _WANTED)
        if isinstance(wish, Problem):
            return problem_answer(wish)
        asked = AgentAsked(agent=request.match_info["name"], **msgspec.structs.asdict(wish))
        try:
            return json_answer(200, await controls.agent(asked, gate.author(request)))
        except IvrError as error:
            return problem_answer(problem_of(error))

    site.router.add_post(f"{ROOT}{AGENT}", ask)
