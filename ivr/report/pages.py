"""From figures to a page: what stands where, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ivr.kpi.menus import keys_told
from ivr.kpi.migration import Measure, Stretch
from ivr.kpi.repeats import Repeats
from ivr.kpi.rows import USUAL_WITHIN_SECONDS, by_name
from ivr.kpi.satisfaction import by_survey
from ivr.kpi.tally import Tally
from ivr.numbers import number_from_sip
from ivr.report.blocks import (
    Block,
    FigureTable,
    Heading,
    Mood,
    Page,
    PageCell,
    Plot,
    Text,
    Tile,
    Tiles,
)
from ivr.report.gathering import Gathered, Moved
from ivr.report.plots import QuarterBar, heatmap, hours_with_calls, quarter_bars
from ivr.report.words import NO_FIGURE, Wording
from ivr.showing.sentences import Language

MOST_PATHS = 15
MOST_LOST = 40


def page_of(found: Gathered, language: Language) -> Page:
    """The page of these figures."""
    words = Wording(language)
    at = found.at.astimezone(found.terms.zone)
    as_of = words.say("at", at=f"{at:%Y-%m-%d %H:%M}", zone=found.terms.zone)
    span = words.span(found.span)
    is_over = at.date() > found.span.last
    under_way = "" if is_over else f", {words.say('under way')}"
    return Page(
        language,
        f"{words.say(f'report {found.span.kind}')}: {span[0].lower() if language == 'nb' else span[0]}{span[1:]}",
        f"{as_of}{under_way}",
        words.say("made by"),
        tuple(_blocks(found, words)),
    )


def _blocks(found: Gathered, words: Wording) -> Iterator[Block]:
    yield Tiles(tuple(_tiles(found, words)))
    if not found.queues.rows and not found.queues.calls:
        yield Heading(words.say("no data").capitalize())
        yield Text(words.say("nothing came"))
    if found.queues.rows:
        yield from _queues(found, words)
    yield from _heat(found, words)
    if found.queues.rows:
        yield from _quarters(found, words)
    yield from _menus(found, words)
    yield from _lost(found, words)
    yield from _moved(found, words)


def _tiles(found: Gathered, words: Wording) -> Iterator[Tile]:
    total, before = found.queues.total, found.before.total
    level = found.terms.service_level
    kind = f"{found.span.kind} before"

    def earlier(value: str) -> str:
        return words.say(kind, value=value)

    calls, calls_before = found.queues.calls.total(), found.before.calls.total()
    yield Tile(
        words.say("calls"),
        words.number(calls) if calls else words.say("no data"),
        earlier(words.number(calls_before) if calls_before else words.say("no data")),
    )
    yield Tile(
        words.say("answered"),
        words.share(total.answered / total.offered if total.offered else None),
        words.say(
            "of offered", share=words.number(total.answered), count=words.number(total.offered)
        ),
    )
    yield Tile(
        words.say("service level"),
        words.share(level.share(total)),
        earlier(words.share(level.share(before))),
    )
    yield Tile(
        words.say("mean wait"),
        words.seconds(total.mean_wait),
        earlier(words.seconds(before.mean_wait)),
    )
    yield Tile(
        words.say("abandoned"),
        words.share(total.abandon_rate),
        earlier(words.share(before.abandon_rate)),
    )
    yield _resolved(found.again, words)
    hours = words.number(found.duty.signed_in_seconds / 3600, 1)
    note = words.say("signed in", hours=hours) if found.duty.ms else ""
    yield Tile(words.say("occupancy"), words.share(found.duty.occupancy), note)
    yield from _rated(found, words)


def _rated(found: Gathered, words: Wording) -> Iterator[Tile]:
    for (_, scale), scores in by_survey(found.surveys).items():
        estimate = scores.estimate
        told = {"answers": words.number(scores.answered), "asked": words.number(scores.asked)}
        note = words.say("answers of asked", **told)
        if estimate is not None:
            low, high = words.score(estimate.low), words.score(estimate.high)
            note = f"{low} – {high}; {note}"
        title = words.say("satisfaction", scale=scale)
        yield Tile(title, words.score(scores.mean), note)


def _resolved(again: Repeats, words: Wording) -> Tile:
    if again.first_calls:
        note = words.say("of first calls", count=words.number(again.first_calls))
    else:
        note = words.say("not ripe", count=words.number(again.not_ripe)) if again.not_ripe else ""
    return Tile(words.say("resolved"), words.share(again.first_contact_resolution), note)


def _queues(found: Gathered, words: Wording) -> Iterator[Block]:
    yield Heading(words.say("queues"))
    titles = ("queue", "target", "service level", "met", *_COUNTED)
    rows = [_queue_row(name or "", tally, found, words) for name, tally in by_name(found.queues)]
    if len(rows) > 1:
        total = found.queues.total
        share = PageCell(words.share(found.terms.service_level.share(total)))
        rows.append(
            (PageCell(words.say("all")), PageCell(""), share, PageCell(""), *_counted(total, words))
        )
    yield FigureTable(words.say("queues"), tuple(map(words.say, titles)), tuple(rows), texts=2)
    yield Text(_definition(found, words), quiet=True)
    by_department = [
        (
            PageCell(_title(found, name, words)),
            PageCell(words.share(found.terms.service_level.share(tally))),
            *_counted(tally, words),
        )
        for name, tally in by_name(found.departments)
    ]
    if any(name for name in found.departments.rows):
        heads = tuple(map(words.say, ("department", "service level", *_COUNTED)))
        yield FigureTable(
            words.say("departments"), heads, tuple(by_department), folded=len(by_department) > 12
        )


_COUNTED = (
    "offered",
    "answered",
    "gave up",
    "overflowed",
    "wait column",
    "p90",
    "longest",
    "talk",
)


def _counted(tally: Tally, words: Wording) -> tuple[PageCell, ...]:
    return (
        PageCell(words.number(tally.offered)),
        PageCell(words.number(tally.answered)),
        PageCell(f"{words.number(tally.abandoned)} ({words.share(tally.abandon_rate)})"),
        PageCell(words.number(tally.overflowed)),
        PageCell(words.seconds(tally.mean_wait)),
        PageCell(words.seconds(tally.wait_quantile(0.9))),
        PageCell(words.seconds(tally.longest_wait)),
        PageCell(words.seconds(tally.mean_talk)),
    )


def _queue_row(name: str, tally: Tally, found: Gathered, words: Wording) -> tuple[PageCell, ...]:
    share = found.terms.service_level.share(tally)
    target = found.targets.get(name)
    met, told = PageCell(NO_FIGURE), NO_FIGURE
    if target is not None:
        seconds = words.number(found.terms.within(name))
        told = words.say("target is", share=words.share(target.share, 0), seconds=seconds)
        if share is not None:
            mood: Mood = "good" if share >= target.share else "bad"
            met = PageCell(words.say("yes" if mood == "good" else "no"), mood)
    return (
        PageCell(name),
        PageCell(told),
        PageCell(words.share(share)),
        met,
        *_counted(tally, words),
    )


def _definition(found: Gathered, words: Wording) -> str:
    level, terms = found.terms.service_level, found.terms
    if terms.within_seconds is not None or not terms.targets:
        within = f"{terms.within_seconds or USUAL_WITHIN_SECONDS:.0f} s"
    else:
        within = ", ".join(
            words.say("within own", queue=name, seconds=f"{seconds:.0f}")
            for name, seconds in sorted(terms.targets.items())
        )
    return words.say(
        "definition",
        name=level.name,
        formula=level.formula,
        within=within,
        short=f"{terms.short_seconds:.0f}",
        version=level.version,
    )


def _heat(found: Gathered, words: Wording) -> Iterator[Block]:
    if not any(found.heat.values()):
        return
    yield Heading(words.say("heat"))
    (weekday, hour), count = max(found.heat.items(), key=lambda item: (item[1], item[0]))
    told = words.say(
        "heat told",
        first=words.day(found.heat_span.first),
        last=words.day(found.heat_span.last),
        weekday=words.weekday(weekday),
        hour=f"{hour:02}",
        count=words.number(count),
    )
    yield Plot(words.say("heat"), told, heatmap(found.heat, words))
    first, last = hours_with_calls(found.heat)
    rows = tuple(
        (
            PageCell(words.weekday(day).capitalize()),
            *(
                PageCell(words.number(found.heat.get((day, hour), 0)))
                for hour in range(first, last + 1)
            ),
        )
        for day in range(7)
    )
    titles = (words.say("weekday"), *(f"{hour:02}" for hour in range(first, last + 1)))
    yield FigureTable(words.say("heat"), titles, rows, folded=True)


def _quarters(found: Gathered, words: Wording) -> Iterator[Block]:
    yield Heading(words.say("quarters"))
    drawing = quarter_bars(_bars(found), words)
    yield Plot(words.say("quarters"), words.say("quarters told"), drawing)
    yield Text(_definition(found, words), quiet=True)
    rows = tuple(
        (
            PageCell(name or ""),
            PageCell(words.share(found.terms.service_level.share(tally))),
            PageCell(words.number(tally.offered)),
            PageCell(words.number(tally.answered_within)),
            PageCell(words.number(tally.answered - tally.answered_within)),
            PageCell(words.number(tally.offered - tally.answered)),
        )
        for name, tally in by_name(found.quarters)
    )
    titles = ("quarter", "service level", "offered", "in time", "later", "not answered")
    yield FigureTable(words.say("quarters"), tuple(map(words.say, titles)), rows, folded=True)


def _bars(found: Gathered) -> list[QuarterBar]:
    """Every quarter from the hour of the first to the end of the hour of the last, those without calls too."""
    names = sorted(name for name in found.quarters.rows if name)
    first, last = int(names[0][:2]), int(names[-1][:2])
    bars = []
    for hour in range(first, last + 1):
        for minute in (0, 15, 30, 45):
            name = f"{hour:02}:{minute:02}"
            tally = found.quarters.rows.get(name, Tally())
            within = tally.answered_within
            unanswered = tally.offered - tally.answered
            bars.append(QuarterBar(name, within, tally.answered - within, unanswered))
    return bars


def _menus(found: Gathered, words: Wording) -> Iterator[Block]:
    yield Heading(words.say("menus"))
    if not found.menus.by_name:
        yield Text(words.say("no menus"))
    else:
        titles = ("menu", "keys", "visits", "chose nothing", "hung up", "attrition", "contained")
        rows = tuple(
            (
                PageCell(name),
                PageCell(keys_told(tally.keys)),
                PageCell(words.number(tally.visits)),
                PageCell(words.number(tally.nothing_chosen)),
                PageCell(words.number(tally.hung_up)),
                PageCell(words.share(tally.attrition)),
                PageCell(words.share(tally.containment)),
            )
            for name, tally in sorted(found.menus.by_name.items())
        )
        yield FigureTable(words.say("menus caption"), tuple(map(words.say, titles)), rows, texts=2)
    if found.ways:
        paths = tuple(
            (
                PageCell(words.path(way.path)),
                PageCell(words.disposition(way.disposition)),
                PageCell(words.number(way.calls)),
                PageCell(words.share(way.share)),
            )
            for way in found.ways[:MOST_PATHS]
        )
        heads = tuple(map(words.say, ("path", "ended", "calls", "share")))
        yield FigureTable(words.say("paths caption"), heads, paths, texts=2)
        if len(found.ways) > MOST_PATHS:
            rest = words.number(len(found.ways) - MOST_PATHS)
            yield Text(words.say("other paths", count=rest), quiet=True)


def _lost(found: Gathered, words: Wording) -> Iterator[Block]:
    yield Heading(words.say("lost"))
    since = words.day(found.lost_from)
    if not found.lost.callers:
        yield Text(words.say("nobody lost", first=since))
    else:
        yield Text(words.say("lost told", first=since), quiet=True)
        rows = []
        for one in found.lost.callers[:MOST_LOST]:
            number = number_from_sip(one.caller)
            last = one.last_at.astimezone(found.terms.zone)
            rows.append(
                (
                    PageCell(number.masked if number else "…"),
                    PageCell(_title(found, one.department, words) if one.department else NO_FIGURE),
                    PageCell(f"{last:%Y-%m-%d %H:%M}"),
                    PageCell(words.number(one.tries)),
                    PageCell(words.seconds(one.longest_wait_seconds)),
                )
            )
        titles = ("caller", "department", "last try", "tries", "waited")
        yield FigureTable(words.say("lost"), tuple(map(words.say, titles)), tuple(rows), texts=3)
        if len(found.lost.callers) > MOST_LOST:
            rest = words.number(len(found.lost.callers) - MOST_LOST)
            yield Text(words.say("more lost", count=rest), quiet=True)
    if found.lost.withheld:
        yield Text(_how_many(words, "withheld", found.lost.withheld), quiet=True)
    if found.lost.purged:
        yield Text(_how_many(words, "purged", found.lost.purged), quiet=True)


def _how_many(words: Wording, key: str, count: int) -> str:
    """A sentence about one call, or about so many."""
    return words.say(f"one {key}") if count == 1 else words.say(key, count=words.number(count))


def _moved(found: Gathered, words: Wording) -> Iterator[Block]:
    yield Heading(words.say("moved"))
    if not found.moved:
        yield Text(words.say("nothing moved"))
        return
    yield Text(words.say("moved told"), quiet=True)
    rows = tuple(row for one in found.moved for row in _moved_rows(one, found, words))
    titles = ("department", "site", "since", "figure", "before", "after", "verdict")
    yield FigureTable(words.say("moved"), tuple(map(words.say, titles)), rows, texts=4)


def _moved_rows(one: Moved, found: Gathered, words: Wording) -> Iterator[tuple[PageCell, ...]]:
    moods: dict[str, Mood] = {"better": "good", "worse": "bad"}
    measures: tuple[Measure, ...] = get_args(Measure)
    verdicts = {measure: one.compared.verdict(measure) for measure in measures}
    if set(verdicts.values()) == {"not enough calls"}:
        measures = measures[:1]
    for place, measure in enumerate(measures):
        verdict = verdicts[measure]
        begins = one.move.ends.isoformat() if one.move.ends else NO_FIGURE
        shown = place == 0
        yield (
            PageCell(_title(found, one.move.department, words) if shown else ""),
            PageCell(found.titles.get(f"site {one.move.site}", one.move.site) if shown else ""),
            PageCell(begins if shown else ""),
            PageCell(words.say(measure) if len(measures) > 1 else NO_FIGURE),
            PageCell(_estimate(measure, one.compared.before, words)),
            PageCell(_estimate(measure, one.compared.after, words)),
            PageCell(words.say(verdict), moods.get(verdict, "")),
        )


def _estimate(measure: Measure, stretch: Stretch | None, words: Wording) -> str:
    estimate = stretch.measured[measure] if stretch else None
    if estimate is None:
        return NO_FIGURE
    written = {"wait_seconds": words.seconds, "csat": words.score}
    write = written.get(measure, words.share)
    return f"{write(estimate.value)} ({write(estimate.low)} – {write(estimate.high)})"


def _title(found: Gathered, name: str | None, words: Wording) -> str:
    if name is None:
        return words.say("no name")
    return found.titles.get(f"department {name}", name)
