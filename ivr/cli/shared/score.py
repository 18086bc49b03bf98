"""An answer to a survey, as somebody asks for it."""

from __future__ import annotations

from typing import cast

import click

from ivr.kpi.rows import ScoreSought


class ScoreGiven(click.ParamType[ScoreSought]):
    """A number that callers may have keyed, `any` or `none`."""

    name = "score"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "N|any|none"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ScoreSought:
        said = f"{value}"
        if said in {"any", "none"}:
            return cast("ScoreSought", said)
        if not said.isdecimal():
            self.fail(f"{said!r} is neither a number nor any nor none", param, ctx)
        return int(said)
