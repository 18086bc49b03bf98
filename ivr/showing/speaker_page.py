"""The page that whoever records reads from: every prompt with its words, large, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from ivr.showing.reading_time import longest_seconds
from ivr.showing.sentences import Language


@dataclass(frozen=True, slots=True)
class SpeakerLine:
    """One thing to read. `words` None: nobody has written what it says. `when` is the script's own note, if any."""

    prompt: str
    language: str
    words: str | None
    heard: str
    when: str
    made: str

    @property
    def seconds(self) -> int | None:
        """The longest that the recording may be."""
        return longest_seconds(self.words) if self.words else None


_TEXT: dict[Language, dict[str, str]] = {
    "nb": {
        "title": "Talemeldinger",
        "intro": (
            "Les hver melding i et stille rom, en håndsbredd fra mikrofonen. Smil, og la det være stille "
            "et halvt sekund før og etter. Én fil for hver melding; kall den det som står i grått."
        ),
        "nb": "På norsk",
        "en": "På engelsk",
        "heard": "Høres",
        "longest": "Høyst",
        "s": "s",
        "no words": "Ordene mangler: skriv dem i prompts/script.yaml.",
        "recorded": "lest inn",
        "stand-in": "leses av en maskin",
        "missing": "mangler",
        "unplayable": "kan ikke spilles",
    },
    "en": {
        "title": "Prompts to record",
        "intro": (
            "Read each prompt in a quiet room, a hand's breadth from the microphone. Smile, and leave "
            "half a second of quiet before and after. One file for each prompt; name it as is printed in grey."
        ),
        "nb": "In Norwegian",
        "en": "In English",
        "heard": "Heard",
        "longest": "At most",
        "s": "s",
        "no words": "The words are missing: write them in prompts/script.yaml.",
        "recorded": "recorded",
        "stand-in": "read by a machine",
        "missing": "missing",
        "unplayable": "cannot be played",
    },
}

_STYLE = """
body { font: 16px/1.45 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
h1 { margin-bottom: .2rem; } h2 { margin-top: 2.2rem; border-bottom: 2px solid #1a1a1a; }
article { break-inside: avoid; border-bottom: 1px solid #ccc; padding: .7rem 0 .7rem 2rem; position: relative; }
article::before { content: ""; position: absolute; left: 0; top: 1rem; width: 1rem; height: 1rem;
  border: 1.5px solid #1a1a1a; }
p { margin: .15rem 0; } .words { font-size: 1.35rem; } .note { color: #595959; font-size: .85rem; }
code { color: #595959; }
@media print { body { margin: 0; max-width: none; font-size: 12pt; } @page { margin: 18mm; } }
"""


def speaker_page(lines: Sequence[SpeakerLine], language: Language) -> str:
    """One file that needs no other, for a screen or paper. `language` is that of what stands around the words."""
    text = _TEXT[language]
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(text["title"])}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(text["title"])}</h1>
<p>{escape(text["intro"])}</p>
{"".join(_parts(lines, text))}</body>
</html>
"""


def _parts(lines: Sequence[SpeakerLine], text: dict[str, str]) -> Iterator[str]:
    for spoken, those in groupby(lines, key=lambda line: line.language):
        yield f"<h2>{escape(text.get(spoken, spoken))}</h2>\n"
        for line in those:
            yield _article(line, text)


def _article(line: SpeakerLine, text: dict[str, str]) -> str:
    words = escape(line.words) if line.words else f"<em>{escape(text['no words'])}</em>"
    notes = [f"<code>{escape(line.prompt)}</code>", escape(text[line.made])]
    if line.heard:
        notes.append(f"{escape(text['heard'])} {escape(line.heard)}")
    if line.seconds is not None:
        notes.append(f"{escape(text['longest'])} {line.seconds} {text['s']}")
    when = f'<p class="note">{escape(line.when)}</p>' if line.when else ""
    return (
        f'<article lang="{escape(line.language)}"><p class="words">{words}</p>'
        f'<p class="note">{" · ".join(notes)}</p>{when}</article>\n'
    )
