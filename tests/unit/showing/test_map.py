from __future__ import annotations

import re

from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet, ToRepeat
from ivr.showing.mermaid import as_mermaid
from ivr.showing.tree import as_tree
from ivr.showing.ways_on import Map, WayOn, draw_map
from tests.unit.targets import targets_in


def test_every_destination_that_the_rules_name_is_on_the_map(all_words: RuleSet) -> None:
    drawn = draw_map(all_words)

    named = [str(t.to) for t in targets_in(all_words) if not isinstance(t.to, ToRepeat)]
    ends = [way.end for way in drawn.ways if way.start != way.end]

    assert {*named} <= {*ends} | {way.end for way in drawn.ways}
    assert len(drawn.ways) >= len(named)


def test_the_tree_tells_each_place_once(all_words: RuleSet) -> None:
    assert as_tree(draw_map(all_words)) == [
        '+47 55 30 10 00 (Say "hi" <b> & #1, bergen)',
        "└─ menu main",
        "   ├─ key 1 → department faktura (open: office)",
        "   │  ├╌ site not known: asks ⇢ question postnummer",
        "   │  │  └─ department faktura (above)",
        "   │  ├─ bergen, from 2027-02-01 25% fewer each week → queue bergen (1 agent)",
        "   │  │  ├╌ after 1h ⇢ queue main (2 agents)",
        "   │  │  │  ├╌ after 1m offers ⇢ callback",
        "   │  │  │  ├╌ after 2m also rings ⇢ queue bergen (above)",
        "   │  │  │  ├╌ after 10m ⇢ voicemail box",
        "   │  │  │  ├╌ nobody logged in ⇢ voicemail box",
        "   │  │  │  ├╌ full (25 waiting) ⇢ voicemail full",
        "   │  │  │  └╌ closing time ⇢ voicemail box",
        "   │  │  └╌ nobody logged in ⇢ queue main (above)",
        "   │  ├─ national → queue main (above)",
        "   │  └╌ closed ⇢ voicemail box",
        "   ├─ key 2, in en → menu main (above)",
        "   ├─ key 3 → menu second",
        "   │  ├─ key 1 → back",
        "   │  ├─ key 2 → hangup",
        "   │  └╌ nothing chosen ⇢ queue main (above)",
        "   ├─ key star → menu main (above)",
        "   └╌ nothing chosen ⇢ phone vakt",
        "      └╌ no answer ⇢ queue main (above)",
        "02222",
        "└─ queue rest (1 agent)",
        "   └╌ after 90s ⇢ hangup",
        "anything else",
        "└─ question postnummer (above)",
    ]


def test_what_no_number_leads_to_stands_at_the_end() -> None:
    drawn = Map(("1",), (WayOn("1", "queue a"), WayOn("menu x", "queue b")), {})

    assert as_tree(drawn)[2:] == ["", "no number leads here:", "menu x", "└─ queue b"]


def test_ten_thousand_menus_in_a_row_are_drawn() -> None:
    ways = tuple(WayOn(f"menu m{n}", f"menu m{n + 1}") for n in range(10_000))

    lines = as_tree(Map(("menu m0",), ways, {}))

    assert len(lines) == 10_001


def test_the_flowchart_has_each_place_and_way_and_its_labels_are_escaped(
    all_words: RuleSet,
) -> None:
    drawn = draw_map(all_words)
    lines = as_mermaid(drawn)

    assert lines[0] == "flowchart LR"
    assert lines[1] == (
        '  n0(["+47 55 30 10 00<br/>Say #quot;hi#quot; #lt;b#gt; #amp; #35;1, bergen"])'
    )
    assert len(lines) == 1 + len(drawn.places()) + len(drawn.ways)
    node = r'  n\d+[\[({/\\]+"[^"]*"[\])}/\\]+'
    way = r'  n\d+ (-->|-\.->)(\|"[^"]*"\|)? n\d+'
    assert [line for line in lines[1:] if not re.fullmatch(f"{node}|{way}", line)] == []


def test_the_ways_of_bad_days_are_dashed(all_words: RuleSet) -> None:
    drawn = draw_map(all_words)

    aside = {re.sub(r"[ :(].*", "", way.label) for way in drawn.ways if way.aside}

    assert aside == {"nothing", "site", "closed", "after", "nobody", "full", "closing", "no"}


def test_the_map_is_always_the_same(all_words: RuleSet) -> None:
    assert draw_map(all_words) == draw_map(all_words)


def test_lists_of_callers_begin_ways_of_their_own() -> None:
    text = (
        "version: 1\nnumbers: {anything else: queue main}\n"
        "callers: {vip: {numbers: 55970000, to: queue main}, robots: {numbers: 98765432, to: refuse}}\n"
        "queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}\n"
    )
    rules, _ = load_rules(text.encode(), "rules.yaml")

    assert as_tree(draw_map(rules))[-4:] == [
        "callers vip",
        "└─ queue main (above)",
        "callers robots",
        "└─ refuse",
    ]
