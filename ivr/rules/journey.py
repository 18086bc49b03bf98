"""From a target to a place where the caller does something or waits, or to the end of the call.

On the way departments are passed, and queues that nobody works in; each step leaves its reason, and
each alternative that was passed over its why-not.
"""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decision import Decision, Facts, Step
from ivr.rules.hours import Opening, opening
from ivr.rules.model import (
    Department,
    Destination,
    LocalDepartment,
    Menu,
    Place,
    Queue,
    RuleSet,
    Target,
    ToBack,
    ToDepartment,
    ToHangUp,
    ToMenu,
    ToQueue,
    ToRepeat,
    ToVoicemail,
    Voicemail,
)

APOLOGY = "sorry"


class Journey:
    """A decision while it is made. `facts` and `end` are as they stand so far."""

    def __init__(self, rules: RuleSet, facts: Facts) -> None:
        self.rules = rules
        self.facts = facts
        self.end: Menu | Queue | Voicemail | ToHangUp = ToHangUp()
        self._steps: list[Step] = []
        self._say: list[str] = []
        self._passed: set[str] = set()
        self._department: str | None = None
        self._closed = False

    def decision(self) -> Decision:
        return Decision(
            then=self.end,
            say=tuple(self._say),
            steps=tuple(self._steps),
            facts=self.facts,
            department=self._department,
            closed=self._closed,
        )

    def reason(self, text: str, at: Place | None) -> None:
        self._steps.append(Step(text, at))

    def why_not(self, text: str, at: Place | None) -> None:
        self._steps.append(Step(f"not {text}", at, taken=False))

    def go(self, target: Target, menu: Menu | None = None) -> None:
        """Follow a target; `menu` is the one that the caller is in."""
        if target.language is not None and target.language != self.facts.language:
            self.facts = replace(self.facts, language=target.language)
            self.reason(f"the language is now {target.language}", target.at)
        match target.to:
            case ToMenu(name):
                self.enter_menu(self.rules.menus[name])
            case ToDepartment(name):
                self._enter_department(self.rules.departments[name])
            case ToQueue(name):
                self._enter_queue(self.rules.queues[name], target.at)
            case ToVoicemail(name):
                self.reason(f"voicemail {name}", target.at)
                self.end = self.rules.voicemails[name]
            case ToHangUp():
                self.reason("the call is hung up", target.at)
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
        self.reason(f"menu {menu.name}", menu.at)
        self.end = menu

    def _enter_department(self, department: Department) -> None:
        if self._seen(f"department {department.name}"):
            return
        self._department = department.name
        now = opening(self.rules, department, self.facts.at)
        self._closed = not now.is_open
        if now.is_open:
            self.reason(f"department {department.name} is open: {now.reason}", now.at)
            self._to_site_or_nation(department)
        else:
            self._turn_away(department, now)

    def _turn_away(self, department: Department, now: Opening) -> None:
        closed = department.closed
        self.reason(f"department {department.name} is closed: {now.reason}", now.at)
        self.why_not(
            f"{department.national.to}: {department.name} is closed", department.national.at
        )
        said = now.say or closed.say
        if not self._say or self._say[-1] != said:
            self._say.append(said)
        self.reason(f"the caller hears {said!r}: then {closed.target.to}", closed.at)
        self.go(closed.target)

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
        else:
            self._weigh(department, local, site.title)
            return
        self.go(department.national)

    def _weigh(self, department: Department, local: LocalDepartment, site: str) -> None:
        """Local or national: the day of the migration decides."""
        today = self.facts.at.astimezone(self.rules.timezone).date()
        name, national = department.name, department.national
        if local.migrated is not None and local.migrated <= today:
            at = local.migrated_at
            self.reason(f"{name} in {site} is national since {local.migrated}", at)
            self.why_not(
                f"{local.local.to}: {name} in {site} is national since {local.migrated}",
                local.local.at,
            )
            self.go(national)
            return
        if local.migrated is not None:
            until = f"stays local until {local.migrated}"
            at = local.migrated_at
        else:
            until = "is local, with no day of migration"
            at = local.at
        self.reason(f"{name} in {site} {until}", at)
        self.why_not(f"{national.to}: {name} in {site} {until}", national.at)
        self.go(local.local)

    def _enter_queue(self, queue: Queue, at: Place) -> None:
        if self.facts.signed_in.get(queue.name, 1) > 0:
            self.reason(f"queue {queue.name}", at)
            self.end = queue
        elif not self._seen(f"queue {queue.name}"):
            self.leave_or_wait(queue)

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
