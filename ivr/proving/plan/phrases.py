"""What plans say, in English and in Norwegian (bokmål). Names, and destinations as the rules write them, stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.showing.sentences import Language
from ivr.showing.sentences.notation_norwegian import LANGUAGES
from ivr.showing.sentences.window_words import Phrases
from ivr.showing.sentences.window_words_english import ENGLISH
from ivr.showing.sentences.window_words_norwegian import NORWEGIAN


def _site_of_split(shares: str) -> str:
    """What `Outcome.shares` says beside the shares, in Norwegian; `catch_up` is the rules' own word."""
    bounded = re.sub(r"at most (\d+) calls", r"høyst \1 samtaler", shares)
    caught_up = re.sub(r"catch_up (\S+) calls", r"catch_up \1 samtaler", bounded)
    return caught_up.replace("catch_up never", "catch_up aldri").replace("(phone ", "(telefonen ")


@dataclass(frozen=True, slots=True)
class PlanPhrases:
    """Of one language; `shares` are per cent that have a name."""

    time: Phrases
    all_numbers: str
    other_number: str
    some_numbers: str
    one_key: str
    some_keys: str
    key_names: Mapping[str, str]
    no_key: str
    wrong_key: str
    saying: str
    whatever: str
    either: str
    both: str
    postcodes: str
    many_postcodes: str
    answering: str
    no_answer: str
    wrong_answer: str
    on_no_list: str
    not_on_list: str
    on_list: str
    new_on_list: str
    gone_from_list: str
    shares: Mapping[int, str]
    share: str
    nobody_anywhere: str
    signed_in: str
    waiting: str
    after_waiting: str
    pressing: str
    calling_again: str
    own_queue: str
    instead: str
    also_hears: str
    no_longer_hears: str
    languages: Mapping[str, str]
    speaks: str
    site: str
    unknown_site: str
    rings: str
    rings_otherwise: str
    newly_asked: str
    no_longer_asked: str
    asked_otherwise: str
    shares_changed: str
    account_anew: str
    site_of_split: Callable[[str], str]
    not_split: str
    one_call: str
    calls: str
    no_call: str
    made_up: str
    from_file: str
    of_days: str
    in_force: str
    tried: str
    would_change: str
    none_would: str
    lines_more: str
    left_out: str
    one_broken: str
    broken: str
    revision: str


