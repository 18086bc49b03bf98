"""Calls of a split queue: as agreed to less than a call, and made up after an outage, within bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.queues.split import SplitAccount, give, turn

SITES = ("oslo", "bergen", "partner", "tromso", "bodo", "alta")
AGREED = {"oslo": 50, "bergen": 30, "partner": 20}


def shares() -> st.SearchStrategy[dict[str, int]]:
    parts = st.lists(st.integers(1, 97), min_size=1, max_size=len(SITES))
    return parts.map(lambda found: dict(zip(SITES, found, strict=False)))


def played(account: SplitAccount, ups: list[Collection[str]]) -> tuple[SplitAccount, list[str]]:
    got = []
    for up in ups:
        given_to = give(account, up)
        assert given_to is not None
        got.append(given_to.site)
        account = given_to.account
    return account, got


@given(shares(), st.integers(1, 400))
@settings(max_examples=150)
def test_every_prefix_is_as_agreed_to_less_than_a_call_while_all_are_up(
    agreed: dict[str, int], calls: int
) -> None:
    account, got = SplitAccount.begun(agreed, 20), Counter[str]()
    whole, sites = sum(agreed.values()), len(agreed)

    for number in range(1, calls + 1):
        given_to = give(account, agreed)
        assert given_to is not None
        account, got = given_to.account, got + Counter([given_to.site])
        for site, parts in agreed.items():
            off = abs(number * parts - whole * got[site])
            assert off < whole
            assert sites == 1 or off * (2 * sites - 2) <= whole * (2 * sites - 3)

    assert dict(got) == {site: count for site, count in account.had.items() if count}


@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=3).map(
        lambda p: dict(zip(SITES, p, strict=False))
    )
)
@settings(max_examples=30)
def test_the_row_is_one_of_those_that_brute_force_finds(agreed: dict[str, int]) -> None:
    calls, whole = 7, sum(agreed.values())

    def keeps_to(row: tuple[str, ...]) -> bool:
        return all(
            abs(number * parts - whole * row[:number].count(site)) < whole
            for number in range(1, calls + 1)
            for site, parts in agreed.items()
        )

    good = {row for row in product(agreed, repeat=calls) if keeps_to(row)}
    _, got = played(SplitAccount.begun(agreed, 20), [agreed] * calls)

    assert tuple(got) in good


@given(shares().filter(lambda found: len(found) > 1), st.data())
@settings(max_examples=150)
def test_what_is_owed_adds_up_to_nothing_and_is_bounded_whatever_goes_down(
    agreed: dict[str, int], data: st.DataObject
) -> None:
    most = data.draw(st.integers(0, 5))
    account = SplitAccount.begun(agreed, most)
    held: list[str] = []
    for _ in range(data.draw(st.integers(1, 60))):
        up = data.draw(st.sets(st.sampled_from([*agreed]), min_size=1))
        before = held.pop() if held and held[-1] not in up and data.draw(st.booleans()) else None
        given_to = give(account, up, before)
        assert given_to is not None
        assert given_to.site in up
        account = given_to.account
        held.append(given_to.site)

        assert sum(account.owed.values()) == 0
        assert max(account.owed.values()) <= most * account.whole
        assert account.had == {site: held.count(site) for site in agreed}


@given(shares().filter(lambda found: len(found) > 1), st.integers(1, 60), st.data())
@settings(max_examples=100)
def test_a_shortfall_within_the_bound_is_made_up_to_less_than_two_calls(
    agreed: dict[str, int], outage: int, data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from([*agreed]))
    whole, others = sum(agreed.values()), [site for site in agreed if site != gone]
    account, _ = played(SplitAccount.begun(agreed, outage), [agreed] * 5 + [others] * outage)
    calls = 5 + outage

    while account.owed[gone] >= whole:
        account, _ = played(account, [agreed])
        calls += 1

    off = abs(calls * agreed[gone] - whole * account.had[gone])
    assert off < 2 * whole


def test_an_owed_call_is_made_up_for_each_that_comes_in_turn_and_no_faster() -> None:
    others = ["oslo", "bergen"]
    account, _ = played(SplitAccount.begun(AGREED, 20), [others] * 50)
    assert account.owed_calls("partner") == 10

    account, got = played(account, [AGREED] * 12)

    in_turn = account.in_turn["partner"]
    made_up = got.count("partner") - in_turn
    assert in_turn <= made_up <= in_turn + 1
    assert account.owed_calls("partner") == 10 - made_up * 0.8


def test_no_more_is_made_up_than_the_bound() -> None:
    account, _ = played(SplitAccount.begun(AGREED, 3), [["oslo", "bergen"]] * 500)

    assert account.owed_calls("partner") == 3
    assert account.owed_calls("oslo") + account.owed_calls("bergen") == -3


def test_nothing_is_made_up_where_the_bound_is_none() -> None:
    account, _ = played(SplitAccount.begun(AGREED, 0), [["oslo", "bergen"]] * 50)
    _, got = played(account, [AGREED] * 10)

    assert Counter(got) == {"oslo": 5, "bergen": 3, "partner": 2}


def test_a_call_that_a_site_could_not_take_goes_to_another_and_is_owed() -> None:
    first = give(SplitAccount.begun(AGREED, 20), AGREED)
    assert first is not None
    assert first.site == "oslo"

    moved = give(first.account, ["bergen", "partner"], before="oslo")

    assert moved is not None
    assert moved.because == "others_away"
    assert moved.account.had == {"oslo": 0, moved.site: 1} | dict.fromkeys(
        {"bergen", "partner"} - {moved.site}, 0
    )
    assert moved.account.owed_calls("oslo") == 1
    assert moved.account.owed_calls(moved.site) == -1


def test_nobody_gets_a_call_where_no_site_can_take_any() -> None:
    assert give(SplitAccount.begun(AGREED, 20), []) is None


def test_equals_take_turns_in_the_order_of_the_rules() -> None:
    got: Counter[str] = Counter()
    row = []
    for _ in range(4):
        site = turn({"a": 1, "b": 1}, {"a": got["a"], "b": got["b"]})
        got[site] += 1
        row.append(site)

    assert row == ["a", "b", "a", "b"]
