"""A decision while it is made: where the call stands so far, and what led there."""

from __future__ import annotations

from dataclasses import replace

from ivr.rules.decide.sites import FoundSite
from ivr.rules.decision import Decision, Facts, GivenSite, Override, Standpoint, Step
from ivr.rules.model import Location, Menu, Notice, Question, Queue, RuleSet, Target, ToHangUp
from ivr.why import (
    Because,
    ByHand,
    CameTo,
    Greeted,
    GreetedBefore,
    LeadsBack,
    NoticeHeard,
    NoticeHeardBefore,
    PlaceGone,
    QuestionAsked,
    StoryFinished,
)

APOLOGY = "sorry"
_AT_FIRST = Step(StoryFinished(), None)


class Journey:
    """`facts` and `end` are as they stand so far, `department` and `closed` those of the last department passed.

    Each step leaves its reason, and each alternative that was passed over its why-not.
    """

    def __init__(self, rules: RuleSet, facts: Facts) -> None:
        self.rules = rules
        self.facts = facts
        self.end: Standpoint = ToHangUp()
        self.department: str | None = None
        self.closed = False
        self.refused = False
        self.given_site: GivenSite | None = None
        self._steps: list[Step] = []
        self._decided_by = _AT_FIRST  # every turn has a step that decides, and takes its place
        self._say: list[str] = []
        self._blocked: list[str] = []
        self._passed: set[str] = set()

    def decision(self) -> Decision:
        return Decision(
            then=self.end,
            say=tuple(self._say),
            steps=tuple(self._steps),
            decided_by=self._decided_by,
            facts=self.facts,
            department=self.department,
            closed=self.closed,
            blocked=tuple(self._blocked),
            refused=self.refused,
            given_site=self.given_site,
        )

    def reason(self, because: Because, at: Location | None) -> None:
        """A step that decides."""
        step = Step(because, at)
        self._steps.append(step)
        unsaid = because.unsaid()
        self._decided_by = step if unsaid is because else Step(unsaid, at)

    def mention(self, because: Because, at: Location | None) -> None:
        """A step that decides nothing: where the call arrives, or what happens to it on the way."""
        self._steps.append(Step(because, at))

    def why_not(self, because: Because, at: Location | None) -> None:
        self._steps.append(Step(because, at, taken=False))

    def say(self, prompt: str) -> None:
        """Play this before the call goes on; what was said just before is not said again."""
        if not self._say or self._say[-1] != prompt:
            self._say.append(prompt)

    def take_site(self, found: FoundSite) -> None:
        """The site of the call is known now."""
        self.facts = replace(self.facts, site=found.site)
        self.mention(found.because, found.at)

    def enter_menu(self, menu: Menu) -> None:
        """The caller is in this menu now."""
        visited = self.facts.menus
        # Coming to a menu again is going back to it: the trail stays as short as the way from the
        # first menu.
        before = visited[: visited.index(menu.name)] if menu.name in visited else visited
        self.facts = replace(self.facts, menus=(*before, menu.name))
        self.mention(CameTo(f"menu {menu.name}"), menu.at)
        if menu.greeting:
            self._greet(menu)
        self.end = menu

    def _greet(self, menu: Menu) -> None:
        """Once a call: who comes back to a menu knows where they are."""
        greeted = self.facts.greeted
        if menu.name in greeted:
            self.why_not(GreetedBefore(menu.name, menu.greeting), menu.at)
            return
        self.facts = replace(self.facts, greeted=(*greeted, menu.name))
        self.mention(Greeted(menu.name, menu.greeting), menu.at)
        for prompt in menu.greeting:
            self.say(prompt)

    def give_notice(self, notice: Notice) -> None:
        """Once a call: whoever comes to a site anew, or to another with the same news, has heard it."""
        noticed = self.facts.noticed
        if all(prompt in noticed for prompt in notice.say):
            self.why_not(NoticeHeardBefore(notice.say), notice.at)
            return
        said = tuple(dict.fromkeys((*noticed, *notice.say)))
        self.facts = replace(self.facts, noticed=said)
        self.mention(NoticeHeard(notice.say, notice.end), notice.at)
        for prompt in notice.say:
            self.say(prompt)

    def ask(self, question: Question, department: str | None = None) -> None:
        """Ask, and go on to `department` (None: to where the question leads) when that is done."""
        asked = tuple(dict.fromkeys((*self.facts.asked, question.name)))
        self.facts = replace(self.facts, asked=asked, on_the_way_to=department)
        self.mention(QuestionAsked(question.name), question.at)
        self.end = question

    def by_hand(self, override: Override) -> ByHand:
        """What was closed by hand, as a reason has it: times as the clock shows where the rules belong."""
        zone = self.rules.timezone
        since = override.since.astimezone(zone) if override.since else None
        return ByHand(override.until.astimezone(zone), since, override.by, override.why)

    def comes_again(self, place: str) -> bool:
        """Whether this decision has passed here before; then the call ends.

        `ivr check` refuses rules in which that could happen.
        """
        if place not in self._passed:
            self._passed.add(place)
            return False
        self.reason(LeadsBack(place), None)
        self.hang_up(APOLOGY)
        return True

    def turned_away(self, queue: Queue, elsewhere: Target | None) -> Target | None:
        """The queue does not take the call, unless there is nowhere else to go: then it waits there all the same."""
        if elsewhere is not None and queue.name not in self._blocked:
            self._blocked.append(queue.name)
        return elsewhere

    def gone(self, kind: str, name: str) -> None:
        """The call is at a place that these rules do not have."""
        self.reason(PlaceGone(f"{kind} {name}"), None)
        self.hang_up(APOLOGY)

    def hang_up(self, say: str | None = None) -> None:
        """The call ends here."""
        if say is not None:
            self._say.append(say)
        self.end = ToHangUp()
