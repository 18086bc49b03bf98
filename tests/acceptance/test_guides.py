"""What the administrator's guides tell a server, told to a real one."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.serving import serving
from tests.unit.test_guides import ENGLISH, commands, edit, matches

pytestmark = [pytest.mark.real, pytest.mark.long]

ROOT = Path(__file__).parents[2]


async def run(command: str, folder: Path, home: Path) -> str:
    # The guide's hour may be past on the clock of the test.
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0).isoformat()
    program, *arguments = shlex.split(command.replace("14:00", tomorrow))
    argv = [sys.executable, "-m", "ivr", *arguments] if program == "ivr" else [program, *arguments]
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
        env={**os.environ, "IVR_HOME": str(home), "PYTHONPATH": str(ROOT)},
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, f"{command}\n{out.decode()}"
    return out.decode()


async def test_what_the_guide_tells_a_server_is_done(tmp_path: Path) -> None:
    rules = (ROOT / "routing_rules.yaml").read_text("utf-8")
    for name in ("routing_rules.yaml", "new.yaml"):
        (tmp_path / name).write_text(rules, "utf-8")
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    edit(tmp_path / "new.yaml", "tries: 3", "tries: 2")

    async with serving(tmp_path, rules, tmp_path / "prompts") as server:
        told = [
            (command, shown, await run(command, tmp_path, server.home))
            for section in ENGLISH
            for block in section.blocks
            if block.kind == "console server"
            for command, shown in commands(block)
        ]

    assert [command for command, shown, answer in told if not matches(shown, answer)] == []
    assert [command.split()[1] for command, _, _ in told] == [
        "apply", "history", "routing_rules.yaml", "new.yaml", "rollback", "before.yaml", "close", "overrides", "open",
    ]  # fmt: skip
