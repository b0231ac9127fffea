"""Where a workbook shows each figure, as its own sheets tell: the id of the figure -> "Overzicht!C6"."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bdur_xl import cells
from bdur_xl.checks import CHECKS
from bdur_xl.figures import GROUP, MOST_LISTED
from bdur_xl.tables import INPUT_TABLES, RawTable, column_letters

MEMO_SHEET = "Memo"
MARK_HEADING, SHEET_HEADING, CELLS_HEADING, ONE_VALUE = "kenmerk", "blad", "cellen", "waarde"
"""Headings of the sheet Memo: the first column, the last two but one, and that of figures without year."""

CHECK_SHEET = "Controles"

ELSEWHERE = {
    GROUP: INPUT_TABLES["plan"].sheet,
    "antwoord": INPUT_TABLES["scenarios"].sheet,
    "scenario": INPUT_TABLES["scenarios"].sheet,
    "jaaranalyse": "Jaaranalyse",
    "realisatie": "Jaaranalyse",
}
"""The sheets of texts and figures that have no cell of their own for good, by the begin of their kenmerk."""

_CELL = re.compile(r"([A-Z]+)(\d+)")


def places(tables: Mapping[str, RawTable], memo: Sequence[Sequence[object]]) -> dict[str, str]:
    """Return the place of each figure; `memo` holds the cells of the sheet Memo from its first row.

    A figure that neither the sheet Memo nor an input table shows is left out, and so are the plan
    lines when there are more than a memo lists.
    """
    return {
        **dict(_of_inputs(tables)),
        **dict(_of_memo(memo)),
        **{check.code: CHECK_SHEET for check in CHECKS},
        **ELSEWHERE,
    }


def _of_memo(rows: Sequence[Sequence[object]]) -> Iterator[tuple[str, str]]:
    headings: list[str] = []
    for row in rows:
        mark = _text(row[0]) if row else ""
        if mark == MARK_HEADING:
            headings = [_text(cell) for cell in row]
        elif mark and SHEET_HEADING in headings:
            yield from _of_row(mark, [*row, *[None] * len(headings)], headings)


def _of_row(mark: str, row: Sequence[object], headings: list[str]) -> Iterator[tuple[str, str]]:
    end = headings.index(SHEET_HEADING)
    sheet, found = _text(row[end]), _text(row[headings.index(CELLS_HEADING)])
    first = _CELL.match(found)
    if not first:
        return
    for offset, heading in enumerate(headings[2:end]):
        if heading == ONE_VALUE:
            yield mark, f"{sheet}!{found}"
        elif heading:
            yield f"{mark}.{heading}", f"{sheet}!{_moved(first[1], offset)}{first[2]}"


def _moved(letters: str, by: int) -> str:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return column_letters(number + by)


def _text(cell: object) -> str:
    try:
        return cells.text(cell) or ""
    except cells.CellError:
        return ""


_NAMED_FIGURES = (
    (
        "plan", "regel_id",
        {
            "hoofdthema": "{id}-hoofdthema",
            "subthema": "{id}-subthema",
            "afdeling_sector": "{id}-afdeling",
            "opmerking": "{id}-opmerking",
        },
    ),
    (
        "budget", "jaar",
        {
            "beschikbaar_tabel2": "toekenning-afgerond.{id}",
            "exact_bedrag": "toekenning-exact.{id}",
            "korting": "korting.{id}",
            "bron": "bron-{id}",
            "status": "status-{id}",
        },
    ),
    ("goals", "doel_id", {"tekst": "{id}"}),
    ("areas", "aandacht_id", {"tekst": "{id}"}),
    ("scenarios", "naam", {"naam": "scenario-{id}"}),
)  # fmt: skip
"""Per input table the column that names a row, and which figure a cell of that row is."""


def _of_inputs(tables: Mapping[str, RawTable]) -> Iterator[tuple[str, str]]:
    for key, name, figures in _NAMED_FIGURES:
        many = key == "plan" and key in tables and len(tables[key].rows) > MOST_LISTED
        if key in tables and not many:
            yield from _of_table(key, tables[key], name, figures)


def _of_table(key: str, raw: RawTable, name: str, figures: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    table = INPUT_TABLES[key]
    known = [table.column(_text(heading)) for heading in raw.headings]
    names = [column.name if column else "" for column in known]
    if name not in names:
        return
    years = [table.figure(_text(heading)) if table.figure else None for heading in raw.headings]
    for number, row in raw.rows:
        row_id = _text(row[names.index(name)])
        of_year: dict[int, list[str]] = {}
        for position, column in enumerate(names):
            place = raw.place(number, position)
            if year := years[position]:
                yield f"{row_id}.{year.heading}", place
                of_year.setdefault(year.key.year, []).append(place)
            elif column in figures:
                yield figures[column].format(id=row_id), place
        yield from ((f"{row_id}.{year}", joined(found)) for year, found in of_year.items())


def is_one_cell(place: str) -> bool:
    """Tell whether a place is a cell of a sheet, no range and no list."""
    sheet, _, cell = place.rpartition("!")
    return bool(sheet and _CELL.fullmatch(cell))


def joined(found: Iterable[str]) -> str:
    """Write places together; cells beside each other as a range: Overzicht!B8:E8."""
    runs: list[list[str]] = []
    for place in dict.fromkeys(place for place in found if place):
        if runs and _next(runs[-1][-1]) == place:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}:{run[-1].rpartition('!')[2]}" for run in runs)


def _next(place: str) -> str:
    """Return the cell to the right of one."""
    sheet, _, cell = place.rpartition("!")
    found = _CELL.fullmatch(cell)
    return f"{sheet}!{_moved(found[1], 1)}{found[2]}" if found else ""
