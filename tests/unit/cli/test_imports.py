"""What a command has to import: `ivr close` is quick, and waits for no web server's code."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORTED = (
    "import sys, ivr.cli.{}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
)


def modules_after(command: str) -> set[str]:
    """The packages that a fresh interpreter has loaded after a command was imported."""
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTED.format(command)], capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    "command",
    [
        "apply",
        "calls",
        "check",
        "close",
        "explain",
        "history",
        "open",
        "overrides",
        "plan",
        "rollback",
    ],
)
def test_a_command_that_only_asks_imports_no_web_server(command: str) -> None:
    assert "aiohttp" not in modules_after(command)


def test_closing_by_hand_imports_no_store() -> None:
    assert not {"sqlmodel", "sqlalchemy", "asyncio"} & modules_after("close")


def test_what_needs_a_web_server_is_seen_to_import_it() -> None:
    """Or none of the others would prove anything."""
    assert "aiohttp" in modules_after("doctor")
