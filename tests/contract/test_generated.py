"""What is committed is what the real Asterisk's own descriptions say."""

from __future__ import annotations

from pathlib import Path

import pytest

import ivr.ari
from ivr.ari.generate import models_module, operations_module, read
from ivr.asterisk.installation import Installation

pytestmark = pytest.mark.real


def test_generating_again_gives_what_is_committed(installation: Installation) -> None:
    descriptions = read(installation.rest_api)
    committed = Path(ivr.ari.__file__).parent / "generated"

    assert models_module(descriptions) == (committed / "models.py").read_text()
    assert operations_module(descriptions) == (committed / "operations.py").read_text()
