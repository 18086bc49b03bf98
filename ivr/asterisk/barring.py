"""Addresses that Asterisk answers no more: each an access list in its memory, which no reload touches.

Whatever comes from there gets 403 before anything else is looked at; no account is tried, and none is locked.
"""

from __future__ import annotations

from urllib.parse import quote

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.interface import interface

_NO_BODY = "Allocation failed"
"""Asterisk 22 makes the list and then has no words for it: its answer is 500, and the list is there."""


async def bar(blueprint: Blueprint, address: str) -> None:
    """Answer this IP address no more. Raises aiohttp.ClientError where Asterisk does not do it."""
    asked = {"fields": [{"attribute": "deny", "value": address}]}
    async with interface(blueprint) as ari, ari.put(_place(address), json=asked) as answer:
        if answer.status == 500 and _NO_BODY in await answer.text():
            return
        answer.raise_for_status()


async def let_in(blueprint: Blueprint, address: str) -> None:
    """Answer it again, if it was barred. Raises aiohttp.ClientError where Asterisk does not answer."""
    async with interface(blueprint) as ari, ari.delete(_place(address)) as answer:
        if answer.status != 404:
            answer.raise_for_status()


def _place(address: str) -> str:
    return f"asterisk/config/dynamic/res_pjsip/acl/{quote(f'barred-{address}', safe='')}"
