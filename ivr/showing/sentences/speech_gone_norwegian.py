"""Why a caller's speech is not heard any more, in Norwegian (bokmål): the journal has it in English."""

from __future__ import annotations

import re

_WORDS = (
    (r"not understood (\d+) times", r"ikke forstått \1 ganger"),
    (r"no speech worker is there", "ingen talearbeider er der"),
    (r"all speech workers are full", "alle talearbeiderne er fulle"),
    (r"the worker is full", "talearbeideren er full"),
    (r"the worker does not answer", "talearbeideren svarer ikke"),
    (
        r"the worker answers what it was not asked",
        "talearbeideren svarer på noe annet enn det den ble spurt om",
    ),
    (
        r"nothing of the call comes to the worker",
        "ingenting av samtalen kommer fram til talearbeideren",
    ),
    (r"Asterisk does not reach the worker", "Asterisk når ikke talearbeideren"),
    (r"Asterisk closed the socket", "Asterisk brøt forbindelsen"),
    (r"the worker is gone: (.+)", r"talearbeideren er borte: \1"),
    (r"\bit does not answer", "den svarer ikke"),
    (r"\bits shared secret is another one", "hemmeligheten den deler med tjeneren, er en annen"),
    (r"\bit cannot be reached", "den er ikke å nå"),
    (r"\bit closed the connection", "den brøt forbindelsen"),
    (r"no engine hears (\S+)", r"ingen talegjenkjenner forstår språket \1"),
    (r"engine (\S+) is too slow", r"talegjenkjenneren \1 er for treg"),
    (r"engine (\S+) failed", r"talegjenkjenneren \1 sviktet"),
)


def speech_gone(why: str) -> str:
    """The reason; what nobody foresaw, such as an error's code, stays as it was written."""
    for english, norwegian in _WORDS:
        why = re.sub(english, norwegian, why)
    return why
