"""A first centre's settings: all of them as comments, with their defaults."""

from __future__ import annotations

from ivr.settings import Settings

SETTINGS_FILE = "ivr.toml"

_HEAD = """\
# What operations decide; where calls go stands in routing_rules.yaml. Take a `#` out to change a line; the server reads
# this file when it starts. The environment wins over it: IVR_SIP__ADDRESS=192.0.2.10:5060
#
# Everything listens on this machine only until an address here says otherwise. The reference of the settings has some
# more, for an Asterisk that runs elsewhere and for tests.
"""

_SECTIONS = ("sip", "web", "rules", "calls")


def settings_text() -> str:
    """`ivr.toml`: each key that a first centre may want, with what it means and its default, commented out."""
    blocks = [_HEAD]
    defaults = Settings()
    for name in _SECTIONS:
        section = getattr(defaults, name)
        lines = [f"[{name}]"]
        for key, field in type(section).model_fields.items():
            if (value := getattr(section, key)) is not None:
                lines += [f"# {field.description}", f"# {key} = {_toml(value)}"]
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
        case _:
            return f"{value:g}" if isinstance(value, float) else str(value)
