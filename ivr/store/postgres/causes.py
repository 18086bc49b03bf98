"""Why a PostgreSQL server does not take what is sent: in words for whoever looks after it."""

from __future__ import annotations

import re

import psycopg

from ivr.disk import Cause

STALLED = Cause(
    "it does not answer",
    "look at that machine and at the network between, and start a PostgreSQL that hangs again",
)
_NOT_REACHED = Cause(
    "it cannot be reached", "start PostgreSQL, or put the address in `[store] url` right"
)

_NO_SUCH_USER = "role"
"""PostgreSQL gives it the code of one who is not let in."""

_ONLY_A_STANDBY = "standby"
"""The driver says so, where the address asks for a machine that may be written to."""

_NOT_KNOWN = "URI query parameter"
"""The driver says so before it asks any machine."""

_BY_STATE = {
    "28P01": Cause(
        "it does not take the password",
        "put the right one into the file that `[store] password_file` names, or into IVR_STORE_PASSWORD",
    ),
    "28000": Cause(
        "it does not let this user in from here",
        "give the user of `[store] url` a line in its pg_hba.conf",
    ),
    _NO_SUCH_USER: Cause(
        "it has no such user", "make it: `createuser` with the name in `[store] url`"
    ),
    "3D000": Cause("it has no such database", "make it: `createdb` with the name in `[store] url`"),
    "53300": Cause(
        "it has no connection left",
        "close some that others hold, or raise max_connections (Sentralbord needs one, and one for each command)",
    ),
    "53100": Cause("its disk is full", "make room on that machine's disk"),
    "25006": Cause(
        "it is read-only",
        "if it is a standby, name both machines in `[store] url` and add ?target_session_attrs=read-write, "
        "otherwise look at default_transaction_read_only",
    ),
    _ONLY_A_STANDBY: Cause(
        "there is only a standby, which may not be written to",
        "let it take over with `SELECT pg_promote()`, or start the other machine (what waits then comes by itself)",
    ),
    "57P03": Cause("it is starting or stopping", "nothing needs to be done, if it ends soon"),
    "42501": Cause(
        "its user lacks a right",
        "make the user of `[store] url` the owner of that database",
    ),
    "55P03": Cause(
        "another program has locked a table", "close that program's transaction in PostgreSQL"
    ),
}


def cause_in(error: BaseException) -> Cause:
    """Why it failed, with PostgreSQL's own words where we have none."""
    state = getattr(error, "sqlstate", None)
    said = " ".join(str(error).split())
    if state is None and isinstance(error, psycopg.OperationalError):
        # What is said before a session begins carries no code in the driver, only the server's words.
        state = next((code for sign, code in _BY_SIGN.items() if sign in said), None)
        if state is None:
            return Cause(f"{_NOT_REACHED.says} ({_of_each(said)})", _NOT_REACHED.mend)
    if _NOT_KNOWN in said:
        return Cause(
            f"its address is not understood ({said})",
            "put right what stands behind the `?` of `[store] url`: PostgreSQL's own names (libpq)",
        )
    found = _BY_STATE.get(str(state))
    return found or Cause(said, "look at PostgreSQL's own log")


def _of_each(said: str) -> str:
    """What each machine of an address with several says; the driver's own words where there is one."""
    each = _MACHINE.findall(said)
    return ", ".join(f"{host}:{port} {why}" for host, port, why in each) or said


_MACHINE = re.compile(
    r"- host: '([^']*)', port: '([^']*)'[^:]*(?:: '[^']*')?: (?:connection failed: )?(?:connection to .*? failed: )?"
    r"(.*?)(?: Is the server running.*?)?(?= - host: |$)"
)
"""In a row of the driver's that tells of each."""

_BY_SIGN = {
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    "too many connections": "53300",
    'role "': _NO_SUCH_USER,
    "does not exist": "3D000",
    "too many clients": "53300",
    "remaining connection slots": "53300",
    "session is read-only": _ONLY_A_STANDBY,
    "is in hot standby mode": _ONLY_A_STANDBY,
    "Hot standby mode is disabled": _ONLY_A_STANDBY,
    "is starting up": "57P03",
    "not yet accepting connections": "57P03",
    "is shutting down": "57P03",
    "in recovery mode": "57P03",
}
