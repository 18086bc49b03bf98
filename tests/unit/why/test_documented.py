from __future__ import annotations

from pathlib import Path
from typing import get_args

from ivr.why import Because

RECORDS = Path(__file__).parents[3] / "docs" / "reference" / "records.md"


def test_the_table_of_reasons_has_each_kind_with_its_facts() -> None:
    rows = [line for line in RECORDS.read_text("utf-8").splitlines() if line.startswith("| `")]
    told = {tuple(cell.strip() for cell in row.split("|")[1:3]) for row in rows}

    for kind in get_args(Because):
        facts = ", ".join(f"`{name}`" for name in kind.__struct_fields__)
        assert (f"`{kind.__struct_config__.tag}`", facts) in told
