"""What the fault matrix shares with the acceptance tests."""

from __future__ import annotations

from tests.acceptance.conftest import sipp_argv

__all__ = ["sipp_argv"]
