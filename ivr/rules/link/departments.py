"""Departments: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.rules.link.attendance import AttendanceLink
from ivr.rules.link.references import IN_A_DEPARTMENT, References
from ivr.rules.model import Department, Hours
from ivr.rules.parsed import DepartmentWords, RulesFile
from ivr.rules.reading.source import WordPath
from ivr.rules.values import plain


def link_departments(
    parsed: RulesFile, references: References, hours: Mapping[str, Hours]
) -> dict[str, Department]:
    """The departments by name."""
    linking = _Departments(parsed, references, hours)
    return {name: linking.department(name, words) for name, words in parsed.departments.items()}


class _Departments:
    def __init__(
        self, parsed: RulesFile, references: References, hours: Mapping[str, Hours]
    ) -> None:
        self._languages = parsed.languages
        self._references = references
        self._source = references.source
        self._attended = AttendanceLink(references, hours)

    def department(self, name: str, words: DepartmentWords) -> Department:
        path: WordPath = ("departments", name)
        national = self._references.target(words.national, (*path, "national"), IN_A_DEPARTMENT)
        self._references.refer_each("callers", words.first_in_line, (*path, "first_in_line"))
        return Department(
            name=name,
            titles=self._titles(name, words.name or {}, (*path, "name")),
            attended=self._attended.of_department(words, path),
            national=national,
            at=self._source.key(path),
            words=self._references.words(words.words, (*path, "words")),
            first_in_line=tuple(words.first_in_line),
            priority=words.priority,
        )

    def _titles(self, name: str, written: Mapping[str, str], path: WordPath) -> dict[str, str]:
        for language in written:
            if language != plain.EVERY_LANGUAGE:
                self._references.language(language, (*path, language), of_key=True)
        for_all = written.get(plain.EVERY_LANGUAGE) or next(iter(written.values()), name)
        return {language: written.get(language, for_all) for language in self._languages}
