"""A duration after an option, as the rules write it: 20s, 2m."""

from __future__ import annotations

import click

from ivr.rules.values.amounts import Bounds, seconds
from ivr.rules.values.plain import ValueRefused


class SecondsGiven(click.ParamType[float]):
    """`most` seconds at the most, and at least one."""

    name = "duration"

    def __init__(self, most: int) -> None:
        self._bounds = Bounds(1, most, f"1s to {most // 3600}h")

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        try:
            return seconds(f"{value}", self._bounds)
        except ValueRefused as refused:
            self.fail(f"{refused.message}; {refused.hint}", param, ctx)
