"""What only Asterisk's own console can be asked."""

from __future__ import annotations

import asyncio
import re

from ivr.asterisk.blueprint import Blueprint

_CONTACT = re.compile(r"^\s*Contact:\s+([a-z0-9_-]+)/sips?:", re.MULTILINE)


async def say(blueprint: Blueprint, command: str) -> str:
    """What the console of this Asterisk answers to `command`; nothing where it does not run."""
    argv = [
        *blueprint.installation.argv,
        "-C",
        str(blueprint.folder / "etc/asterisk.conf"),
        "-rx",
        command,
    ]
    asking = await asyncio.create_subprocess_exec(
        *argv, cwd=blueprint.folder, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asking.communicate()
    return said.decode(errors="replace")


async def ask_phones(blueprint: Blueprint) -> None:
    """Ask phones that registered with an earlier Asterisk of this home whether they are there.

    By itself a new Asterisk spreads this over the time between two such questions (30 s), and until
    then their agents would be signed out.
    """
    contacts = await say(blueprint, "pjsip show contacts")
    for account in sorted(set(_CONTACT.findall(contacts))):
        await say(blueprint, f"pjsip qualify {account}")
