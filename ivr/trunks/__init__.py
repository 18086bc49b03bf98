"""Trunks: the carriers that calls come from and go out over."""

from ivr.trunks.forms import written
from ivr.trunks.names import look_up
from ivr.trunks.trunk import Trunk, open_trunk

__all__ = ["Trunk", "look_up", "open_trunk", "written"]
