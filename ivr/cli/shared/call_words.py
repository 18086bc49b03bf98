"""What the telephone of text says, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.showing.sentences import Language


@dataclass(frozen=True, slots=True)
class CallWords:
    """In one language. What the rules name stays as they write it."""

    begins: str
    no_number: str
    a_key: str
    digits: str
    scale: str
    or_words: str
    enter_nothing: str
    no_key: str
    agrees: str
    leaves_message: str
    done: str
    hung_up: str
    talked: str
    ended: str
    phone: str
    rings: str
    taken: str
    waits: str
    wait_until: str
    wait_on: str
    leave: str
    nobody: str
    enter: str
    would_ring: str
    then_ring: str
    answers: str


CALL_WORDS: Mapping[Language, CallWords] = {
    "en": CallWords(
        begins="You call {}, {}. Ctrl-D hangs up.",
        no_number="no number",
        a_key="a key",
        digits="{} digits",
        scale="{} to {}",
        or_words=", or words",
        enter_nothing="Enter: nothing",
        no_key="The keys of a telephone are 0 to 9, * and #.",
        agrees="1: it is right, another key: it is not; Enter: nothing",
        leaves_message="You can leave a message in voicemail {}.",
        done="Enter: done",
        hung_up="You hung up.",
        talked="{} answers, and you talk. The call is over.",
        ended="The call is hung up.",
        phone="Phone {}",
        rings="It rings at phone {}, for {} s.",
        taken="Enter: it is taken; w: nobody takes it",
        waits="You wait in queue {}, and hear the music {}.",
        wait_until="wait until {} s have passed ({})",
        wait_on="wait on",
        leave="; {}: leave the queue",
        nobody="Nobody is there to answer.",
        enter="Enter: {}",
        would_ring="{}'s phone would ring{}.",
        then_ring=", then that of {}",
        answers="Enter: {} answers; w: {}",
    ),
    "nb": CallWords(
        begins="Du ringer {}, {}. Ctrl-D legger på.",
        no_number="noe uten nummer",
        a_key="en tast",
        digits="{} sifre",
        scale="{} til {}",
        or_words=", eller ord",
        enter_nothing="Enter: ingenting",
        no_key="Tastene på en telefon er 0 til 9, * og #.",
        agrees="1: det er riktig, en annen tast: det er det ikke; Enter: ingenting",
        leaves_message="Du kan legge igjen en beskjed i svareren {}.",
        done="Enter: ferdig",
        hung_up="Du la på.",
        talked="{} svarer, og dere snakker sammen. Samtalen er slutt.",
        ended="Det legges på.",
        phone="Telefonen {}",
        rings="Det ringer på telefonen {} i {} s.",
        taken="Enter: den blir tatt; w: ingen tar den",
        waits="Du venter i køen {}, og hører musikken {}.",
        wait_until="vent til det har gått {} s ({})",
        wait_on="vent videre",
        leave="; {}: gå ut av køen",
        nobody="Ingen er der til å svare.",
        enter="Enter: {}",
        would_ring="Det ville ringe hos {}{}.",
        then_ring=", deretter hos {}",
        answers="Enter: {} svarer; w: {}",
    ),
}
