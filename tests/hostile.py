"""The small plan with hostile text in every cell that takes text, all at once."""

import re
from collections.abc import Sequence
from itertools import cycle

from sheets import Book, Sheet, small

from bdur_xl.tables import INPUT_TABLES, Content

PAYLOADS: dict[str, tuple[str, ...]] = {
    "formula": (
        "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "'=1+1", "{=1+1}", '"&1+1&"', '",1);NOW("',
    ),
    "link": (
        '=HYPERLINK("http://x.invalid","klik")', "http://x.invalid/?q=1", "mailto:x", "file:///etc/passwd",
        "\\\\x.invalid\\share", "internal:Plan!A1", "external:c:\\x.xlsx",
        "=WEBSERVICE(\"http://x.invalid\")", "='[x.xlsx]Blad1'!A1",
    ),
    "dde": (
        "=cmd|'/C calc'!A0", "+cmd|' /C calc'!'A1'", "@SUM(1)*cmd|' /C calc'!A0", 'DDEAUTO c:\\x.exe "/k"',
        '{ DDE cmd "/k calc" }', "=DDE(\"soffice\";\"/etc/passwd\";\"A1\")",
    ),
    "format": (
        "{{ titel }}", "{{ ruimte-exact.2031 }}", "{% for x in y %}", "{0}", "{x.__class__.__mro__}", "{",
        "}}", "%s%n%(a)s", "${x}", "{{7*7}}", "#BDUR:2042", "#BDUR:x", "#REF!",
    ),
    "shell": (
        "$(touch kwaad)", "`touch kwaad`", ";touch kwaad", "|touch kwaad", "&&touch kwaad", "--help",
        "../../kwaad", "/tmp/kwaad", "C:\\kwaad", "CON", "kwaad.docx:ads", "__import__('os').system('x')",
    ),
    "markup": (
        "<b>x</b>&amp;<!--", "]]>", '<w:fldSimple w:instr="DDEAUTO x"/>', '"/><script>', "&#61;1+1", "&xxe;",
        "[red]rood[/red]", "[link=http://x.invalid]x[/link]", "[/]", "&A&P&F", "_x003D_1+1", "_x001B_[31m",
    ),
    "control": (
        "\x1b[31mrood\x1b[0m", "\x1b]8;;http://x.invalid\x07x\x1b]8;;\x07", "\x07\x08\x00\x7f",
        "\x9b31m\x9d0;x\x9c",
        "\u202excod.exe", "\u2066x\u2069", "\u200f\u061cx", "\ufdd0L1.2031\ufdd1x\ufdd2", "\ufffe\uffff",
        "a\u2028b\u2029c", "a\rb\nc\vd",
    ),
}  # fmt: skip
"""What does harm in some program, by kind."""

CODES = {
    "plan": ("L1", "L2", "L3", "L4"),
    "capacity": ("K1", "K2"),
    "goals": ("R1", "R2", "W", "w1", "w2"),
    "areas": ("A1", "A2"),
}
"""What rows are called and named by, per table."""

CHOSEN = {
    ("plan", "blok"), ("links", "dekking"), ("control_totals", "tabel"), ("control_totals", "kolom"),
    ("scenarios", "overdracht"), ("goals", "soort"),
}  # fmt: skip
"""Columns, by table and name, that take a word from a list and nothing else, or decide what a row is."""

REFERRING = {
    ("capacity", "tabel2_regels"), ("goals", "valt_onder"), ("areas", "rcdv_doel_afgeleid"), ("areas", "rbp"),
    ("links", "regel_id"), ("links", "aandacht_id"), ("intake", "regel_id"), ("actuals", "regel_id"),
    ("ledger_map", "regel_id"), ("scenarios", "extra_regel"),
}  # fmt: skip
"""Columns that name rows of other tables."""


def hostile(payloads: Sequence[str]) -> tuple[Book, set[tuple[str, str]]]:
    """Return the plan, with the columns that hold hostile text; every text is another one."""
    turn = cycle(payloads)
    book, filled = _wide(), set()
    names = {code: f"{_word(next(turn))}{code}" for codes in CODES.values() for code in codes}
    for key, sheet in book.items():
        columns = [INPUT_TABLES[key].column(str(heading)) for heading in sheet[0]]
        for number, row in enumerate(sheet[1:]):
            for position, column in enumerate(columns):
                place = (key, column.name if column else "")
                figure = INPUT_TABLES[key].figure
                if figure and figure(str(sheet[0][position])):
                    continue
                if column and (place in REFERRING or (position == 0 and key in CODES)):
                    row[position] = " ".join(
                        names.get(word, word) for word in str(row[position] or "").split()
                    )
                    filled.add(place)
                elif _is_free(key, column.name if column else "", column.content if column else None, row):
                    begin = f"{row[position]} " if place == ("goals", "kader") else ""  # tells what a row is
                    row[position] = f"{begin}{next(turn)} {key}{number}{position}"
                    filled.add(place)
    return book, filled


def _is_free(key: str, name: str, content: Content | None, row: Sequence[object]) -> bool:
    """Tell whether staff may type whatever they like there."""
    if (key, name) in CHOSEN or content not in (None, Content.TEXT, Content.ANY):
        return False
    if key == "premises" and name in ("uitgangspunt", "waarde"):
        return row[1] == "tekst" and name == "waarde"
    return not (key == "scenarios" and row[0] == "basis" and name == "naam")


def _word(payload: str) -> str:
    """Return a payload as it can stand in a code, which a space or a comma would part in two."""
    word = re.sub(r"[\s,]", "", payload)
    return f"c{word}" if word.startswith("-") else word


def _wide() -> Book:
    """Return the small plan with every column that takes text, and a row in every table."""
    book = small()
    for key, sheet in book.items():
        present = {INPUT_TABLES[key].column(str(heading)) for heading in sheet[0]}
        for column in INPUT_TABLES[key].columns:
            if column not in present and column.content in (Content.TEXT, Content.ANY):
                sheet[0].append(column.heading)
                for row in sheet[1:]:
                    row.append(None)
        if key != "budget" and INPUT_TABLES[key].figure is None:
            sheet[0].append("eigen kolom")
            for row in sheet[1:]:
                row.append(None)
    for row, goal in zip(book["areas"][1:], ("R1", "R1"), strict=True):
        row[2] = goal
    texts = ("regio", "aan", "betreft", "status", "indexering", "overdracht saldo")
    premises: Sheet = [["uitgangspunt", "waarde", "eenheid", "grondslag", "eigen kolom"]]
    premises += [
        [name, value, None, None, None]
        for name, value in (
            *((name, "tekst") for name in texts), ("regio kort", "tekst"), ("normbedrag fte", 60_000),
            ("ongesplitst als", "structureel"), ("instroommaand", "april 2031"),
        )
    ]  # fmt: skip
    book["premises"] = premises
    book["explanations"].append([None] * len(book["explanations"][0]))
    book["actuals"].append(["L1", 2031, 40_000, "30-6-2031", None, None])
    book["ledger_map"].append([None, None, "L2", None, None])
    book["scenarios"][2][8:13] = ["L2", 2032, 2032, 1, 5_000]
    return book


EVERYTHING = tuple(payload for payloads in PAYLOADS.values() for payload in payloads)
