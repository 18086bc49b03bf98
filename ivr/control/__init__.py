"""What can be asked of a running server, and what it answers: records that the commands and the server share."""

from ivr.control.answers import (
    CallTried,
    Changed,
    HostTried,
    Overridden,
    Problem,
    SeenTo,
    TrunkTried,
)
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
from ivr.control.requests import Apply, CallOff, Close, Open, Rollback, SeeTo, TryTrunk

__all__ = [
    "AUTHOR_HEADER",
    "AddressLetIn",
    "Apply",
    "AskPhones",
    "CallOff",
    "CallTried",
    "Changed",
    "Close",
    "HostTried",
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
    "TrunkTried",
    "TryTrunk",
    "author_sent",
    "author_told",
]
