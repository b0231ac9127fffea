"""The sheets that name plan lines, Koppeling and Instroom, read by whole columns.

As `plan_columns` does for Tabel 2: None as soon as something asks to be said of a cell, or a cell
is of an unusual kind; `parse` then reads the rows one by one and says it. Both ways give equal values.
"""

from collections.abc import Collection, Sequence

from bdur_xl import cells
from bdur_xl.cells import CellError
from bdur_xl.columns import Column, Index, blanks_out, columns_of, converted, is_plain, may_hold_total
from bdur_xl.model import Intake, Link
from bdur_xl.tables import RawTable
from bdur_xl.terms import LEVELS, OWN_LINE, Level

Codes = Collection[str]
"""Codes that a cell may hold as they are."""

_LINKS = frozenset({"regel_id", "aandacht_id", "dekking"})
_INTAKE = frozenset({"regel_id", "startmaand", "fte_in_dienst"})
_LEVELS: dict[object, Level] = {str(level): level for level in LEVELS}


def links(raw: RawTable, index: Index, lines: Codes, areas: Codes) -> tuple[Link, ...] | None:
    """Return which line serves which focus area; None when a cell asks for a closer look."""
    columns = columns_of(raw, _LINKS, index)
    named = columns and _named(columns, index, "regel_id", "aandacht_id", "dekking", "grond")
    if not named:
        return None
    line_ids, area_ids, levels, grounds = named
    judged = set(zip(area_ids, levels, strict=True))
    if not set(line_ids) <= set(lines) or not all(_is_judged(*one, areas) for one in judged):
        return None
    try:
        texts = converted(grounds, cells.text)
    except CellError:
        return None
    places = map(raw.place, raw.numbers)
    return tuple(map(Link, line_ids, area_ids, map(_LEVELS.__getitem__, levels), texts, places))  # type: ignore[arg-type]  # codes


def _is_judged(area: object, level: object, areas: Codes) -> bool:
    """Tell whether a level stands there as it is written, with one focus area where it needs one."""
    return level in _LEVELS and (area in areas if area is not None else _LEVELS[level] not in OWN_LINE)


def intake(raw: RawTable, index: Index, lines: Codes, norm: int | None) -> dict[str, Intake] | None:
    """Return when staff start, per line; None when a cell asks for a closer look."""
    columns = columns_of(raw, _INTAKE, index)
    named = columns and _named(columns, index, "regel_id", "startmaand", "fte_in_dienst", "grondslag")
    if not columns or not named or any(map(may_hold_total, columns)):
        return None
    line_ids, starts, staff, grounds = named
    if not set(line_ids) <= set(lines) or len(set(line_ids)) < len(line_ids):
        return None
    try:
        months, texts = converted(starts, cells.month), converted(grounds, cells.text)
        in_house = converted(staff, _in_house)
    except CellError:
        return None
    if None in in_house or (any(in_house) and norm is None):
        return None
    places = map(raw.place, raw.numbers)
    return dict(zip(line_ids, map(Intake, line_ids, months, in_house, texts, places), strict=True))  # type: ignore[arg-type]


def _in_house(cell: object) -> int | None:
    """Return hundredths of an fte; None when there is something to say of it. Raises CellError."""
    value = cells.number(cell, "")
    if value is None:
        return 0
    return value.hundredths if value.exact and value.hundredths >= 0 else None


def _named(columns: Sequence[Column], index: Index, *names: str) -> list[Column] | None:
    """Return columns by their names, all blank when missing; None when one is not plain."""
    blank: Column = [None] * len(columns[0])
    named = [columns[index[name]] if name in index else blank for name in names]
    return list(map(blanks_out, named)) if all(map(is_plain, named)) else None
