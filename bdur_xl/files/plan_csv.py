"""A plan as a folder of CSV files -> raw tables, typed as the workbook's cells are."""

import csv
import io
from pathlib import Path

from bdur_xl import cells, nl
from bdur_xl.files.package_guard import PackageError, read_bytes
from bdur_xl.model import Finding, Status
from bdur_xl.tables import INPUT_TABLES, Column, Content, InputTable, RawTable

NUMBERS = frozenset({Content.AMOUNT, Content.FTE, Content.NUMBER, Content.SHARE, Content.YEAR, Content.ANY})


def read_folder(folder: Path) -> tuple[dict[str, RawTable], list[Finding]]:
    """Return the input tables of a CSV folder and the files that are missing or unreadable.

    A missing file that has a default gives that default and, when the table is required, a signal.
    """
    raw: dict[str, RawTable] = {}
    found: list[Finding] = []
    for key, table in INPUT_TABLES.items():
        path = folder / table.csv
        if path.is_file():
            try:
                raw[key] = _read_file(path, table)
            except OSError:
                found.append(_fault(str(path), "mag niet worden gelezen", "Vraag leesrechten."))
            except PackageError as error:
                found.append(_fault(str(path), error.message, error.remedy))
            except (UnicodeDecodeError, csv.Error) as error:
                message = f"is niet te lezen als CSV in UTF-8 ({error})"
                found.append(_fault(str(path), message, "Bewaar het bestand als CSV UTF-8."))
        elif table.default is not None:
            raw[key] = _default(table)
            found += [_defaulted(table)] if table.required else []
        else:
            message = f"bestand {table.csv} ontbreekt"
            found.append(_fault(str(folder), message, f"Zet {table.csv} in deze map."))
    return raw, found


def _fault(where: str, message: str, remedy: str) -> Finding:
    return Finding("invoer", Status.FAULT, where, message, remedy)


def _defaulted(table: InputTable) -> Finding:
    count = len(table.default or ())
    message = f"{table.csv} ontbreekt: ingevuld met {nl.plural(count, 'standaardrij', 'standaardrijen')}"
    remedy = f"Controleer het blad {table.sheet}."
    return Finding("standaard", Status.SIGNAL, table.csv, message, remedy)


def _default(table: InputTable) -> RawTable:
    headings = tuple(column.heading for column in table.columns)
    rows = tuple(enumerate(table.default or (), start=2))
    return RawTable(table.csv, headings, rows, in_sheet=False)


def _read_file(path: Path, table: InputTable) -> RawTable:
    reader = csv.reader(io.StringIO(read_bytes(path).decode("utf-8-sig"), newline=""), strict=True)
    headings = next(reader, [])
    typed = [_Typed(table, heading) for heading in headings]
    rows = [
        (
            number,
            tuple(column.cell(cell) for column, cell in zip(typed, _padded(row, typed), strict=True)),
        )
        for number, row in enumerate(reader, start=2)
    ]
    return RawTable(path.name, tuple(t.heading for t in typed), tuple(rows), in_sheet=False)


def _padded(row: list[str], typed: list["_Typed"]) -> list[str]:
    if len(row) > len(typed):
        raise csv.Error(f"rij met {len(row)} velden, {len(typed)} verwacht")
    return row + [""] * (len(typed) - len(row))


class _Typed:
    """One CSV column: its heading in the workbook and how its text becomes a cell."""

    def __init__(self, table: InputTable, heading: str) -> None:
        figure = table.figure(heading) if table.figure else None
        column = table.column(heading) or Column(heading)
        self.heading = figure.heading if figure else column.heading
        self._content = figure.content if figure else column.content
        self._scale = figure.scale if figure else 1

    def cell(self, text: str) -> object:
        """Return a number where the column holds numbers and the text states one."""
        if self._content not in NUMBERS:
            return text or None
        number = cells.decimal(text)
        if number is None or not -cells.LIMIT < number < cells.LIMIT:  # refused by name of its cell
            return text or None
        return number / self._scale
