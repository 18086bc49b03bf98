"""`ivr doctor` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.doctor import doctor

ROOT = Path(__file__).parents[3]


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(doctor, ["--home", str(home), *words], catch_exceptions=False)


@pytest.mark.fault("F-94")
def test_each_thing_that_is_wrong_has_its_mend_and_the_exit_code_says_so(tmp_path: Path) -> None:
    done = run(tmp_path, "--rules", str(tmp_path / "none.yaml"))
    lines = done.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("✗ rules"))

    assert done.exit_code == 1
    assert lines[at + 1].startswith("    mend: name them with --rules FILE")


def test_scripts_get_the_same(tmp_path: Path) -> None:
    done = run(tmp_path, "--json", "--rules", str(ROOT / "routing_rules.yaml"))
    told = json.loads(done.stdout)["symptoms"]

    assert {"clock", "disk", "home", "journal", "rules", "prompts", "ports"} <= {
        one["subject"] for one in told
    }
    assert all(one["mend"] for one in told if one["verdict"] != "ok")
