"""Asking the server that runs with a home folder."""

from __future__ import annotations

import getpass
import http.client
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
import msgspec
from click.core import ParameterSource

from ivr.asterisk.passwords import keep_token
from ivr.cli.shared.files import DiskPath
from ivr.control import AUTHOR_HEADER, Problem, author_sent
from ivr.errors import ChangeRefused, RulesRefused, ServerNotRunning
from ivr.server.whereabouts import find_server

PATIENCE_SECONDS = 120.0
"""Rules of 50,000 lines take seconds to read, and another change may be under way."""

T = TypeVar("T")


def given_home(*homes: Path | None) -> Path:
    """The first that was given; none ends the command."""
    for home in homes:
        if home is not None:
            return home
    message = "where does the server live? Give --home DIR, or set IVR_HOME to its home folder"
    raise click.UsageError(message)


def home_to_read(*homes: Path | None) -> Path:
    """The same for a command that only reads: the folder here where none was given and none is needed."""
    return given_home(*homes, Path() if is_read_elsewhere() else None)


def is_read_elsewhere() -> bool:
    """Whether IVR_STORE__URL names a PostgreSQL: what is kept is read there, on any machine, without a home folder."""
    from ivr.store.postgres.address import address_in  # noqa: PLC0415 - who only asks a server needs no store

    return address_in(os.environ) is not None


def _home_given(context: click.Context, option: click.Parameter, home: Path | None) -> Path:
    """What stands behind the command, else what stands before it: `ivr agents --home DIR log`; else the variable."""
    return given_home(*_as_given(context, option, home))


def _home_to_read(context: click.Context, option: click.Parameter, home: Path | None) -> Path:
    return home_to_read(*_as_given(context, option, home))


def _as_given(
    context: click.Context, option: click.Parameter, home: Path | None
) -> tuple[Path | None, Path | None]:
    """What counts first is first."""
    before = context.parent.params.get("home") if context.parent is not None else None
    is_here = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
    return (home, before) if is_here else (before, home)


_home = partial(click.option, "--home", type=DiskPath(), envvar="IVR_HOME")
home_option = _home(
    callback=_home_given, help="The home folder of the server (or IVR_HOME).  [required]"
)
reading_option = _home(
    callback=_home_to_read,
    help="The home folder of the server (or IVR_HOME); none where IVR_STORE__URL is set.  [required]",
)
author_option = click.option(
    "--author", metavar="NAME", help="Who asks for it.  [default: this user]"
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print facts for scripts.")


def ask(home: Path, verb: str, question: msgspec.Struct, answer: type[T], *, author: str) -> T:
    """What the running server answers. Raises ServerNotRunning, RulesRefused, ChangeRefused."""
    body = _body(question)
    status, reply = _sent(
        home.absolute(), "POST", f"/control/{verb}", body, lambda: _headers(home, author)
    )
    if status == http.HTTPStatus.OK:
        return msgspec.json.decode(reply, type=answer)
    raise _refusal(status, reply)


def _body(question: msgspec.Struct) -> bytes:
    try:
        return msgspec.json.encode(question)
    except UnicodeEncodeError as error:
        message = (
            "what was typed is not UTF-8; set the terminal to UTF-8 (LANG=nb_NO.UTF-8, say), and type it "
            "again"
        )
        raise ChangeRefused(message) from error


def look(home: Path, answer: type[T]) -> T:
    """What `/health` of the running server says, as far as `answer` asks. Raises ServerNotRunning."""
    _, reply = _sent(home.absolute(), "GET", "/health")
    return msgspec.json.decode(reply, type=answer)


def state_now(home: Path, answer: type[T]) -> T:
    """The state of queues, agents and calls, callers' numbers in full. Raises ServerNotRunning, ChangeRefused."""
    status, reply = _sent(home.absolute(), "GET", "/api/v1/state", None, lambda: _known(home))
    if status == http.HTTPStatus.OK:
        return msgspec.json.decode(reply, type=answer)
    raise _refusal(status, reply)


def _sent(
    home: Path,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Callable[[], dict[str, str]] = dict,
) -> tuple[int, bytes]:
    """The status and body of the answer. `headers` are asked for when a server has been found, not before."""
    server = find_server(home)
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body, headers())
        reply = connection.getresponse()
        return reply.status, reply.read()
    except (OSError, http.client.HTTPException) as error:
        reason = f"{server.host}:{server.port} does not answer: {error}"
        raise ServerNotRunning(str(home), reason) from error
    finally:
        connection.close()


def author_or_user(author: str | None) -> str:
    """The name given, else the operating system's name for this user."""
    try:
        return author or getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _headers(home: Path, author: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        **_known(home),
        AUTHOR_HEADER: author_sent(author),
    }


def _known(home: Path) -> dict[str, str]:
    return {"Authorization": f"Bearer {keep_token(home)}"}


def _refusal(status: int, body: bytes) -> RulesRefused | ChangeRefused:
    try:
        problem = msgspec.json.decode(body, type=Problem)
    except msgspec.DecodeError:
        message = (
            f"the server answered {status} and no reason; is it Sentralbord that listens there?"
        )
        return ChangeRefused(message)
    if problem.code == RulesRefused.code:
        return RulesRefused((*problem.findings, problem.detail))
    return ChangeRefused(problem.detail)
