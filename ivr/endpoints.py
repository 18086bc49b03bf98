"""Names that phones, trunks and accounts of ours may not have: Asterisk's endpoints of those names are the server's."""

from __future__ import annotations

TRUNK_ON_LOOPBACK = "local"
"""The endpoint that calls from loopback belong to, while SIP listens on loopback only."""

DIRECT = "direct"
"""The endpoint for phones that do not register: `PJSIP/direct/sip:kari@127.0.0.1:5091`."""

RESERVED = frozenset({TRUNK_ON_LOOPBACK, DIRECT})
