"""Where the server's time goes: py-spy samples it during one run, summed by package.

Sampled is whoever holds Python's lock: time in a system call that lets it go (a disk's sync, a poll) is not in it.
`own` is time on a line of the package itself; `asked for` is time below it, where it is the innermost package of ours:
what `ivr.ari.link` asked of aiohttp is `ivr.ari.link`'s.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.side import Side
from ivr.errors import DemoFailed

SAMPLES_A_SECOND = 250
_LINES = 14
_FRAME = re.compile(r"(?P<function>.+) \((?P<file>[^()]+?)(?::\d+)?\)$")


@asynccontextmanager
async def recording(side: Side, seconds: float, stacks: Path) -> AsyncIterator[None]:
    """Sample the server's processor time while the body runs; the stacks are in the file afterwards."""
    program = Path(sys.executable).parent / "py-spy"
    how = ("--gil", "--rate", str(SAMPLES_A_SECOND), "--duration", str(round(seconds)))
    sampler = await asyncio.create_subprocess_exec(
        *(program, "record", "--pid", str(side.server_pid), *how),
        *("--format", "raw", "--full-filenames", "--output", stacks),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield
        _, said = await sampler.communicate()
    finally:
        if sampler.returncode is None:
            sampler.kill()
            await sampler.wait()
    if sampler.returncode != 0:
        reason = "py-spy could not look into the server (it may need root)"
        raise DemoFailed(reason, said.decode(errors="replace"))


def text(stacks: str) -> str:
    """A profile in py-spy's `raw` format as tables: packages twice, and functions twice."""
    own, asked = Counter[str](), Counter[str]()
    leaves, functions = Counter[str](), Counter[str]()
    for row in stacks.splitlines():
        stack, _, count = row.rpartition(" ")
        frames = [_frame(part) for part in stack.split(";")]
        samples = int(count)
        leaves[" ".join(frames[-1])] += samples
        own[frames[-1][0]] += samples
        inner = [package for package, _ in frames if package.startswith("ivr.")]
        asked[inner[-1] if inner else frames[-1][0]] += samples
        for name in {
            f"{package} {function}" for package, function in frames if package.startswith("ivr.")
        }:
            functions[name] += samples
    total = own.total()
    return "\n".join(
        [
            *_part("own time, by package", own, total),
            *_part("asked for by, innermost package of ours", asked, total),
            *_part("own time, by function", leaves, total, lines=30),
            *_part("inside, functions of ours (they overlap)", functions, total, lines=40),
        ]
    )


def _part(title: str, counts: Counter[str], total: int, lines: int = _LINES) -> list[str]:
    rows = (f"  {100 * n / total:5.1f} %  {name}" for name, n in counts.most_common(lines))
    return [f"\n{title} ({total} samples)", *rows]


def _frame(text: str) -> tuple[str, str]:
    """`run (/…/ivr/store/journal.py:88)` → (`ivr.store`, `run`)."""
    match = _FRAME.match(text)
    if match is None:
        return "python", text
    path = Path(match["file"])
    parts = path.with_suffix("").parts
    if "ivr" in parts:
        place = parts[len(parts) - 1 - parts[::-1].index("ivr") :]
        return ".".join(place), match["function"]
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1], match["function"]
    return f"python {path.stem}", match["function"]
