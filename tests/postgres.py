"""A PostgreSQL server of our own for tests: on loopback, as an ordinary user, gone when they are over."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from ivr.asterisk.cache import POSTGRESQL, cache_folder
from ivr.asterisk.obtain import find_program
from ivr.asterisk.ports import free_port

USER = "sentral"
PASSWORD = "en-to-tre"
_NOT_AS_ROOT = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
"""PostgreSQL refuses to be root; here it is not, and may still read what root may."""

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # no test takes the machine's power away
    "max_connections": "12",
    "superuser_reserved_connections": "2",
    "shared_buffers": "16MB",
}


class PostgresCluster:
    """A server and its databases; it may be stopped, frozen and started again."""

    def __init__(self, folder: Path, argv: Sequence[str]) -> None:
        self.port = free_port()
        self.folder = folder
        self._argv = (*(_NOT_AS_ROOT if os.geteuid() == 0 else ()), *argv)
        self._running: subprocess.Popen[bytes] | None = None
        self._databases = count(1)

    def make(self) -> None:
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        *before, program = self._argv
        initdb = [*before, str(Path(program).resolve().with_name("initdb"))]
        words = f"--no-sync --auth=scram-sha-256 --encoding=UTF8 --locale=C --username={USER}"
        subprocess.run(
            [*initdb, *words.split(), f"--pwfile={secret}", "-D", str(self.folder / "cluster")],
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._running = subprocess.Popen(
                [*self._argv, "-D", str(self.folder / "cluster"), "-p", str(self.port), *settings],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while True:
            try:
                self.connect("postgres").close()
            except psycopg.OperationalError:
                if self._running.poll() is not None:
                    message = (self.folder / "log").read_text()
                    raise RuntimeError(message) from None
            else:
                return

    def follow(self, primary: PostgresCluster) -> None:
        """Begin as a standby of one that is at rest: a copy of it, which gets from it what it writes from then on."""
        mine = self.folder / "cluster"
        shutil.copytree(primary.folder / "cluster", mine)
        (mine / "standby.signal").touch()
        address = f"host=127.0.0.1 port={primary.port} user={USER} password={PASSWORD}"
        with (mine / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = '{address}'\nwal_retrieve_retry_interval = 200ms\n")

    def has_all_of(self, primary: PostgresCluster) -> bool:
        """Whether this standby has what that one has written by now."""
        ((written,),) = primary.rows("SELECT pg_current_wal_lsn()", "postgres")
        query = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
        return self.rows(query, "postgres") == [(True,)]

    def fall_behind(self) -> None:
        """From now on, hear nothing more of what the other one writes."""
        self.run("ALTER SYSTEM SET primary_conninfo = ''")
        self.run("SELECT pg_reload_conf()")
        while self.rows("SELECT 1 FROM pg_stat_wal_receiver", "postgres"):
            time.sleep(0.02)

    def take_over(self) -> None:
        """Be a standby no more."""
        self.run("SELECT pg_promote()")

    def stop(self) -> None:
        """At once, whatever is under way; it recovers when it is started again."""
        if self._running is not None:
            self._running.send_signal(signal.SIGCONT)
            self._running.send_signal(signal.SIGQUIT)
            self._running.wait()
            self._running = None

    def freeze(self) -> None:
        """It answers nothing any more, and refuses nothing."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def new_database(self) -> str:
        """The address of an empty one, without the password."""
        name = f"sentral_{next(self._databases)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database: str, user: str = USER) -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url(database), password=PASSWORD, autocommit=True)

    def run(self, statement: str, database: str = "postgres") -> None:
        with self.connect(database) as connection:
            connection.execute(statement.encode())

    def rows(self, query: str, database: str) -> list[tuple[object, ...]]:
        with self.connect(database) as connection:
            return connection.execute(query.encode()).fetchall()

    def close_connections(self, database: str) -> None:
        """Whoever is in it is thrown out."""
        self.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        )

    def _signal_all(self, what: signal.Signals) -> None:
        """The server, and its children, each of which is a connection or works for it."""
        assert self._running is not None
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and self._running.pid in (int(entry.name), _parent_of(entry)):
                os.kill(int(entry.name), what)


def database_of(url: str) -> str:
    return url.rpartition("/")[2]


def either(primary: str, standby: str) -> str:
    """The address of a database on two servers, whichever of them may be written to."""
    beside = standby.partition("@")[2].partition("/")[0]
    before, slash, database = primary.rpartition("/")
    return f"{before},{beside}{slash}{database}?target_session_attrs=read-write"


@contextmanager
def postgres_cluster() -> Iterator[PostgresCluster]:
    """One that runs."""
    with _at_rest() as cluster:
        cluster.make()
        cluster.start()
        yield cluster


@contextmanager
def postgres_with_standby() -> Iterator[tuple[PostgresCluster, PostgresCluster]]:
    """One that runs, and one that follows it and may only be read; the first does not wait for the second."""
    with postgres_cluster() as primary, _at_rest() as standby:
        primary.stop()
        standby.follow(primary)
        primary.start()
        standby.start()
        yield primary, standby


@contextmanager
def _at_rest() -> Iterator[PostgresCluster]:
    """One that is to be made, and is stopped at the end where it runs."""
    argv = find_program(cache_folder(), POSTGRESQL, print)
    folder = Path(tempfile.mkdtemp(prefix="sentralbord-postgres-"))
    cluster = PostgresCluster(folder, argv)
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _parent_of(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None
