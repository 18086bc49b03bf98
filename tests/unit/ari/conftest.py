"""A node on the twin, running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.ari.fake import FakeAsterisk
from ivr.ari.node import Node


@pytest.fixture
async def asterisk() -> FakeAsterisk:
    return FakeAsterisk()


@pytest.fixture
async def node(asterisk: FakeAsterisk) -> AsyncIterator[Node]:
    node = Node(asterisk, app="ivr")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(node.run(), name="node")
        await node.ready()
        yield node
        running.cancel()
