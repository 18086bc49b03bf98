"""What a prompt says, as text: the words of the script, for the site and in the language of the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PromptWords = Mapping[tuple[str, str], str]
"""The words by prompt and language."""


def words_of(
    script: PromptWords, prompt: str, language: str, site: str | None, languages: Sequence[str]
) -> str | None:
    """As the voice would choose: the site's own prompt first, then in another language of the rules; None: no words."""
    names = [f"{prompt}.{site}", prompt] if site is not None else [prompt]
    for spoken in (language, *(other for other in languages if other != language)):
        for name in names:
            if (name, spoken) in script:
                return " ".join(script[name, spoken].split())
    return None
