"""The work: a plan of N lines. 20 is the memo's own plan; a larger one is that plan many times over.

A book maps a table's key to its rows, headings first, numbers as floats and blanks as None.
"""

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from bdur_xl.tables import INPUT_TABLES, heading_key

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "workbook" / "plan"
CHANGED = "2024 s"
"""The column of the amount that changes each turn."""
REAL = 20
"""Lines of the memo's plan."""

NOTES = {
    "plan": "subthema", "capacity": "thema", "budget": "bron", "goals": "tekst", "areas": "tekst",
    "links": "grond", "intake": "grondslag", "premises": "waarde",
}  # fmt: skip
"""A column of texts in each table; the first of the premises is the name of the region."""

Rows = tuple[tuple[object, ...], ...]
Book = dict[str, Rows]
KEYS = ("plan", "capacity", "budget", "goals", "areas", "links", "intake", "premises")
TEXTS = frozenset({"regel", "aandachtsgebied", "RCDV-doel afgeleid", "RBP-doelen", "regels in Tabel 2"})
"""Columns of codes: "1" is one."""


def book(lines: int) -> Book:
    """Return a plan of so many lines, a multiple of 20.

    Beyond the real plan what resources cost varies, to the cent, in Tabel 1 alike; staff cost stays a
    multiple of the norm, as the checks want.
    """
    real = {key: _table(key) for key in KEYS}
    if lines == REAL:
        return real
    copies = lines // REAL
    chance = random.Random(lines)
    many = {**real, **{key: _many(real[key], copies) for key in ("capacity", "links", "intake")}}
    many["plan"] = _varied(_many(real["plan"], copies), chance)
    many["capacity"] = _agreeing(many["capacity"], many["plan"])
    many["budget"] = _scaled(real["budget"], ("beschikbaar Tabel 2", "exact bedrag"), copies)
    return many


def fresh(work: Book, turn: int) -> Book:
    """Return the book as a spreadsheet hands it over anew: every cell a new object, one amount changed."""
    handed = {
        key: tuple([tuple([_anew(cell) for cell in row]) for row in rows]) for key, rows in work.items()
    }
    headings, first, *others = handed["plan"]
    column = headings.index(CHANGED)
    line = (*first[:column], changed(turn), *first[column + 1 :])
    return {**handed, "plan": (headings, line, *others)}


def unseen(handed: Book, turn: int) -> Book:
    """Return the book with another text in the first line of every table, so that none was handed before."""
    return {key: _noted(rows, NOTES[key], f"beurt {turn}") for key, rows in handed.items()}


def _noted(rows: Rows, heading: str, note: str) -> Rows:
    headings, first, *others = rows
    column = headings.index(heading)
    return headings, (*first[:column], note, *first[column + 1 :]), *others


def changed(turn: int) -> float:
    """Return what stands in the first line under CHANGED at this turn."""
    return 100_000.25 + turn


def write(work: Mapping[str, Rows], path: Path) -> Path:
    """Write the book as a plan workbook: every input table on its sheet, as `bdur bouw` lays them out."""
    with xlsxwriter.Workbook(path, {"constant_memory": False}) as workbook:
        used: dict[str, int] = {}
        for key, table in INPUT_TABLES.items():
            rows = work.get(key) or (tuple(column.heading for column in table.columns),)
            sheet = workbook.get_worksheet_by_name(table.sheet) or workbook.add_worksheet(table.sheet)
            left = used.get(table.sheet, 0)
            used[table.sheet] = left + len(rows[0]) + 1
            headings = [{"header": str(one)} for one in rows[0]]
            options = {"name": table.table, "columns": headings}
            sheet.add_table(0, left, max(len(rows) - 1, 1), left + len(rows[0]) - 1, options)
            for number, row in enumerate(rows[1:], start=1):
                sheet.write_row(number, left, row)
    return path


def _table(key: str) -> Rows:
    """Return a table of the plan's CSV files with the headings of the workbook."""
    table = INPUT_TABLES[key]
    with (FOLDER / table.csv).open(encoding="utf-8", newline="") as file:
        names, *lines = csv.reader(file)
    headings = [_heading(key, name) for name in names]
    scales = [100 if name.endswith("x100") else 1 for name in names]
    rows = [[*map(_cell, line, headings, scales)] for line in lines]
    if key == "areas":  # the codes of goals in full
        position = headings.index("RCDV-doel afgeleid")
        for row in rows:
            row[position] = f"R{row[position]}"
    return tuple(headings), *map(tuple, rows)


def _heading(key: str, name: str) -> str:
    table = INPUT_TABLES[key]
    figure = table.figure(name) if table.figure else None
    column = table.column(name)
    return figure.heading if figure else column.heading if column else heading_key(name)


def _cell(text: str, heading: str, scale: int) -> object:
    if not text:
        return None
    try:
        return text if heading in TEXTS else float(text) / scale
    except ValueError:
        return text


def _many(rows: Rows, copies: int) -> Rows:
    """Return the rows so many times over, the codes of lines numbered on."""
    headings, *lines = rows
    coded = [position for position, name in enumerate(headings) if name in ("regel", "regels in Tabel 2")]
    found: list[tuple[object, ...]] = []
    for copy in range(copies):
        for line in lines:
            row = list(line)
            for position in coded:
                row[position] = " ".join(_code(word, copy) for word in str(row[position]).split())
            found.append(tuple(row))
    return headings, *found


def _code(code: str, copy: int) -> str:
    return f"{code[0]}{copy * REAL + int(code[1:]):06d}"


def _varied(rows: Rows, chance: random.Random) -> Rows:
    """Return the plan with each amount of resources times 0.5 to 1.5, in whole cents."""
    headings, *lines = rows
    block = headings.index("blok")

    def varied(cell: object, line: tuple[object, ...]) -> object:
        varies = isinstance(cell, float) and line[block] == "middelen"
        return round(cell * chance.uniform(0.5, 1.5), 2) if varies else cell  # type: ignore[operator]

    return headings, *(tuple(varied(cell, line) for cell in line) for line in lines)


def _agreeing(capacity: Rows, plan: Rows) -> Rows:
    """Return Tabel 1 with the resources of 2023 as the plan's own lines state them."""
    stated = {line[0]: dict(zip(plan[0], line, strict=True)) for line in plan[1:]}
    headings, *lines = capacity
    named = headings.index("regels in Tabel 2")
    found = []
    for line in lines:
        _, resources = str(line[named]).split()
        row = list(line)
        for kind in ("incidenteel", "structureel"):
            row[headings.index(f"middelen {kind} 2023 (€)")] = stated[resources][f"2023 {kind[0]}"]
        found.append(tuple(row))
    return headings, *found


def _scaled(rows: Rows, named: Sequence[str], times: int) -> Rows:
    headings, *lines = rows
    return headings, *(
        tuple(
            cell * times if isinstance(cell, float) and heading in named else cell
            for heading, cell in zip(headings, line, strict=True)
        )
        for line in lines
    )


def _anew(cell: object) -> object:
    if isinstance(cell, str):
        return f"{cell} "[:-1]
    return cell * 1.0 if isinstance(cell, float) else cell
