"""What a report says, in English and Norwegian, and how it writes numbers and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ivr.records.path import NOTHING, menu_stop, stops_of
from ivr.records.record import Disposition
from ivr.report.span import ReportSpan
from ivr.showing.record_words import DISPOSITIONS
from ivr.showing.sentences import Language

NO_FIGURE = "–"

_TEXTS: Mapping[str, tuple[str, str]] = {
    "report day": ("Day report", "Dagsrapport"),
    "report week": ("Week report", "Ukerapport"),
    "report month": ("Month report", "Månedsrapport"),
    "week": ("Week {number}, {days}", "Uke {number}, {days}"),
    "at": ("as of {at} ({zone})", "per {at} ({zone})"),
    "wrote": ("wrote {path}", "skrev {path}"),
    "under way": ("not over yet", "ikke over ennå"),
    "no data": ("no data", "ingen tall"),
    "nothing came": (
        "No call came in this time. That is all there is to say: an empty day has no service level, and no good one.",
        "Ingen samtaler kom i dette tidsrommet. Mer er det ikke å si: en tom dag har ikke noe servicenivå, heller ikke "
        "et godt.",
    ),
    "calls": ("Calls", "Samtaler"),
    "offered": ("Offered", "Tilbudt"),
    "answered": ("Answered", "Besvart"),
    "service level": ("Service level", "Servicenivå"),
    "mean wait": ("Mean wait", "Snittventetid"),
    "abandoned": ("Gave up", "La på i kø"),
    "resolved": ("First-contact resolution", "Løst ved første kontakt"),
    "satisfaction": ("Satisfaction, {scale}", "Tilfredshet, {scale}"),
    "answers of asked": (
        "{answers} of {asked} asked answered",
        "{answers} av {asked} spurte svarte",
    ),
    "csat": ("Satisfaction", "Tilfredshet"),
    "day before": ("day before: {value}", "dagen før: {value}"),
    "week before": ("week before: {value}", "uken før: {value}"),
    "month before": ("month before: {value}", "måneden før: {value}"),
    "of offered": ("{share} of {count} offered", "{share} av {count} tilbudte"),
    "not ripe": (
        "{count} first calls are not ripe: they may call again for 7 days",
        "{count} førstesamtaler er ikke modne: de kan ringe igjen i 7 dager",
    ),
    "of first calls": ("of {count} first calls", "av {count} førstesamtaler"),
    "queues": ("Queues beside their targets", "Køer mot mål"),
    "queue": ("Queue", "Kø"),
    "target": ("Target", "Mål"),
    "target is": ("{share} within\u00a0{seconds}\u00a0s", "{share} innen\u00a0{seconds}\u00a0s"),
    "met": ("Met", "Nådd"),
    "yes": ("yes", "ja"),
    "no": ("no", "nei"),
    "p90": ("90% within", "90 % innen"),
    "longest": ("Longest", "Lengst"),
    "gave up": ("Gave up", "La på"),
    "overflowed": ("Moved on", "Sendt videre"),
    "wait column": ("Wait, mean", "Ventet, snitt"),
    "talk": ("Talk, mean", "Samtale, snitt"),
    "all": ("All", "Alle"),
    "departments": ("Departments", "Avdelinger"),
    "department": ("Department", "Avdeling"),
    "no name": ("(none)", "(ingen)"),
    "heat": ("When calls come", "Når samtalene kommer"),
    "heat told": (
        "Calls to queues by weekday and hour of arrival, {first} to {last}. Busiest: {weekday} {hour}, {count} calls.",
        "Samtaler til kø etter ukedag og time, {first} til {last}. Travlest: {weekday} kl. {hour}, {count} samtaler.",
    ),
    "weekday": ("Weekday", "Ukedag"),
    "quarters": ("Service level by quarter of an hour", "Servicenivå per kvarter"),
    "quarters told": (
        "Calls to queues by quarter of an hour of arrival: answered in time, answered later, not answered.",
        "Samtaler til kø etter kvarteret de kom: besvart i tide, besvart senere, ikke besvart.",
    ),
    "in time": ("Answered in time", "Besvart i tide"),
    "later": ("Answered later", "Besvart senere"),
    "not answered": ("Not answered", "Ikke besvart"),
    "quarter": ("Quarter", "Kvarter"),
    "definition": (
        "Service level {name} = {formula}; T: {within}; hung up within {short} s counts as short. Version {version}.",
        "Servicenivå {name} = {formula}; T: {within}; lagt på innen {short} s regnes som kort. Versjon {version}.",
    ),
    "within own": ("{queue} {seconds} s", "{queue} {seconds} s"),
    "menus": ("Paths through the menus", "Veier gjennom menyene"),
    "menu": ("Menu", "Meny"),
    "visits": ("Visits", "Besøk"),
    "keys": ("Pressed", "Trykket"),
    "chose nothing": ("Chose nothing", "Valgte ikke"),
    "hung up": ("Hung up", "La på"),
    "attrition": ("Hung up, share", "La på, andel"),
    "contained": ("Need met there", "Fikk svar der"),
    "path": ("Path", "Vei"),
    "ended": ("Ended", "Endte"),
    "share": ("Share", "Andel"),
    "other paths": ("and {count} other paths", "og {count} andre veier"),
    "menus caption": ("What callers did in each menu", "Hva innringerne gjorde i hver meny"),
    "paths caption": ("The most used paths", "De mest brukte veiene"),
    "no menus": ("No call came to a menu.", "Ingen samtaler kom til en meny."),
    "lost": ("Still to be called back", "Skal fortsatt ringes tilbake"),
    "lost told": (
        "Callers who gave up, were turned away or lost since {first}, and have reached nobody since. "
        "The command ivr lost has their numbers.",
        "Innringere som la på, ble avvist eller mistet siden {first}, og ikke har nådd noen siden. "
        "Kommandoen ivr lost har numrene.",
    ),
    "nobody lost": (
        "Nobody is to be called back, of those who called since {first}.",
        "Ingen skal ringes tilbake, av dem som har ringt siden {first}.",
    ),
    "withheld": (
        "And {count} calls from withheld numbers, which cannot be called back.",
        "Og {count} samtaler fra skjulte numre, som ikke kan ringes tilbake.",
    ),
    "one withheld": (
        "And 1 call from a withheld number, which cannot be called back.",
        "Og 1 samtale fra et skjult nummer, som ikke kan ringes tilbake.",
    ),
    "one purged": (
        "And 1 call whose number is not kept any more.",
        "Og 1 samtale der nummeret ikke lenger er tatt vare på.",
    ),
    "purged": (
        "And {count} calls whose numbers are not kept any more.",
        "Og {count} samtaler der nummeret ikke lenger er tatt vare på.",
    ),
    "more lost": ("and {count} more", "og {count} til"),
    "caller": ("Caller", "Innringer"),
    "tries": ("Tries", "Forsøk"),
    "last try": ("Last try", "Siste forsøk"),
    "waited": ("Waited", "Ventet"),
    "moved": ("Before and after the move", "Før og etter flyttingen"),
    "moved told": (
        "Departments that have moved from their sites to the national centre: 8 weeks before and after, with 95% "
        "intervals.",
        "Avdelinger som er flyttet fra stedene til det nasjonale senteret: 8 uker før og etter, med 95 %-intervaller.",
    ),
    "nothing moved": ("No department has moved yet.", "Ingen avdeling er flyttet ennå."),
    "site": ("Site", "Sted"),
    "since": ("National since", "Nasjonal siden"),
    "figure": ("Figure", "Tall"),
    "before": ("Before", "Før"),
    "after": ("After", "Etter"),
    "verdict": ("Verdict", "Vurdering"),
    "better": ("better", "bedre"),
    "worse": ("worse", "dårligere"),
    "no difference": ("no difference", "ingen forskjell"),
    "not enough calls": ("not enough calls", "for få samtaler"),
    "service_level": ("Service level", "Servicenivå"),
    "wait_seconds": ("Mean wait", "Snittventetid"),
    "abandon_rate": ("Gave up", "La på i kø"),
    "repeat_rate": ("Called again", "Ringte igjen"),
    "occupancy": ("Occupancy", "Belegg"),
    "signed in": ("{hours} h signed in", "{hours} t pålogget"),
    "table": ("The figures as a table", "Tallene som tabell"),
    "made by": (
        "Calls of tests are in no figure. Averages are sums over counts. A call belongs to the time when it arrived.",
        "Testsamtaler er ikke med. Snitt er summer delt på antall. En samtale hører til tiden da den kom.",
    ),
}

_KINDS: Mapping[str, str] = {
    "queue": "kø",
    "question": "spørsmål",
    "voicemail": "svarer",
    "survey": "undersøkelse",
    "phone": "telefon",
    "hangup": "slutt",
    "refuse": "nektet",
}
_WEEKDAYS = (
    ("Monday", "mandag"),
    ("Tuesday", "tirsdag"),
    ("Wednesday", "onsdag"),
    ("Thursday", "torsdag"),
    ("Friday", "fredag"),
    ("Saturday", "lørdag"),
    ("Sunday", "søndag"),
)
_MONTHS = (
    ("January", "januar"),
    ("February", "februar"),
    ("March", "mars"),
    ("April", "april"),
    ("May", "mai"),
    ("June", "juni"),
    ("July", "juli"),
    ("August", "august"),
    ("September", "september"),
    ("October", "oktober"),
    ("November", "november"),
    ("December", "desember"),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One language."""

    language: Language

    @property
    def _norwegian(self) -> bool:
        return self.language == "nb"

    def say(self, key: str, **facts: object) -> str:
        """A text with its facts."""
        text = _TEXTS[key][self._norwegian]
        return text.format(**facts) if facts else text

    def number(self, value: float, decimals: int = 0) -> str:
        """`1,234.5`, or as Norwegians write it, with a space that does not break."""
        text = f"{value:,.{decimals}f}"
        if self._norwegian:
            return text.replace(",", "\u00a0").replace(".", ",")
        return text

    def share(self, value: float | None, decimals: int = 1) -> str:
        """0 to 1, in per cent."""
        if value is None:
            return NO_FIGURE
        text = self.number(100 * value, decimals)
        return f"{text}\u00a0%" if self._norwegian else f"{text}%"

    def score(self, value: float | None) -> str:
        """An answer to a survey, or a mean of many: `8.40`."""
        return NO_FIGURE if value is None else self.number(value, 2)

    def seconds(self, value: float | None) -> str:
        """`8.4 s`, `2 min 05 s`."""
        if value is None:
            return NO_FIGURE
        if value < 60:
            return f"{self.number(value, 0 if value == round(value) else 1)}\u00a0s"
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes}\u00a0min\u00a0{seconds:02}\u00a0s"

    def weekday(self, number: int) -> str:
        """Monday is 0."""
        return _WEEKDAYS[number][self._norwegian]

    def day(self, day: date, *, with_weekday: bool = False) -> str:
        """`23 November 2026`."""
        month = _MONTHS[day.month - 1][self._norwegian]
        dot = "." if self._norwegian else ""
        text = f"{day.day}{dot} {month} {day.year}"
        return f"{self.weekday(day.weekday())} {text}" if with_weekday else text

    def span(self, span: ReportSpan) -> str:
        """The day, week or month by its name."""
        match span.kind:
            case "day":
                text = self.day(span.first, with_weekday=True)
            case "week":
                _, number, _ = span.first.isocalendar()
                text = self.say("week", number=number, days=self._days(span))
            case "month":
                text = f"{_MONTHS[span.first.month - 1][self._norwegian]} {span.first.year}"
        return text[0].upper() + text[1:]

    def _days(self, span: ReportSpan) -> str:
        """`16-22 November 2026`, with a dash between."""
        first, last = span.first, span.last
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}{'.' if self._norwegian else ''}–{self.day(last)}"
        begins = self.day(first)
        if first.year == last.year:
            begins = begins.rpartition(" ")[0]
        return f"{begins} – {self.day(last)}"

    def disposition(self, disposition: Disposition) -> str:
        """How calls ended."""
        return DISPOSITIONS[disposition][self._norwegian]

    def path(self, path: str) -> str:
        """`menu main: 1 › queue faktura`."""
        return " › ".join(self._stop(stop) for stop in stops_of(path))

    def _stop(self, stop: str) -> str:
        menu = menu_stop(stop)
        if menu is not None:
            key = self.say("chose nothing").lower() if menu.key == NOTHING else menu.key
            name = f"{self.say('menu').lower()} {menu.menu}"
            return name if key is None else f"{name}: {key}"
        kind, _, name = stop.partition(" ")
        word = _KINDS.get(kind, kind) if self._norwegian else kind
        return f"{word} {name}".rstrip()
