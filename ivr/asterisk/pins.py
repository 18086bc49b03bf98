"""The PINs of agents: made here, told once, and kept as sums from which nobody reads them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from pathlib import Path

from ivr.errors import ConfigRefused
from ivr.private_file import new_private_folder, one_at_a_time, write_private

_FILE = "pins.json"
DIGITS = 6
_SALT_BYTES = 16


def renew_pin(home: Path, agent: str) -> str:
    """A new one for this agent, in place of what they had. Raises ConfigRefused."""
    pin = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    salt = secrets.token_hex(_SALT_BYTES)
    made = f"{salt}:{_sum(pin, salt)}"
    _read(home / _FILE)  # what cannot be read is told before a folder is made
    new_private_folder(home)
    with one_at_a_time(home):
        sums = {**_read(home / _FILE), agent: made}
        write_private(home / _FILE, json.dumps(sums, indent=1) + "\n")
    return pin


def is_pin(home: Path, agent: str, pin: str) -> bool:
    """Whether it is this agent's. Takes some 50 ms, and as long where the agent has none."""
    salt, _, kept = _read(home / _FILE).get(agent, f"{'0' * 2 * _SALT_BYTES}:").partition(":")
    return hmac.compare_digest(_sum(pin, salt), kept)


def _sum(pin: str, salt: str) -> str:
    """Slow on purpose: there are only a million PINs."""
    return hashlib.scrypt(pin.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def _read(path: Path) -> dict[str, str]:
    kept: object
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError):
        kept = None
    if not isinstance(kept, dict) or not all(isinstance(one, str) for one in kept.values()):
        wanted = (
            "the JSON that this server wrote; remove it, and make PINs anew (`ivr agents pin NAME`)"
        )
        raise ConfigRefused(str(path), "(not shown)", wanted)
    return kept