PHRASES: Mapping[Language, PlanPhrases] = {
    "en": PlanPhrases(
        time=ENGLISH,
        all_numbers="all numbers",
        other_number="any other number",
        some_numbers="{} of {} numbers, from {} to {}",
        one_key="key {}",
        some_keys="keys {}",
        key_names={"*": "star", "#": "hash", ",": "(pause)", "D": "(a wrong key)"},
        no_key="no key",
        wrong_key="a wrong key",
        saying="saying {}",
        whatever="whatever they key",
        either=" or ",
        both=" and ",
        postcodes="postcodes {}",
        many_postcodes="{} postcodes {}",
        answering="answering {}",
        no_answer="no answer",
        wrong_answer="a wrong answer",
        on_no_list="callers on no list",
        not_on_list="callers who are not of {}",
        on_list="callers of {}",
        new_on_list="callers new in {}",
        gone_from_list="callers no longer in {}",
        shares={
            10: "one caller in ten",
            20: "one caller in five",
            25: "one caller in four",
            50: "half of the callers",
            75: "three callers in four",
        },
        share="{}% of the callers",
        nobody_anywhere="nobody signed in anywhere",
        signed_in="{} signed in to queue {}",
        waiting="{} waiting in queue {}",
        after_waiting="after waiting {}",
        pressing="pressing {} while waiting",
        calling_again="calling again {} after hanging up in queue {}",
        own_queue="the site's own queue",
        instead="hears {} instead of {}",
        also_hears="also hears {}",
        no_longer_hears="no longer hears {}",
        languages={},
        speaks="in {1} instead of {0}",
        site="site {} → site {}",
        unknown_site="not known",
        rings="{} rings, and {} no longer",
        rings_otherwise="{} is called otherwise: what it sees, or the key that takes the call",
        newly_asked="asked survey {} after the talk",
        no_longer_asked="no longer asked survey {} after the talk",
        asked_otherwise="asked survey {} after the talk instead of {}",
        shares_changed="split: {} instead of {}",
        account_anew=" (the account begins anew)",
        site_of_split=str,
        not_split="not split",
        one_call="1 call",
        calls="{} calls",
        no_call="no call meets other rules than before: 0 calls",
        made_up="made up for all time from {} on",
        from_file="from {}",
        of_days="of {} to {}",
        in_force="the rules in force",
        tried="{} {}, against {}: {}",
        would_change="{} would change",
        none_would="none would change",
        lines_more="… and {} more: --all prints them",
        left_out="numbers that were not called, for too many differ from one another: {}",
        one_broken="1 line was no call, and passed over",
        broken="{} lines were no calls, and passed over",
        revision="{} is revision {}",
    ),
    "nb": PlanPhrases(
        time=NORWEGIAN,
        all_numbers="alle numre",
        other_number="ethvert annet nummer",
        some_numbers="{} av {} numre, fra {} til {}",
        one_key="tast {}",
        some_keys="tastene {}",
        key_names={"*": "stjerne", "#": "firkant", ",": "(pause)", "D": "(feil tast)"},
        no_key="ingen tast",
        wrong_key="feil tast",
        saying="sier {}",
        whatever="hva de enn taster",
        either=" eller ",
        both=" og ",
        postcodes="postnumrene {}",
        many_postcodes="{} postnumre {}",
        answering="svar på {}",
        no_answer="ikke svar",
        wrong_answer="feil svar",
        on_no_list="innringere på ingen liste",
        not_on_list="innringere som ikke er på {}",
        on_list="innringere på {}",
        new_on_list="innringere som er nye på {}",
        gone_from_list="innringere som ikke lenger er på {}",
        shares={
            10: "én av ti innringere",
            20: "én av fem innringere",
            25: "én av fire innringere",
            50: "halvparten av innringerne",
            75: "tre av fire innringere",
        },
        share="{} % av innringerne",
        nobody_anywhere="ingen innlogget noe sted",
        signed_in="{} innlogget i kø {}",
        waiting="{} venter i kø {}",
        after_waiting="etter {} venting",
        pressing="med {} tastet i køen",
        calling_again="på nytt {} etter å ha lagt på i kø {}",
        own_queue="stedets egen kø",
        instead="hører {} i stedet for {}",
        also_hears="hører også {}",
        no_longer_hears="hører ikke lenger {}",
        languages=LANGUAGES,
        speaks="på {1} i stedet for {0}",
        site="sted {} → sted {}",
        unknown_site="ikke kjent",
        rings="{} ringer, og {} ikke lenger",
        rings_otherwise="{} blir ringt på en annen måte: hva den ser, eller tasten som tar samtalen",
        newly_asked="får undersøkelsen {} etter samtalen",
        no_longer_asked="får ikke lenger undersøkelsen {} etter samtalen",
        asked_otherwise="får undersøkelsen {} etter samtalen i stedet for {}",
        shares_changed="delt: {} i stedet for {}",
        account_anew=" (regnskapet begynner på nytt)",
        site_of_split=_site_of_split,
        not_split="ikke delt",
        one_call="1 samtale",
        calls="{} samtaler",
        no_call="ingen samtale møter andre regler enn før: 0 samtaler",
        made_up="funnet på for all tid fra {}",
        from_file="fra {}",
        of_days="fra {} til {}",
        in_force="reglene som gjelder",
        tried="{} {}, mot {}: {}",
        would_change="{} ville endre seg",
        none_would="ingen ville endre seg",
        lines_more="… og {} til: --all skriver dem",
        left_out="numre som ikke ble ringt, fordi for mange er ulike: {}",
        one_broken="1 linje var ingen samtale, og ble hoppet over",
        broken="{} linjer var ingen samtaler, og ble hoppet over",
        revision="{} er utgave {}",
    ),
}
