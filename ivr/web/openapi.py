"""The API described for programs (OpenAPI 3.1), from the table that it is served from."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Any

import msgspec

from ivr import __version__
from ivr.control import AgentTold, AgentWish, Problem
from ivr.web.api_paths import AGENT, DESCRIPTION, EVENTS, PATHS, ROOT, ApiPath

_REFUSED = {
    "401": "The token is missing, unknown, revoked or expired",
    "403": "The token may not do this",
    "503": "Too many connections or listeners, or it could not be written down; ask again",
}
_STRANGE = "Something is asked for that cannot be: behind the `?` an unknown name, or one twice"
_STREAM = (
    "Server-sent events. First `state` with all of it, then one event for each thing that has changed, at most a "
    "second old: `queue`, `agent` and `call` with its new state, `gone` with the `kind` and the `name` or `call_id` of "
    "what is not there any more. After a connection that broke, `state` comes again."
)


def description() -> dict[str, Any]:
    """The document, as it is served at `openapi.json`."""
    kinds = [*dict.fromkeys(path.kind for path in PATHS), AgentWish, AgentTold, Problem]
    _, components = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}"
    )
    for schema in components.values():
        schema["description"] = cleandoc(schema["description"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sentralbord",
            "version": __version__,
            "description": "Queues, agents and calls of one switchboard, as they are now. Times are ISO 8601 in UTC. "
            "Callers' numbers are masked, unless the token has the scope `numbers`.",
        },
        "security": [{"token": []}],
        "paths": {
            **{
                f"{ROOT}{path.path}": {
                    "get": _operation(path),
                    **({"post": _wish(path)} if path.path == AGENT else {}),
                }
                for path in PATHS
            },
            EVENTS: {"get": _stream()},
            DESCRIPTION: {"get": _itself()},
        },
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`ivr token add NAME --scope read` makes one",
                }
            },
        },
    }


def _operation(path: ApiPath) -> dict[str, Any]:
    in_path = re.findall(r"{(\w+)}", path.path)
    answers = {
        "200": _json(path.kind.__name__, path.summary),
        "400": _problem(_STRANGE),
        **_refusals(),
    }
    if in_path or path.query:
        answers["404"] = _problem("There is none of this name")
    return {
        "summary": path.summary,
        "operationId": re.sub(r"\W+", "_", path.path).strip("_"),
        "parameters": [
            *(_parameter(name, "path", "as the list has it") for name in in_path),
            *(_parameter(name, "query", why) for name, why in path.query.items()),
        ],
        "responses": answers,
    }


def _wish(path: ApiPath) -> dict[str, Any]:
    """What an agent is to do."""
    of_path = _operation(path)
    refused = {
        "400": "The body is not understood, or something stands behind a `?`",
        "408": "The body did not come in time",
        "409": "It cannot be done now, or there is no such agent, reason, queue or phone",
        "413": "The body is too large",
        "415": "The body is not said to be JSON",
    }
    return {
        "summary": "Sign an agent in or out, begin or end a pause, take or leave a queue, end a wrap-up",
        "operationId": "tell_agent",
        "parameters": of_path["parameters"],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AgentWish"}}},
        },
        "responses": {
            "200": _json("AgentTold", "What the agent does now"),
            **_refusals(),
            **{one: _problem(why) for one, why in refused.items()},
        },
    }


def _stream() -> dict[str, Any]:
    told = {
        "description": _STREAM,
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
    return {
        "summary": "What changes, as it changes",
        "operationId": "events",
        "responses": {"200": told, "400": _problem(_STRANGE), **_refusals()},
    }


def _itself() -> dict[str, Any]:
    told = {
        "description": "OpenAPI",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    return {
        "summary": "This description; no token is needed",
        "operationId": "description",
        "security": [],
        "responses": {"200": told, "default": _problem("Any refusal")},
    }


def _parameter(name: str, where: str, why: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": why,
        "schema": {"type": "string"},
    }


def _refusals() -> dict[str, Any]:
    """`default` is what any web server may answer to what is no whole request, or has the wrong method."""
    told = {status: _problem(why) for status, why in _REFUSED.items()}
    return {**told, "default": _problem("Any other refusal")}


def _problem(why: str) -> dict[str, Any]:
    return _json("Problem", why, "application/problem+json")


def _json(name: str, why: str, media: str = "application/json") -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": why, "content": {media: {"schema": schema}}}
