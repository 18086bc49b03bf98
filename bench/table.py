"""The figures as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from bench import native, ours
from bench.figures import percentile
from bench.run import Measured
from bench.search import Sustained

_MS = 1000


def line(run: Measured) -> str:
    """One run, as soon as it is over."""
    sound = percentile(run.key_to_sound, 50) * _MS, percentile(run.key_to_sound, 99) * _MS
    return (
        f"  {run.side:6} {run.rate:5.1f}/s: Asterisk {run.asterisk_ms:5.1f} + server {run.server_ms:4.1f} ms a call,"
        f" {run.failed} of {run.calls} failed, key to sound {sound[0]:.0f} ms (p99 {sound[1]:.0f});"
        f" others {run.others_cores:.2f}, phones {run.generator_cores:.2f} cores"
        + "".join(f"\n    {fault}" for fault in run.faults)
    )


def text(runs: Sequence[Measured], sustained: Sequence[Sustained]) -> str:
    """A table for each rate, and the highest rates."""
    rates = dict.fromkeys(run.rate for run in runs)
    parts = [_table(rate, [run for run in runs if run.rate == rate]) for rate in rates]
    parts += [_sustained(found) for found in sustained]
    return "\n".join(parts)


def _table(rate: float, runs: Sequence[Measured]) -> str:
    sides = [[run for run in runs if run.side == name] for name in (native.NAME, ours.NAME)]
    head = f"\n{rate:g} new calls a second{'':14}{native.NAME:>10}{ours.NAME:>10}{'ratio':>8}"
    return "\n".join([head, *(_row(*row) for row in _rows(*map(_figures, sides)))])


def _figures(runs: Sequence[Measured]) -> dict[str, float]:
    """All runs of one side at one rate, as one: means of costs, percentiles of all probes together."""
    waits = list(chain.from_iterable(run.key_to_sound for run in runs))
    bridged = list(chain.from_iterable(run.answer_to_bridged for run in runs))
    set_up = list(chain.from_iterable(run.set_up for run in runs))
    asterisk, server = _mean(run.asterisk_ms for run in runs), _mean(run.server_ms for run in runs)
    growth = _mean((run.server_most_bytes - run.server_rest_bytes) / run.at_once for run in runs)
    return {
        "processor, Asterisk (ms a call)": asterisk,
        "processor, server (ms a call)": server,
        "processor, together (ms a call)": asterisk + server,
        "failed calls": float(sum(run.failed for run in runs)),
        "set-up, median (ms)": percentile(set_up, 50) * _MS,
        "set-up, p99 (ms)": percentile(set_up, 99) * _MS,
        "key to sound, median (ms)": percentile(waits, 50) * _MS,
        "key to sound, p99 (ms)": percentile(waits, 99) * _MS,
        "answer to bridged, median (ms)": percentile(bridged, 50) * _MS,
        "answer to bridged, p99 (ms)": percentile(bridged, 99) * _MS,
        "server at rest (MB)": _mean(run.server_rest_bytes for run in runs) / 1e6,
        "server for each call up (kB)": growth / 1e3,
        "Asterisk at rest (MB)": _mean(run.asterisk_rest_bytes for run in runs) / 1e6,
        "calls / probes": float(sum(run.calls for run in runs)),
        "others on the machine (cores)": _mean(run.others_cores for run in runs),
    }


def _rows(a: dict[str, float], b: dict[str, float]) -> list[tuple[str, float, float]]:
    return [(name, a[name], b[name]) for name in a]


def _row(name: str, a: float, b: float) -> str:
    ratio = f"{b / a:8.2f}" if a > 0 and "calls" not in name and "others" not in name else ""
    return f"  {name:34}{a:10.1f}{b:10.1f}{ratio}"


def _mean(values: Iterable[float]) -> float:
    figures = list(values)
    return sum(figures) / len(figures) if figures else 0.0


def _sustained(found: Sustained) -> str:
    beyond = (
        f"; at {found.too_much:.1f}: {found.why}"
        if found.too_much
        else f"; {found.why or 'no more was tried'}"
    )
    return f"\n{found.side} sustains {found.rate:.1f} new calls a second for {found.seconds:.0f} s{beyond}"
