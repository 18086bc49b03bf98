"""A first centre's settings: all of them as comments, with their defaults."""

from __future__ import annotations

from ivr.settings import Settings

SETTINGS_FILE = "ivr.toml"

_HEAD = """\
# What operations decide; where calls go stands in routing_rules.yaml. Take a `#` out to change a line; the server reads
# this file when it starts. The environment wins over it: IVR_SIP__ADDRESS=192.0.2.10:5060
#
# Everything listens on this machine only until an address here says otherwise. A key with nothing behind its `=` has
# no value until you write one. The reference of the settings says more, and has carriers' lines (`[[trunk]]`).
"""

_BEGUN = ("sip", "web", "rules", "calls")
"""Sections that every centre has; the others' heads are remarks too, so that an example of a guide may be put below."""

_ELSEWHERE = frozenset({"trunk", "test"})
"""Sections that have no defaults to show, and those that no centre wants."""


def settings_text() -> str:
    """`ivr.toml`: each key that a centre may want, with what it means and its default, commented out."""
    blocks = [_HEAD]
    defaults = Settings()
    for name in Settings.model_fields:
        if name in _ELSEWHERE:
            continue
        section = getattr(defaults, name)
        lines = [f"[{name}]" if name in _BEGUN else f"# [{name}]"]
        for key, field in type(section).model_fields.items():
            value = getattr(section, key)
            written = f"{key} =" if value is None else f"{key} = {_toml(value)}"
            lines += [f"# {field.description}", f"# {written}"]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return "{}"
        case _:
            return f"{value:g}" if isinstance(value, float) else str(value)
