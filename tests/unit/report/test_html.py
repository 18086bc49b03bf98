"""One file, well formed, with nothing from outside, for readers and for those who are read to."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from ivr.report.html import html_page
from ivr.report.pages import page_of
from ivr.showing.sentences import Language
from tests.unit.report.gathered import gathered

_ALONE = {"meta"}


class _Reader(HTMLParser):
    """Notes what is open and what was met."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.named: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.named += [value or "" for name, value in attrs if name == "aria-labelledby"]
        if tag not in _ALONE:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("is_empty", [False, True])
def test_it_is_well_formed_and_says_its_language(language: Language, *, is_empty: bool) -> None:
    text = html_page(page_of(gathered(is_empty=is_empty), language))

    reader = read(text)
    assert f'<html lang="{language}">' in text
    assert reader.tags.count("h1") == 1
    assert len(reader.ids) == len(set(reader.ids))
    assert set(reader.named) <= set(reader.ids)


def test_nothing_is_loaded_from_outside_and_nothing_runs() -> None:
    text = html_page(page_of(gathered(), "en"))

    reader = read(text)
    assert not {"script", "link", "img", "iframe", "object", "embed"} & set(reader.tags)
    assert not {"src", "href", "srcset", "xlink:href", "onclick"} & reader.attributes
    assert re.findall(r"url\((?!#)", text) == []
    assert "@import" not in text


def test_each_plot_has_a_name_and_a_table_with_the_same_figures() -> None:
    text = html_page(page_of(gathered(), "en"))

    assert text.count('role="img"') == 2
    assert text.count("<details>") == 2
    assert '<th scope="row" class="word">Friday</th><td class="">0</td><td class="">48</td>' in text


def test_names_of_admins_are_text() -> None:
    text = html_page(page_of(gathered(), "en"))

    assert "<b>vest</b>" not in text
    assert "&lt;b&gt;vest&lt;/b&gt;" in text
