"""What the documents say is what there is: commands, settings, errors, findings, links, examples and words."""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ivr import errors
from ivr.cli import ivr
from ivr.errors import IvrError
from ivr.rules.fault import FaultKind
from ivr.rules.load import read_rules
from ivr.settings import Settings, TrunkSettings, known_keys, load_settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
README = ROOT / "README.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("*/README.md")])

BANNED = {"manager", "handler", "helper", "util", "data", "info", "process", "service"}
NO_NOUNS = {"asked", "given", "known", "older", "shown", "spoken", "told", "when", "written"}
NAMED_BY_OTHERS = {
    "data_received": "asyncio's word for it: a protocol must have it",
    "service_level": "the field's word for the share of callers who were answered in time",
    "manager_conf": "writes manager.conf; the name of the file is Asterisk's",
}

HEADING = re.compile(r"^(#+) +(.*?) *$", re.MULTILINE)
FENCED = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PATH_IN_CODE = re.compile(r"`((?:ivr|tests|sql|docs|prompts)/[A-Za-z0-9_./-]+)`")


def prose(document: Path) -> str:
    return FENCED.sub("", document.read_text("utf-8"))


def anchors(document: Path) -> set[str]:
    """Headings as links name them."""
    headings = (heading for _, heading in HEADING.findall(prose(document)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def sections(document: Path) -> dict[str, str]:
    """The text under each heading, up to the next one."""
    text = document.read_text("utf-8")
    found = list(HEADING.finditer(FENCED.sub(lambda block: "·" * len(block[0]), text)))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return {
        match[2].strip("`"): text[match.end() : end] for match, end in zip(found, ends, strict=True)
    }


def commands(group: click.Group = ivr, path: str = "ivr") -> Iterator[tuple[str, click.Command]]:
    """Every command under its whole name, groups too."""
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def code_block(document: Path, language: str) -> str:
    """The first block of this language."""
    found = re.search(rf"^```{language}\n(.*?)^```", document.read_text("utf-8"), re.M | re.S)
    assert found, f"{document.name} has no block of {language}"
    return found[1]


def test_each_command_and_option_stands_in_the_reference() -> None:
    documented = sections(REFERENCE / "cli.md")

    missing = []
    for name, command in commands():
        text = documented.get(name)
        if text is None:
            missing.append(f"## `{name}`")
            continue
        for parameter in command.params:
            shown = max(parameter.opts, key=len)
            if isinstance(parameter, click.Argument):
                shown = (parameter.metavar or parameter.name or "").upper().strip("[]")
            if not re.search(rf"(?<![\w-]){re.escape(shown)}(?![\w-])", text):
                missing.append(f"{name}: {shown}")

    assert missing == []


def test_the_reference_names_no_option_that_does_not_exist() -> None:
    known = {
        name: {option for parameter in command.params for option in parameter.opts} | {"--help"}
        for name, command in commands()
    }

    strangers = [
        f"{name}: {option}"
        for name, text in sections(REFERENCE / "cli.md").items()
        if name in known
        for usage in re.findall(rf"^    {name} .*$|^\| `--.*? \|", text, re.MULTILINE)
        for option in re.findall(r"--[a-z-]+", usage)
        if option not in known[name]
    ]

    assert strangers == []


def as_written(value: object) -> str:
    """A default as TOML has it, without quotes."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case tuple():
            return json.dumps(value)
        case _:
            return str(value)


def test_each_setting_stands_in_the_reference_with_its_default_and_its_variable() -> None:
    rows = {
        cells[0].strip("`"): [cell.strip("`") for cell in cells[1:3]]
        for line in (REFERENCE / "settings.md").read_text("utf-8").splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split(" | ")]) == 4
    }
    defaults = Settings()

    expected = {}
    for key in known_keys():
        section, _, name = key.partition(".")
        value = getattr(getattr(defaults, section), name)
        expected[key] = [as_written(value), f"IVR_{section}__{name}".upper()]

    assert {key: row for key, row in rows.items() if "." in key} == expected


def test_each_key_of_a_trunk_stands_in_the_reference_with_its_default() -> None:
    text = (REFERENCE / "settings.md").read_text("utf-8").partition("## Trunks")[2]
    rows = {
        cells[0].strip("`"): cells[1]
        for line in text.partition("\n## ")[0].splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split(" | ")]) == 3
    }

    assert list(rows) == ["key", *TrunkSettings.keys()]
    for name, field in TrunkSettings.model_fields.items():
        key = field.alias or name
        if field.is_required():
            assert rows[key] == "–"
        elif field.default not in {None, ()}:
            written = field.default if field.default != ("alaw",) else '["alaw"]'
            assert (key, rows[key]) == (key, f"`{as_written(written)}`")


def own_errors(base: type[IvrError] = IvrError) -> list[type[IvrError]]:
    """The classes of errors.py right below `base`."""
    return [kind for kind in base.__subclasses__() if kind.__module__ == errors.__name__]


def all_errors(base: type[IvrError] = IvrError) -> list[type[IvrError]]:
    return [base, *(deeper for kind in own_errors(base) for deeper in all_errors(kind))]


def parents_by_class() -> dict[str, str]:
    return {kind.__name__: base.__name__ for base in all_errors() for kind in own_errors(base)}


def parents_as_drawn(tree: str) -> dict[str, str]:
    """Each name of a drawn tree with the name above it; a level is four characters deep."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in tree.splitlines():
        name = line.lstrip("│├└─ ")
        depth = (len(line) - len(name)) // 4
        above[depth:] = [name]
        if depth:
            parents[name] = above[depth - 1]
    return parents


def test_the_tree_of_errors_at_the_top_of_errors_py_is_the_tree_of_classes() -> None:
    written = (errors.__doc__ or "").split("\n\n")[1]

    assert parents_as_drawn(written) == parents_by_class()


def test_each_error_has_a_code_of_its_own_and_its_place_in_the_reference() -> None:
    documented = sections(REFERENCE / "errors.md")
    table = (REFERENCE / "errors.md").read_text("utf-8")

    codes = [kind.code for kind in all_errors()]
    missing = [kind.__name__ for kind in all_errors() if kind.code not in documented]
    unlisted = [k.__name__ for k in all_errors() if f"(#{k.code}) | `{k.__name__}` |" not in table]

    assert len(set(codes)) == len(codes)
    assert missing == []
    assert unlisted == []


def test_each_answer_of_the_web_port_that_refuses_stands_in_the_reference() -> None:
    table = sections(REFERENCE / "errors.md")["What the web port answers"]
    documented = set(re.findall(r"^\| [0-9]{3} \| `([a-z-]+)` \|", table, re.MULTILINE))

    said = {
        code
        for source in (ROOT / "ivr/web").glob("*.py")
        for code in re.findall(r'(?:code=|tell\()"([a-z-]+)"', source.read_text("utf-8"))
    }

    assert said == documented


def test_each_finding_has_its_paragraph() -> None:
    documented = (REFERENCE / "findings.md").read_text("utf-8")

    missing = [kind.value for kind in FaultKind if kind.value not in documented]
    strangers = set(re.findall(r"IVR[1-9][0-9]{2}", documented)) - {
        kind.value for kind in FaultKind
    }

    assert missing == []
    assert strangers == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_leads_somewhere(document: Path) -> None:
    broken = []
    for link in LINK.findall(prose(document)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_path_of_the_repository_that_is_named_exists(document: Path) -> None:
    gone = [path for path in PATH_IN_CODE.findall(prose(document)) if not (ROOT / path).exists()]

    assert gone == []


def test_the_rules_in_the_readme_are_right() -> None:
    rules, findings = read_rules(code_block(README, "yaml").encode(), "small.yaml")

    assert rules is not None
    assert findings == ()


def test_explain_prints_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.yaml").write_text(code_block(README, "yaml"), "utf-8")
    monkeypatch.chdir(tmp_path)
    command, _, expected = code_block(README, "console").partition("\n")
    arguments = re.findall(r'"([^"]*)"|(\S+)', command.removeprefix("$ ivr "))

    result = CliRunner().invoke(ivr, [quoted or bare for quoted, bare in arguments])

    assert result.output == expected


def test_the_flow_in_the_readme_is_the_one_that_runs() -> None:
    source = (ROOT / "ivr/flows/menu.py").read_text("utf-8")

    assert source.endswith("\n\n" + code_block(README, "python"))


def test_each_decision_record_has_a_number_a_date_and_the_five_headings() -> None:
    records = sorted((DOCS / "adr").glob("*.md"))

    numbers = [int(record.name[:4]) for record in records]
    shapes = {
        record.name: [heading for _, heading in HEADING.findall(record.read_text("utf-8"))]
        for record in records
    }
    dated = re.compile(r"^Date: \d{4}-\d\d-\d\d$", re.MULTILINE)
    undated = [record.name for record in records if not dated.search(record.read_text("utf-8"))]

    assert numbers == list(range(1, len(records) + 1))
    assert undated == []
    for number, (name, headings) in enumerate(shapes.items(), start=1):
        assert headings[0].startswith(f"{number}. "), name
        assert headings[1:] == ["Status", "Context", "Decision", "Consequences"], name


def names_given(source: Path) -> Iterator[str]:
    """The module's name, and every class and function in it."""
    yield source.parent.name if source.stem == "__init__" else source.stem
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def is_no_noun(module: str) -> bool:
    """Named by a participle or the like: how a thing came to be, and not what it is."""
    return any(word in NO_NOUNS for word in module.split("_")) or module.endswith("ed")


def test_a_module_is_named_by_a_noun() -> None:
    modules = [file.relative_to(ROOT) for file in sorted((ROOT / "ivr").rglob("*.py"))]

    assert [str(one) for one in modules if is_no_noun(one.stem)] == []
    assert all(map(is_no_noun, ("keyed", "when", "rules_written")))


def says_nothing(name: str) -> bool:
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)
    singular = {word.lower().removesuffix("s") for word in words} | {word.lower() for word in words}
    return bool(singular & BANNED) or name.lstrip("_").startswith("do_")


def test_no_name_is_one_of_those_that_say_nothing() -> None:
    generated = ROOT / "ivr/ari/generated"

    found = [
        f"{source.relative_to(ROOT)}: {name}"
        for source in sorted((ROOT / "ivr").rglob("*.py"))
        if generated not in source.parents
        for name in names_given(source)
        if says_nothing(name) and name not in NAMED_BY_OTHERS
    ]

    assert found == [], textwrap.dedent(
        """\
        These names say nothing of what a thing is; docs/glossary.md has the words of the house.
        A word that is another program's own goes to NAMED_BY_OTHERS, with the reason."""
    )


CARRIER = DOCS / "howto/connect-a-carrier.md"
SETTINGS_BLOCK = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", SETTINGS_BLOCK.findall(CARRIER.read_text("utf-8")))
def test_each_trunk_in_the_page_on_carriers_is_read_by_the_settings(
    tmp_path: Path, block: str
) -> None:
    file = tmp_path / "ivr.toml"
    file.write_text(block)

    settings = load_settings(file)

    assert len(settings.trunk) == block.count("[[trunk]]") > 0
    assert set(settings.emergency.trunks) <= {trunk.name for trunk in settings.trunk}


def test_what_the_page_on_carriers_names_exists() -> None:
    named = set(re.findall(r"`([a-z_]+)`(?: =)?", CARRIER.read_text("utf-8")))
    written = set(re.findall(r"`([a-z_]+) = ", CARRIER.read_text("utf-8")))
    values = {"request", "to", "called-party", "national", "fixed", "withheld", "sip_call_id"}

    assert written <= set(TrunkSettings.keys())
    assert {word for word in named if "_" in word} - values <= set(TrunkSettings.keys())
