"""What goes wrong when a hurried hand edits the shipped rules: one finding each, at its line, with what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.rules.load import read_rules

SHIPPED = (Path(__file__).parents[3] / "routing_rules.yaml").read_text("utf-8")
ANYTHING = "  anything else:   {to: menu main}"
OFFICE = "{mon-fri: 08:00-16:00}"
FAKTURA = "    hours: office\n    national: queue faktura"
CLOSED = "    closed: {say: closed, to: hangup}\n  reklamasjon"
VIP = "\ncallers:\n  vip:\n"
NBSP = "\u00a0"

NORWEGIAN = [
    ("queues:   ", "køer:   ", "did you mean 'queues'?"),
    ("hours:\n  office", "åpent:\n  office", "did you mean 'hours'?"),
    ("hours:\n  office", "åpningstider:\n  office", "did you mean 'hours'?"),
    ("menus:\n", "menyer:\n", "did you mean 'menus'?"),
    ("agents:   ", "medarbeidere:   ", "did you mean 'agents'?"),
    (CLOSED, CLOSED.replace("closed:", "stengt:"), "did you mean 'closed'?"),
    (CLOSED, CLOSED.replace("to:", "til:"), "did you mean 'to'?"),
    ("    national: queue faktura", "    national: kø faktura", "did you mean 'queue faktura'?"),
    (ANYTHING, ANYTHING.replace("menu", "meny"), "did you mean 'menu main'?"),
    ("3: department faktura", "3: avdeling faktura", "did you mean 'department faktura'?"),
    (CLOSED, CLOSED.replace("hangup", "legg på"), "did you mean 'hangup'?"),
    (
        CLOSED,
        CLOSED.replace("hangup", "telefonsvarer faktura"),
        "did you mean 'voicemail faktura'?",
    ),
    ("star: repeat", "stjerne: repeat", "write star"),
    ("star: repeat", "star: gjenta", "did you mean 'repeat'?"),
    ("languages: [nb, en]", "languages: [norsk, en]", "write nb"),
    ("country: Norway", "country: Norge", "known: Norway"),
    ("public: Norway", "public: Norge", "write Norway"),
    ("    tries: 3", "    barge_in: ja", "write true"),
    ("answer: 80% within 20s", "answer: 90 % innen 30 sekunder", "write it as 90% within 30s"),
    ("ring_time: 20s", "ring_time: 20 sekunder", "write 20s"),
]
TIMES = [
    (OFFICE, "{man-fre: 08:00-16:00}", "write mon-fri"),
    (OFFICE, "{mandag-fredag: 08:00-16:00}", "write mon-fri"),
    (OFFICE, "{hverdager: 08:00-16:00}", "write mon-fri"),
    (OFFICE, "{mon–fri: 08:00-16:00}", "write mon-fri"),
    (OFFICE, "{mon-fri: 8-16}", '"08:00-16:00"'),
    (OFFICE, "{mon-fri: 08.00-16.00}", '"08:00-16:00"'),
    (OFFICE, "{mon-fri: kl. 8-16}", '"08:00-16:00"'),
    (OFFICE, "{mon-fri: 0800-1600}", '"08:00-16:00"'),
    (OFFICE, "{mon-fri: 08:00 til 16:00}", '"08:00-16:00"'),
    (OFFICE, "{mon-fri: 08:00–16:00}", "write 08:00-16:00"),
    (OFFICE, "man-fre 8-16", "write {mon-fri: 08:00-16:00}"),
    (OFFICE, "hverdager 07.30-15.30", "write {mon-fri: 07:30-15:30}"),
    ("sat: 10:00-14:00", "lør: 10:00-14:00", "write sat"),
    ("12-24: until 12:00", "12-24: 12:00", "write it as until 12:00"),
    ("12-24: until 12:00", "24.12: until 12:00", "write it as 12-24"),
    ("from: 2027-07-12", "from: 12.07.2027", "write it as 2027-07-12"),
    ("from: 2027-07-12", "from: 12. juli 2027", "write it as 2027-07-12"),
    ("from: 2027-07-12", "from: 12 July 2027", "write it as 2027-07-12"),
    ("ring_time: 20s", "ring_time: 20", "write a unit behind it: 20s for seconds"),
]
PLACES = [
    ("    music: calm", "    hours: office", "to an entry of `departments`"),
    (FAKTURA, f"    answer: 80% within 20s\n{FAKTURA}", "it belongs to an entry of `queues`"),
    (FAKTURA, FAKTURA[1:], "indent it as its neighbours are"),
    (FAKTURA, f"  {FAKTURA}", "indent it as its neighbours are"),
    (FAKTURA, FAKTURA.replace("hours: ", "hours:"), "write a space behind it"),
    (FAKTURA, FAKTURA.replace("hours:", "hours ="), "write ':' instead of '='"),
    (FAKTURA, FAKTURA.replace("    hours", "\thours"), "use spaces"),
    (FAKTURA, FAKTURA.replace("    hours", f"{NBSP * 4}hours"), "use ordinary spaces"),
    ("      - {after: 10m", "      -{after: 10m", "write one"),
    ("2: department henting", "1: department henting", "keep one of the two"),
    (
        "1: department kundeservice",
        "1: department kundeservice, 5: voicemail faktura",
        "begin a new line",
    ),
    ("3: department faktura", "3: department: faktura", "write department faktura without it"),
    ("star: repeat", "*: repeat", "a menu's star key is called star"),
    ("  kundeservice:\n    answer", "  Kundeservice:\n    answer", "write kundeservice"),
]
SIGNS = [
    ("name: National number", 'name: "National number', "close it"),
    ("name: National number", "name: National: number", "stands in quotes"),
    ("name: National number", "name: 'Per's number'", 'use " around a value that holds'),
    ("name: National number", "name: “National number”", 'write " instead, or no quotes'),
    (
        ANYTHING,
        "  anything else:   {to: “menu main”}",
        "write menu main, with straight quotes or none",
    ),
    (FAKTURA, FAKTURA.replace("office", "“office”"), "write office, with straight quotes or none"),
    ("3: department faktura", f"3: department{NBSP}faktura", "with an ordinary space"),
    ("say: [welcome, main.choices]", "say: [welcome, main.choices", "close it"),
    (
        "say: [welcome, main.choices]",
        "say: [welcome main.choices]",
        "write [welcome, main.choices]",
    ),
    (
        "say: [welcome, main.choices]",
        "say: [welcome; main.choices]",
        "write [welcome, main.choices]",
    ),
    ("say: [welcome, main.choices]", "say: welcome, main.choices", "write [welcome, main.choices]"),
    (
        "queues: [kundeservice, faktura]",
        "queues: kundeservice og faktura",
        "write [kundeservice, faktura]",
    ),
    (
        "    name: Bergen\n",
        "    name: Bergen\n    postcodes: 5000 til 5999\n",
        "write it as 5000-5999",
    ),
]
NUMBERS = [
    ("+47 21 00 00 00:", "+4721000000:", 'write "+4721000000"'),
    ("+47 21 00 00 00:", "+47 21 00 00 0:", "has 8 digits behind +47, and this has 7"),
    ("+47 73 80 20 00:", "+47 55 30 10 00:", "keep one of the two"),
    (ANYTHING, f"  +47 51 90 10 00;Stavanger;menu main\n{ANYTHING}", "behind the first cell"),
    (ANYTHING, f"  +47 51 90 10 00\tStavanger\tmenu main\n{ANYTHING}", "behind the first cell"),
    (
        "\nhours:",
        f"{VIP}    +47 55 97 00 00\n    +47 73 86 80 00\nhours:",
        "write a comma between them",
    ),
    (
        "\nhours:",
        f"{VIP}    [+47 55 97 00 00; +47 73 86 80 00]\nhours:",
        "write a comma between them",
    ),
    ("\nhours:", f"{VIP}    - +47 55 97 00 00\tSykehuset\nhours:", "{file: lists/vip.csv}"),
    ("\nhours:", f"{VIP}    - 4,75597E+09\nhours:", "give the column the format Text"),
    ("\nhours:", f"{VIP}    - hemmelig\nhours:", "write withheld"),
]
SLIPS = [*NORWEGIAN, *TIMES, *PLACES, *SIGNS, *NUMBERS]


def lines_changed(find: str, write: str) -> range:
    """The lines of the text that the slip stands on."""
    text = SHIPPED.replace(find, write, 1)
    before = next(
        n for n, pair in enumerate(zip(SHIPPED, text, strict=False)) if pair[0] != pair[1]
    )
    first = text.count("\n", 0, before) + 1
    return range(first, first + write.count("\n") + 2)


@pytest.mark.parametrize(("find", "write", "advice"), SLIPS, ids=lambda text: text.strip()[:40])
def test_a_slip_gets_one_finding_at_its_line_and_what_to_write(
    find: str, write: str, advice: str
) -> None:
    assert find in SHIPPED

    _, faults = read_rules(SHIPPED.replace(find, write, 1).encode(), "rules.yaml")

    assert len(faults) == 1, [str(one) for one in faults]
    (fault,) = faults
    assert fault.location.line in lines_changed(find, write)
    assert advice in (fault.hint or ""), str(fault)


@pytest.mark.parametrize(
    "fault_of", [find_write for find_write in NUMBERS if "vip" in find_write[1]]
)
def test_no_finding_shows_a_callers_number(fault_of: tuple[str, str, str]) -> None:
    find, write, _ = fault_of

    _, faults = read_rules(SHIPPED.replace(find, write, 1).encode(), "rules.yaml")

    told = "".join(map(str, faults)).replace(" ", "")
    assert "5597" not in told
    assert "7386" not in told


def test_letters_in_two_pieces_are_as_good_as_whole_ones() -> None:
    whole = SHIPPED.replace("henting", "håndtering")
    in_pieces = whole.replace("å", "a\u030a", 1)

    assert read_rules(in_pieces.encode(), "rules.yaml")[1] == ()
