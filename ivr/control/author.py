"""Who asks a running server for something: told beside the request, as the token is, and not in it.

A page where people log in will know its author better than any request could say; the server asks how somebody was let
in, and never reads a name in what they want.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from ivr.errors import ChangeRefused

AUTHOR_HEADER = "Sentralbord-Author"

LONGEST = 100
"""Characters of a name: it stands in one line of a log and of the history."""


def author_sent(author: str) -> str:
    """The name as a header carries it: UTF-8, percent-encoded. Raises ChangeRefused."""
    return quote(_name(author), safe=" ")


def author_told(header: str | None) -> str:
    """The name that a header carries. Raises ChangeRefused for none, and for what cannot stand in a log."""
    try:
        return _name(unquote(header or "", errors="strict"))
    except UnicodeDecodeError as error:
        message = f"{AUTHOR_HEADER} is not UTF-8, percent-encoded; send it as 'K%C3%A5re'"
        raise ChangeRefused(message) from error


def _name(author: str) -> str:
    name = author.strip()
    if not name:
        message = f"who asks? Say it with --author NAME, or in the header {AUTHOR_HEADER}"
        raise ChangeRefused(message)
    if len(name) > LONGEST or not name.isprintable():
        message = (
            f"an author is a name of at most {LONGEST} characters on one line; it stands so in logs and "
            "in the history"
        )
        raise ChangeRefused(message)
    return name
