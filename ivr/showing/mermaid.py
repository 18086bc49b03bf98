"""The map as a Mermaid flowchart, which wikis and code hosts draw."""

from __future__ import annotations

from ivr.showing.ways_on import Map

_SHAPES = {
    "menu": ("{", "}"),
    "question": ("{{", "}}"),
    "queue": ("[[", "]]"),
    "voicemail": ("[/", "/]"),
    "phone": ("[\\", "\\]"),
    "department": ("[", "]"),
}
_NUMBER = ("([", "])")
_END = ("((", "))")

# What Mermaid reads as its own inside quotes, as its entities.
_ESCAPED = {
    "#": "#35;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "&": "#amp;",
    "`": "#96;",
    "\\": "#92;",
}


def as_mermaid(drawn: Map) -> list[str]:
    """The lines of the flowchart; ways of the bad days are dashed."""
    places = drawn.places()
    ids = {place: f"n{number}" for number, place in enumerate(places)}
    lines = ["flowchart LR"]
    for place in places:
        opening, closing = _shape(place, is_entry=place in drawn.entries)
        note = drawn.notes.get(place)
        text = _label(place) + (f"<br/>{_label(note)}" if note else "")
        lines.append(f'  {ids[place]}{opening}"{text}"{closing}')
    for way in drawn.ways:
        arrow = "-.->" if way.aside else "-->"
        label = f'|"{_label(way.label)}"|' if way.label else ""
        lines.append(f"  {ids[way.start]} {arrow}{label} {ids[way.end]}")
    return lines


def _shape(place: str, *, is_entry: bool) -> tuple[str, str]:
    if is_entry:
        return _NUMBER
    return _SHAPES.get(place.split(" ", maxsplit=1)[0], _END)


def _label(text: str) -> str:
    plain = " ".join(text.split())
    return "".join(_ESCAPED.get(char, char) for char in plain)
