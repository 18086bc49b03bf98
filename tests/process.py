"""What the whole process shares: a test that changed it would decide how others end, in some orders only."""

from __future__ import annotations

import locale
import logging
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping

NOT_OURS = frozenset({"PYTEST_CURRENT_TEST"})
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE)


def shared() -> Mapping[str, object]:
    """The state of the process, by what it is called."""
    umask = os.umask(0o077)
    os.umask(umask)
    environment = {
        f"environment variable {name}": text
        for name, text in os.environ.items()
        if name not in NOT_OURS
    }
    signals = {f"handler of {one.name}": signal.getsignal(one) for one in SIGNALS}
    return {
        **environment,
        **signals,
        "working directory": os.getcwd(),
        "umask": umask,
        "locale": locale.setlocale(locale.LC_ALL),
        "sys.path": tuple(sys.path),
        "sys.stdout and sys.stderr": (sys.__stdout__, sys.__stderr__),
        "temporary folder": tempfile.gettempdir(),  # asked for, so that the first to ask changes nothing
        "limit of open files": resource.getrlimit(resource.RLIMIT_NOFILE),
        "socket time-out": socket.getdefaulttimeout(),
        "log": (logging.root.level, logging.root.manager.disable),
    }


def changed(before: Mapping[str, object]) -> list[str]:
    """What is otherwise now, each with what it was and what it is."""
    now = shared()
    return [
        f"{name}: {before.get(name)!r}, now {now.get(name)!r}"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    ]
