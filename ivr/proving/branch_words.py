"""The branches of the rules with their words, in one language."""

from __future__ import annotations

from ivr.proving.branch_forms import BRANCH_FORMS
from ivr.proving.marks import Branch, Mark
from ivr.rules.model import Location
from ivr.rules.values.days import KindOfDay
from ivr.showing.sentences import Language
from ivr.showing.sentences.window_words_norwegian import NORWEGIAN


class BranchTeller:
    """Makes branches with their words in one language."""

    def __init__(self, language: Language) -> None:
        self._forms = BRANCH_FORMS[language]
        self._is_norwegian = language == "nb"

    def branch(self, form: str, at: Location, *marks: Mark, **facts: object) -> Branch:
        """The branch at this place, told in this form with these facts."""
        words, advice = self._forms[form]
        return Branch(at, words.format(**facts), advice.format(**facts), marks)

    def words(self, form: str, **facts: object) -> str:
        """What it is, where that is the beginning of something longer."""
        return self._forms[form].words.format(**facts)

    def days(self, days: object) -> str:
        """As the rules write them, with our own word between the first and the last."""
        return str(days).replace(" to ", " til ") if self._is_norwegian else str(days)

    def day_of_month(self, day: KindOfDay) -> str:
        """`first mon`, `første mandag i måneden`."""
        return NORWEGIAN.kind(day) if self._is_norwegian else str(day)

    def department(self, name: str) -> str:
        """By its name."""
        return f"avdelingen {name}" if self._is_norwegian else f"department {name}"

    def who(self, departments: frozenset[str]) -> str:
        """Whom to call, of these departments; none are all."""
        if not departments:
            return "en avdeling" if self._is_norwegian else "a department"
        first = self.department(min(departments))
        return first if self._is_norwegian else f"the {first}"

    def menu(self, name: str) -> str:
        """By its name."""
        return f"menyen {name}" if self._is_norwegian else f"menu {name}"

    def number_of(self, callers: str) -> str:
        """A caller of this list."""
        return f"et nummer på listen {callers}" if self._is_norwegian else f"a number of {callers}"
