"""What can be asked of a running server, and what it answers: records that the commands and the server share."""

from ivr.control.answers import Changed, Overridden, Problem, SeenTo
from ivr.control.author import AUTHOR_HEADER, author_sent, author_told
from ivr.control.phones import (
    AddressLetIn,
    AskPhones,
    LetIn,
    PasswordRenewed,
    PhonesTold,
    PhoneTold,
    Renew,
    StrangeName,
)
from ivr.control.requests import Apply, CallOff, Close, Open, Rollback, SeeTo

__all__ = [
    "AUTHOR_HEADER",
    "AddressLetIn",
    "Apply",
    "AskPhones",
    "CallOff",
    "Changed",
    "Close",
    "LetIn",
    "Open",
    "Overridden",
    "PasswordRenewed",
    "PhoneTold",
    "PhonesTold",
    "Problem",
    "Renew",
    "Rollback",
    "SeeTo",
    "SeenTo",
    "StrangeName",
    "author_sent",
    "author_told",
]
