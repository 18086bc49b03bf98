"""From a target to a place where the caller does something or waits, or to the end of the call.

On the way departments are passed, and queues that nobody works in; each step leaves its reason, and
each alternative that was passed over its why-not.
"""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decision import Decision, Facts, Override, Step
from ivr.rules.hours import opening
from ivr.rules.model import (
    Department,
    Destination,
    LocalDepartment,
    Menu,
    Phone,
    Place,
    Question,
    Queue,
    RuleSet,
    Site,
    Target,
    ToBack,
    ToDepartment,
    ToHangUp,
    ToMenu,
    ToPhone,
    ToQuestion,
    ToQueue,
    ToRepeat,
    ToVoicemail,
    Voicemail,
)
from ivr.rules.sites import FoundSite, dialled_entry, find_site, weigh

APOLOGY = "sorry"
_MINUTE = "%Y-%m-%d %H:%M"
_NOTHING_YET = Step("nothing was decided", None)


class Journey:
    """A decision while it is made. `facts` and `end` are as they stand so far."""

    def __init__(self, rules: RuleSet, facts: Facts) -> None:
        self.rules = rules
        self.facts = facts
        self.end: Menu | Question | Queue | Voicemail | ToHangUp = ToHangUp()
        self._steps: list[Step] = []
        self._decided_by = _NOTHING_YET
        self._say: list[str] = []
        self._passed: set[str] = set()
        self._department: str | None = None
        self._closed = False

    def decision(self) -> Decision:
        return Decision(
            then=self.end,
            say=tuple(self._say),
            steps=tuple(self._steps),
            decided_by=self._decided_by,
            facts=self.facts,
            department=self._department,
            closed=self._closed,
        )

    def reason(self, text: str, at: Place | None, *, unsaid: str | None = None) -> None:
        """A step that decides; `unsaid` is its text without what the caller keyed or said, where it has that."""
        step = Step(text, at)
        self._steps.append(step)
        self._decided_by = step if unsaid is None else Step(unsaid, at)

    def mention(self, text: str, at: Place | None) -> None:
        """A step that decides nothing: where the call arrives, or what happens to it on the way."""
        self._steps.append(Step(text, at))

    def why_not(self, text: str, at: Place | None) -> None:
        self._steps.append(Step(f"not {text}", at, taken=False))

    def go(self, target: Target, menu: Menu | None = None) -> None:
        """Follow a target; `menu` is the one that the caller is in."""
        if target.language is not None and target.language != self.facts.language:
            self.facts = replace(self.facts, language=target.language)
            self.mention(f"the language is now {target.language}", target.at)
        match target.to:
            case ToMenu(name):
                self.enter_menu(self.rules.menus[name])
            case ToDepartment(name):
                self.enter_department(self.rules.departments[name])
            case ToQueue(name):
                self._enter_queue(self.rules.queues[name], target.at)
            case ToVoicemail(name):
                self.mention(f"voicemail {name}", target.at)
                self.end = self.rules.voicemails[name]
            case ToPhone(name):
                self._ring(self.rules.phones[name], target.at)
            case ToQuestion(name):
                self.ask(self.rules.questions[name])
            case ToHangUp():
                self.mention("the call is hung up", target.at)
                self.hang_up()
            case ToRepeat() | ToBack():
                self._turn_back(target.to, menu, target.at)

    def _turn_back(self, to: Destination, menu: Menu | None, at: Place) -> None:
        # Only a menu's keys say repeat and back; without a menu there is nothing to repeat.
        visited = [name for name in self.facts.menus if name in self.rules.menus]
        here = menu.name if menu else (visited[-1] if visited else None)
        if isinstance(to, ToBack) and here in visited and visited.index(here) > 0:
            here = visited[visited.index(here) - 1]
        if here is None:
            self.reason(f"there is no menu to go {to}", at)
            self.hang_up(APOLOGY)
        else:
            self.enter_menu(self.rules.menus[here])

    def enter_menu(self, menu: Menu) -> None:
        """The caller is in this menu now."""
        visited = self.facts.menus
        # Coming to a menu again is going back to it: the trail stays as short as the way from the
        # first menu.
        before = visited[: visited.index(menu.name)] if menu.name in visited else visited
        self.facts = replace(self.facts, menus=(*before, menu.name))
        self.mention(f"menu {menu.name}", menu.at)
        self.end = menu

    def say(self, prompt: str) -> None:
        """Play this before the call goes on; what was said just before is not said again."""
        if not self._say or self._say[-1] != prompt:
            self._say.append(prompt)

    def ask(self, question: Question, department: str | None = None) -> None:
        """Ask, and go on to `department` (None: to where the question leads) when that is done."""
        asked = (*self.facts.asked, question.name)
        self.facts = replace(self.facts, asked=asked, on_the_way_to=department)
        self.mention(f"question {question.name} is asked", question.at)
        self.end = question

    def _ring(self, phone: Phone, at: Place) -> None:
        """A phone outside the queues: no part of the server rings one yet."""
        if self._seen(f"phone {phone.name}"):
            return
        self.mention(f"phone {phone.name}", at)
        if phone.no_answer is None:
            self.reason("this version rings no such phone yet, and it names no other way", phone.at)
            self.hang_up(APOLOGY)
        else:
            to = phone.no_answer.to
            self.reason(f"this version rings no such phone yet: {to}", phone.no_answer.at)
            self.go(phone.no_answer)

    def enter_department(self, department: Department) -> None:
        """The caller comes to this department: it is closed, or its site is asked for, or the call goes on."""
        if self._seen(f"department {department.name}"):
            return
        name = department.name
        self._department = name
        self._closed = False
        override = self.facts.override("department", name) if self.facts.overrides else None
        if override is not None:
            self._turn_away(department, self._told(override), None, override.say)
            return
        now = opening(self.rules, department, self.facts.at)
        if not now.is_open:
            self._turn_away(department, now.reason, now.at, now.say)
            return
        self.reason(f"department {name} is open: {now.reason}", now.at)
        if department.first_in_line:
            self._line_up(department)
        if not self._site_is_asked_for(department):
            self._to_site_or_nation(department)

    def _turn_away(
        self, department: Department, reason: str, at: Place | None, say: str | None
    ) -> None:
        closed = department.closed
        self._closed = True
        self.reason(f"department {department.name} is closed: {reason}", at)
        self.why_not(
            f"{department.national.to}: {department.name} is closed", department.national.at
        )
        said = say or closed.say
        self.say(said)
        self.mention(f"the caller hears {said!r}: then {closed.target.to}", closed.at)
        self.go(closed.target)

    def _line_up(self, department: Department) -> None:
        names = department.first_in_line
        lists = [self.rules.callers[name] for name in names]
        among = next((one for one in lists if self.facts.caller in one.numbers), None)
        if among is None:
            spoken = " or ".join(names)
            self.why_not(f"first in line: the caller is not among {spoken}", department.at)
        else:
            self.facts = replace(self.facts, first_in_line=True)
            self.mention(f"the caller is among {among.name}: first in line", among.at)

    def _site_is_asked_for(self, department: Department) -> bool:
        """Look for the site where it is not known and makes a difference; True where a question comes first."""
        rules, facts = self.rules, self.facts
        if facts.site in rules.sites or not rules.questions:
            return False
        until = rules.local_until.get(department.name)
        if until is None or facts.at.astimezone(rules.timezone).date() > until:
            return False
        match find_site(rules, facts, dialled_entry(rules, facts)):
            case FoundSite() as found:
                self.take_site(found)
            case Question() as question:
                name = department.name
                self.reason(f"{name} depends on the site, which is not known", department.at)
                self.ask(question, name)
                return True
            case None:
                pass
        return False

    def take_site(self, found: FoundSite) -> None:
        """The site of the call is known now."""
        self.facts = replace(self.facts, site=found.site)
        self.mention(found.reason, found.at)

    def _to_site_or_nation(self, department: Department) -> None:
        site = self.rules.sites.get(self.facts.site) if self.facts.site is not None else None
        local = site.departments.get(department.name) if site is not None else None
        if site is None:
            self.reason(
                f"the site is not known: {department.name} is national", department.national.at
            )
        elif local is None:
            self.reason(
                f"{department.name} has no place of its own in {site.title}: it is national",
                site.at,
            )
            self._pass_by_closed(site, department)
        else:
            self._weigh(department, local, site)
            return
        self.go(department.national)

    def _weigh(self, department: Department, local: LocalDepartment, site: Site) -> None:
        """Local or national: the day of the migration decides; a site that was closed by hand answers nothing."""
        name, national = department.name, department.national
        today = self.facts.at.astimezone(self.rules.timezone).date()
        weighed = weigh(local, today, self.facts.caller, local.at.path)
        self.reason(f"{name} in {site.title} {weighed.reason}", weighed.at)
        other, there = (local.local, national) if weighed.is_national else (national, local.local)
        self.why_not(f"{other.to}: {name} in {site.title} {weighed.reason}", other.at)
        override = self.facts.override("site", site.name) if self.facts.overrides else None
        if override is not None and not weighed.is_national:
            self._turn_away(department, f"its site is {self._told(override)}", None, override.say)
            return
        self._pass_by_closed(site, department)
        self.go(there)

    def _pass_by_closed(self, site: Site, department: Department) -> None:
        """A closed site closes what is answered there; the trace tells of it where that is something else."""
        override = self.facts.override("site", site.name) if self.facts.overrides else None
        if override is not None:
            told = f"site {site.name} is {self._told(override)}"
            self.mention(f"{told}, but {department.name} is answered elsewhere", None)

    def _told(self, override: Override) -> str:
        zone = self.rules.timezone
        by = f" by {override.by}" if override.by else ""
        since = f" since {override.since.astimezone(zone):{_MINUTE}}" if override.since else ""
        why = f", because: {override.why}" if override.why else ""
        return f"closed by hand{by}{since} until {override.until.astimezone(zone):{_MINUTE}}{why}"

    def _enter_queue(self, queue: Queue, at: Place) -> None:
        override = self.facts.override("queue", queue.name) if self.facts.overrides else None
        if override is not None:
            self._closed_queue(queue, override)
        elif queue.at_most is not None and self.facts.waiting.get(queue.name, 0) >= queue.at_most:
            self._full_queue(queue)
        elif self.facts.signed_in.get(queue.name, 1) <= 0:
            if not self._seen(f"queue {queue.name}"):
                self.leave_or_wait(queue)
        else:
            self.mention(f"queue {queue.name}", at)
            if queue.split:
                shares = ", ".join(f"{name} {share:.0%}" for name, share in queue.split.items())
                self.mention(f"queue {queue.name} is split: {shares}", queue.at)
            self.end = queue

    def _closed_queue(self, queue: Queue, override: Override) -> None:
        if self._seen(f"queue {queue.name}"):
            return
        self.reason(f"queue {queue.name} is {self._told(override)}", None)
        if override.say is not None:
            self.say(override.say)
        elsewhere = queue.nobody_logged_in
        if elsewhere is None or elsewhere.to == ToQueue(queue.name):
            self.mention(f"queue {queue.name} names no other way: the call ends", queue.at)
            self.hang_up(None if override.say else APOLOGY)
            return
        self.mention(f"it is as if nobody were logged in there: {elsewhere.to}", elsewhere.at)
        self.go(elsewhere)

    def _full_queue(self, queue: Queue) -> None:
        if self._seen(f"queue {queue.name}"):
            return
        elsewhere = queue.when_full
        if elsewhere is None:
            self.end = queue
            return
        waiting = self.facts.waiting.get(queue.name, 0)
        self.reason(f"queue {queue.name} is full, {waiting} wait: {elsewhere.to}", elsewhere.at)
        self.why_not(f"queue {queue.name}: at most {queue.at_most} wait there", queue.at)
        self.go(elsewhere)

    def leave_or_wait(self, queue: Queue) -> None:
        """Nobody works in this queue now."""
        self._passed.add(f"queue {queue.name}")
        elsewhere = queue.nobody_logged_in
        if elsewhere is None or elsewhere.to == ToQueue(queue.name):
            at = elsewhere.at if elsewhere else queue.at
            why = "and it names no other way: the caller waits"
            self.reason(f"nobody is logged in to queue {queue.name}, {why}", at)
            self.end = queue
            return
        self.reason(f"nobody is logged in to queue {queue.name}: {elsewhere.to}", elsewhere.at)
        self.why_not(f"queue {queue.name}: nobody is logged in", queue.at)
        self.go(elsewhere)

    def _seen(self, place: str) -> bool:
        """Whether this decision has passed here before; then the call ends.

        `ivr check` refuses rules in which that could happen.
        """
        if place not in self._passed:
            self._passed.add(place)
            return False
        self.reason(f"the rules lead back to {place}: the call ends", None)
        self.hang_up(APOLOGY)
        return True

    def gone(self, kind: str, name: str) -> None:
        """The call is at a place that these rules do not have."""
        self.reason(f"there is no {kind} {name} in these rules", None)
        self.hang_up(APOLOGY)

    def hang_up(self, say: str | None = None) -> None:
        """The call ends here."""
        if say is not None:
            self._say.append(say)
        self.end = ToHangUp()
