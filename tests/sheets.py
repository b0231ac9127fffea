"""A small plan as staff would type it, and ways to hand it to the readers.

A book is a dict of sheets by table key; a sheet is a list of rows, headings first.
The plan is not the memo's: other years, goals, themes and departments.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import xlsxwriter

from bdur_xl.files.snapshots import pieces
from bdur_xl.model import Finding, Inputs
from bdur_xl.parse import parse_inputs
from bdur_xl.restore import Snapshot
from bdur_xl.tables import INPUT_TABLES, RawTable, column_letters

Sheet = list[list[object]]
Book = dict[str, Sheet]


def small() -> Book:
    """Return a fresh, faultless plan of 2031 (split) and 2032 (not split)."""
    return {
        "plan": [
            ["regel", "hoofdthema", "blok", "subthema", "afdeling/sector", "2031 i", "2031 s", "2032"],
            ["L1", "Water", "fte", "dijkwacht", "Oost", None, 120_000, 180_000],
            ["L2", "Water", "middelen", "zandzakken", "Oost", 25_000.50, None, 30_000],
            ["L3", "Vuur", "fte", "natuurbrand", "West", 40_000, 60_000, 60_000],
            ["L4", "Vuur", "middelen", "drones", None, None, None, None],
        ],
        "capacity": [
            ["regel", "hoofdthema", "thema", "afdeling/sector", "regels in Tabel 2",
             "capaciteit structureel 2031 (fte)", "capaciteit structureel 2032 extra (fte)",
             "middelen incidenteel 2031 (€)"],
            ["K1", "Water", "dijkwacht", "Oost", "L1 L2", 2, 1, 25_000.50],
            ["K2", "Vuur", "natuurbrand", "West", "L3", 1, None, None],
        ],
        "budget": [
            ["jaar", "beschikbaar Tabel 2", "exact bedrag", "bron", "status"],
            [2031, 250_000, 251_234.56, "brief", "toegekend"],
            [2032, 260_000, None, None, "prognose"],
        ],
        "goals": [
            ["doel", "kader", "valt onder", "tekst", "soort", "bron"],
            ["R1", "RCDV", None, "droge voeten", "regionaal", None],
            ["R2", "RCDV", None, "landelijk stelsel", "landelijk afgeroomd (NIPV)", None],
            ["W", "RBP 2030-2033", None, "een opgave", "opgave", None],
            ["w1", "RBP 2030-2033", "W", "sterke dijken", "doelstelling", None],
            ["w2", "RBP 2030-2033", "W", "minder brand", "doelstelling", None],
        ],
        "areas": [
            ["aandachtsgebied", "tekst", "RCDV-doel afgeleid", "RBP-doelen"],
            ["A1", "dijken bewaken", "1", "w1"],
            ["A2", "natuurbrand voorkomen", "1", "w1 w2"],
        ],
        "links": [
            ["regel", "aandachtsgebied", "dekking", "grond"],
            ["L1", "A1", "expliciet", None],
            ["L2", "A1", "gedeeld", None],
            ["L3", None, "ondersteunend", None],
        ],
        "intake": [
            ["regel", "startmaand", "fte al in dienst", "grondslag"],
            ["L1", "april 2031", 0.5, None],
        ],
        "control_totals": [
            ["tabel", "kolom", "totaal", "bron"],
            ["Tabel 2", "2031", 245_000.50, None],
            ["Tabel 2", "2032", 270_000, None],
            ["Tabel 1", "capaciteit structureel 2031 (fte)", 3, None],
        ],
        "premises": [
            ["uitgangspunt", "waarde", "eenheid", "grondslag"],
            ["regio kort", "VRX", None, None],
            ["normbedrag fte", 60_000, None, None],
            ["ongesplitst als", "structureel", None, None],
            ["instroommaand", "april 2031", None, None],
        ],
        "explanations": [["code", "waar", "bevinding", "toelichting"]],
        "actuals": [["regel", "jaar", "bedrag", "t/m", "omschrijving"]],
        "ledger_map": [["grootboekrekening", "kostenplaats", "regel", "toelichting"]],
        "reservations": [
            ["reservering", "vanaf", "tot en met", "bedrag per jaar", "grondslag"],
            ["buren", 2032, None, None, "nog geen bedrag"],
            ["noodpot", None, None, 1_000.25, None],
        ],
        "scenarios": [
            ["scenario", "omschrijving", "startmaand", "fte al in dienst", "korting", "korting vanaf",
             "indexatie", "indexatie vanaf", "extra lasten op regel", "extra vanaf", "extra tot en met",
             "extra fte", "extra bedrag (per fte)", "overdracht"],
            ["basis", "het plan", None, None, None, None, None, None, None, None, None, None, None, None],
            ["korting", None, None, None, 0.1, 2032, None, None, None, None, None, None, None, None],
        ],
    }  # fmt: skip


def put(sheet: Sheet, address: str, value: object) -> None:
    """Type a value in the cell of a sheet that starts in A1."""
    match = re.fullmatch(r"([A-Z])(\d+)", address)
    assert match
    sheet[int(match[2]) - 1][ord(match[1]) - ord("A")] = value


def add_column(sheet: Sheet, heading: object, *cells: object) -> None:
    """Add a column at the right; rows without a cell stay blank."""
    sheet[0].append(heading)
    for number, row in enumerate(sheet[1:]):
        row.append(cells[number] if number < len(cells) else None)


def as_text(kept: Snapshot) -> str:
    """Return what the file of a kept state holds."""
    return "".join(pieces(kept))


def raw(book: Mapping[str, Sheet]) -> dict[str, RawTable]:
    """Return the book as the readers would, each sheet starting in A1."""
    return {
        key: RawTable(
            INPUT_TABLES[key].sheet,
            tuple(sheet[0]),
            tuple((number, tuple(row)) for number, row in enumerate(sheet[1:], start=2)),
        )
        for key, sheet in book.items()
    }


def read(book: Mapping[str, Sheet]) -> tuple[Inputs, list[Finding]]:
    return parse_inputs(raw(book))


def inputs(book: Mapping[str, Sheet]) -> Inputs:
    """Return the inputs of a book that should be faultless."""
    read_inputs, found = read(book)
    assert found == []
    return read_inputs


def placed(book: Mapping[str, Sheet]) -> Iterator[tuple[str, int]]:
    """Yield (key, column) of each sheet of the book: those of one worksheet stand side by side."""
    used: dict[str, int] = {}
    for key, sheet in book.items():
        name = INPUT_TABLES[key].sheet
        yield key, used.get(name, 0)
        used[name] = used.get(name, 0) + len(sheet[0]) + 1


def where(key: str, cell: str) -> str:
    """Return where a cell of the small plan stands in a written workbook: "Doelen!H2"."""
    left = dict(placed(small()))[key]
    return f"{INPUT_TABLES[key].sheet}!{column_letters(ord(cell[0]) - ord('A') + 1 + left)}{cell[1:]}"


def write_with_tables(path: Path, book: Mapping[str, Sheet], row: int = 0, column: int = 0) -> Path:
    """Write the book with an Excel table per sheet, as `bdur bouw` and Excel do."""
    with xlsxwriter.Workbook(path) as workbook:
        for key, left in placed(book):
            sheet, table = book[key], INPUT_TABLES[key]
            worksheet = workbook.get_worksheet_by_name(table.sheet) or workbook.add_worksheet(table.sheet)
            options = {"name": table.table, "columns": [{"header": str(one)} for one in sheet[0]]}
            last = row + max(len(sheet) - 1, 1)
            worksheet.add_table(row, column + left, last, column + left + len(sheet[0]) - 1, options)
            for number, cells in enumerate(sheet[1:], start=row + 1):
                worksheet.write_row(number, column + left, cells)
    return path


def write_plain(path: Path, book: Mapping[str, Sheet], row: int = 0, column: int = 0) -> Path:
    """Write the book without Excel tables, as a program that drops them would."""
    with xlsxwriter.Workbook(path) as workbook:
        for key, left in placed(book):
            name = INPUT_TABLES[key].sheet
            worksheet = workbook.get_worksheet_by_name(name) or workbook.add_worksheet(name)
            for number, cells in enumerate(book[key], start=row):
                worksheet.write_row(number, column + left, cells)
    return path
