"""An export of the ledger (CSV or Excel) -> its rows, every cell as it stands there.

pandas reads the text of a CSV without guessing at numbers, and adds the amounts up a second time:
a control total that owes nothing to the grouping of the rows.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from bdur_xl import nl
from bdur_xl.allocation import Tally
from bdur_xl.cells import CellError
from bdur_xl.files.package_guard import COMPOUND_FILE, MOST_CELLS, read_bytes
from bdur_xl.files.workbook import SUFFIXES, read_cells
from bdur_xl.ledger import AMOUNT_COLUMNS, Columns, LedgerError, certain_signs, find_columns, signed_amount

SEPARATORS = (";", "\t", ",")
SEARCHED_ROWS = 40
"""Rows in which the headings must stand; titles may go before them."""
MOST_FIELDS = 500
"""A row with more fields than this is no row of a ledger."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Export:
    """The rows under the headings of an export."""

    frame: pd.DataFrame
    """A row's index is its number in the file, as a spreadsheet shows it."""
    columns: Columns

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Yield each row as (number, cells)."""
        for number, *row in self.frame.itertuples(name=None):
            yield number, row

    def control_total(self) -> Tally:
        """Return the number of rows and the sum of their amounts: equal amounts once, times their count."""
        at = sorted({self.columns.at[one] for one in AMOUNT_COLUMNS if one in self.columns.at})
        position = {place: number for number, place in enumerate(at)}
        columns = replace(self.columns, at={
            one: position[place] for one, place in self.columns.at.items() if place in position
        })  # fmt: skip
        counted = self.frame[at].map(_hashable).value_counts(dropna=False, sort=False)
        cents = sum(_cents(row, columns) * int(count) for row, count in counted.items())
        return Tally(len(self.frame), cents)


def _hashable(cell: object) -> object:
    return (type(cell), cell)


def _cents(row: tuple[tuple[type, object], ...], columns: Columns) -> int:
    try:
        return signed_amount([cell for _, cell in row], columns) or 0
    except CellError:
        return 0


def read_export(path: Path) -> Export:
    """Return the rows of an export of the ledger.

    Raises LedgerError for a file that is no such export, WorkbookError for an unreadable workbook.
    """
    for frame, separator in _frames(path):
        for number, row in enumerate(frame.head(SEARCHED_ROWS).itertuples(index=False, name=None)):
            columns = find_columns(row)
            if columns:
                return _under(frame, number, replace(columns, separator=separator))
    raise LedgerError(
        f"In {path} staan geen koppen van een grootboekexport",
        "Exporteer met de kolommen rekening of kostenplaats, boekdatum, en bedrag of debet en credit.",
    )


def _frames(path: Path) -> Iterator[tuple[pd.DataFrame, str]]:
    """Yield what may be the export, with the separator of a CSV file: each sheet, or each way to split."""
    if path.suffix.lower() in SUFFIXES:
        yield from ((pd.DataFrame(rows, dtype=object), "") for rows in read_cells(path))
    else:
        yield from _csv_frames(_text(path))


def _under(frame: pd.DataFrame, heading_row: int, columns: Columns) -> Export:
    below = frame.iloc[heading_row + 1 :]
    below.index = range(heading_row + 2, heading_row + 2 + len(below))  # as a spreadsheet counts
    amounts = (columns.at[one] for one in AMOUNT_COLUMNS if one in columns.at)
    signs = frozenset().union(*(certain_signs(below[place].unique()) for place in amounts))
    return Export(below, replace(columns, decimal_signs=signs))


def _text(path: Path) -> str:
    """Return the text of a CSV file: UTF-8, UTF-16 with its mark, or Windows-1252."""
    try:
        content = read_bytes(path)
    except OSError as error:
        remedy = "Controleer de naam van het bestand, of vraag leesrechten."
        raise LedgerError(f"{path} kan niet worden gelezen", remedy) from error
    if content.startswith((b"PK\x03\x04", COMPOUND_FILE)):
        remedy = "Bewaar de export als CSV, of noem het .xlsx-bestand."
        raise LedgerError(f"{path} is een werkmap of een beveiligd bestand, geen tekst", remedy)
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LedgerError(f"{path} is geen tekstbestand", "Bewaar de export als CSV of als .xlsx.")


def _csv_frames(text: str) -> Iterator[tuple[pd.DataFrame, str]]:
    """Yield the text split by each separator that could be meant; all cells are text."""
    for separator in SEPARATORS:
        lines = text.splitlines()
        fields = 1 + max((line.count(separator) for line in lines), default=0)
        if fields <= MOST_FIELDS and fields * len(lines) > MOST_CELLS:
            remedy = "Exporteer minder kolommen, of een korter tijdvak."
            most = nl.plural(MOST_CELLS, "cel", "cellen")
            raise LedgerError(f"De export is te groot: het maximum is {most}", remedy)
        if 1 < fields <= MOST_FIELDS:
            yield _csv_frame(text, separator, fields), separator


def _csv_frame(text: str, separator: str, fields: int) -> pd.DataFrame:
    """Return every record of a CSV text, short ones padded with blanks."""
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=separator, header=None, names=range(fields), dtype=object,
            na_filter=False, skip_blank_lines=False, index_col=False,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        row = re.search(r"starting at row (\d+)", str(error))
        where = f" in rij {int(row[1]) + 1}" if row else ""
        raise LedgerError(
            f"Een aanhalingsteken{where} van de export sluit niet: waar de cel ophoudt is niet te zeggen",
            "Haal het aanhalingsteken weg, of exporteer als .xlsx.",
        ) from error
    return frame.fillna("")
