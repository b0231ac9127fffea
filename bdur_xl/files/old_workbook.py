"""What an older or edited workbook holds beside its input: its last refresh, and what staff added.

Everything that does not go along becomes a `Lost`: where it stood and what it was.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from defusedxml import ElementTree

from bdur_xl import cells, nl
from bdur_xl.cells import Unreadable
from bdur_xl.files.opened import OUR_TABLES, Opened, cell_at, cells_in, formula_of, is_formula
from bdur_xl.files.references import Area, References, area_of
from bdur_xl.record import COLUMN as FIGURE_COLUMN
from bdur_xl.record import FIGURE_HEADINGS, KENMERK, LAST_NAME, LOG_HEADINGS, NOW_NAME
from bdur_xl.record import NOW as FIGURE_NOW
from bdur_xl.record import PRINTED as FIGURE_PRINTED
from bdur_xl.tables import INPUT_TABLES, OUTPUT_TABLES, Content, RawTable, column_letters
from bdur_xl.upgrade import History, Kind, Lost, shortened

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CHANGED = 0.02
"""With a larger share of other cells than this, outside the tables, a workbook is of another release."""

_PARTS = {
    "xl/pivotTables": "draaitabellen",
    "xl/slicers": "slicers",
    "xl/timelines": "tijdlijnen",
    "xl/externalLinks": "koppelingen met andere werkmappen",
    "xl/connections.xml": "externe gegevensbronnen",
    "xl/queryTables": "externe gegevensbronnen",
    "xl/model": "een gegevensmodel",
    "xl/webextensions": "web-invoegtoepassingen",
    "xl/embeddings": "ingesloten bestanden",
    "xl/activeX": "ActiveX-elementen",
}
"""Parts of the file that the new one never has, by how their name begins."""


# The last refresh


def history_of(old: Opened) -> History:
    """Return what the workbook tells of its refreshes; as much as it has."""
    figures = _output(old, "figures", FIGURE_HEADINGS)
    keys = [(_text(row[KENMERK]), _column(row[FIGURE_COLUMN])) for row in figures]
    log = _output(old, "log", LOG_HEADINGS)
    return History(
        log=tuple(tuple(_log_cell(cell) for cell in row) for row in log),
        last=_text(_named(old, LAST_NAME)),
        now=_text(_named(old, NOW_NAME)),
        printed={key: row[FIGURE_PRINTED] for key, row in zip(keys, figures, strict=True)},
        shown={key: row[FIGURE_NOW] for key, row in zip(keys, figures, strict=True)},
    )


def _log_cell(cell: object) -> object:
    return str(cell) if isinstance(cell, Unreadable) else cell


def _text(cell: object) -> str:
    return "" if cell is None or isinstance(cell, Unreadable) else cells.visible(str(cell))


def _column(cell: object) -> str:
    """Return the column of a figure: a year that was typed as a number too."""
    return _text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def _output(old: Opened, key: str, headings: tuple[str, ...]) -> list[list[object]]:
    """Return the rows of a table that a refresh writes, in the order of our headings; blank rows left out."""
    name = OUTPUT_TABLES[key].table
    if name not in old.table_names:
        return []
    sheet = old.table_names[name]
    area = area_of(old.sheets[sheet].tables[name].ref, sheet)
    assert area
    columns = {
        _text(old.value(sheet, area.top, column)): column for column in range(area.left, area.right + 1)
    }
    rows = [
        [old.value(sheet, row, columns[one]) if one in columns else None for one in headings]
        for row in range(area.top + 1, area.bottom + 1)
    ]
    return [row for row in rows if any(cell is not None for cell in row)]


def _named(old: Opened, name: str) -> object:
    """Return what the cell of a defined name holds."""
    defined = old.book.defined_names.get(name)
    area = area_of(str(defined.attr_text), "") if defined else None
    return old.value(area.sheet, area.top, area.left) if area else None


# Formulas that staff typed in cells for input


def input_formulas(
    old: Opened, references: References, lost: list[Lost]
) -> dict[str, dict[tuple[int, int], str]]:
    """Return per input table the formulas that go along, by row and column; others are told."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    for key, raw in old.tables.items():
        sheet = old.sheets[raw.source]
        for number, row in raw.rows:
            for offset in range(len(row)):
                cell = cell_at(sheet, number, raw.first_column + offset)
                if not is_formula(cell):
                    continue
                text = formula_of(cell)
                problem = references.problem(text, raw.source) if text else "een matrixformule"
                if text and problem is None:
                    found.setdefault(key, {})[number, raw.first_column + offset] = text
                else:
                    told = f"{shortened(text or 'matrixformule')}: {problem}"
                    lost.append(Lost(Kind.FORMULA, raw.source, cell.coordinate, told))
    return found


# Names


def own_names(old: Opened, new: Opened, own: list[str], lost: list[Lost]) -> dict[str, str]:
    """Return the defined names of staff's own that go along, and what they refer to; others are told."""
    waiting = {
        name: str(one.attr_text)
        for name, one in old.book.defined_names.items()
        if name not in new.book.defined_names and not one.hidden and not name.startswith("_xl")
    }
    going = dict(waiting)
    while True:
        references = References(old, new, own, going)
        dropped = [name for name, text in going.items() if references.problem(f"={text}", "")]
        if not dropped:
            break
        for name in dropped:
            del going[name]
    lost += [
        Lost(Kind.NAME, "Namen", name, f"{shortened(text)}: {references.problem(f'={text}', '')}")
        for name, text in waiting.items()
        if name not in going
    ]
    return going


# What staff added to our sheets and file


def leftovers(old: Opened, new: Opened, ours: Mapping[str, str]) -> Iterator[Lost]:
    """Yield what the new workbook does not hold of the sheets that are ours, and of the file."""
    pairs = [_Pair(old, title, new.sheets[following]) for title, following in ours.items()]
    one_release = sum(len(pair.changed) for pair in pairs) <= MOST_CHANGED * sum(
        len(pair.loose) for pair in pairs
    )
    for pair in pairs:
        title = pair.sheet.title
        yield from _notes(pair.sheet)
        yield from _hidden(pair.sheet)
        yield from _drawings(old, new, title, pair.other.title)
        yield from _looks(old, title)
        yield from _outside(pair, one_release=one_release)
        if one_release:
            yield from _rules(pair.sheet, pair.other)
    if not one_release:
        yield Lost(Kind.RELEASE, old.path.name)
    yield from _of_file(old, new)


class _Pair:
    """A sheet of ours, and the one that follows it up in the new workbook."""

    def __init__(self, old: Opened, title: str, other: "Worksheet") -> None:
        self.sheet, self.other = old.sheets[title], other
        filled = [*_tables(old, title), *_spilled(self.sheet)]
        self.loose = [
            cell
            for cell in cells_in(self.sheet)
            if cell.value is not None
            and (getattr(cell.value, "ref", None) or not any(_within(cell, area) for area in filled))
        ]
        """The cells outside our tables, of array formulas the first."""
        self.changed = [cell for cell in self.loose if _said(cell) != _said(self.following(cell))]

    def following(self, cell: "Cell") -> "Cell":
        """Return the cell at the same place of the new sheet."""
        return cell_at(self.other, cell.row, cell.column)


def _notes(sheet: "Worksheet") -> Iterator[Lost]:
    for cell in cells_in(sheet):
        if cell.comment:
            yield Lost(Kind.NOTE, sheet.title, cell.coordinate, shortened(cell.comment.text))


def _hidden(sheet: "Worksheet") -> Iterator[Lost]:
    if sheet.sheet_state != "visible":
        yield Lost(Kind.HIDDEN, sheet.title, held="het hele blad")
    for number, row in sheet.row_dimensions.items():
        if row.hidden:
            yield Lost(Kind.HIDDEN, sheet.title, f"{number}:{number}")
    for letters, column in sheet.column_dimensions.items():
        if column.hidden:
            last = column_letters(column.max) if column.max else letters
            yield Lost(Kind.HIDDEN, sheet.title, f"{letters}:{last}")


def _drawings(old: Opened, new: Opened, title: str, following: str) -> Iterator[Lost]:
    counts = [
        sum(_anchors(content) for kind, content in book.parts[name].related if kind == "drawing")
        for book, name in ((old, title), (new, following))
    ]
    if counts[0] > counts[1]:
        more = nl.plural(counts[0] - counts[1], "grafiek of afbeelding", "grafieken of afbeeldingen")
        yield Lost(Kind.PART, title, held=more)
    for name in old.sheets[title].tables:
        if name not in OUR_TABLES:
            yield Lost(Kind.PART, title, held=f"Excel-tabel {name}")


def _anchors(drawing: bytes) -> int:
    """Return how many charts, pictures and shapes a drawing holds; buttons stand a level deeper."""
    return sum(str(one.tag).endswith("Anchor") for one in ElementTree.fromstring(drawing))


def _looks(old: Opened, title: str) -> Iterator[Lost]:
    """Yield the input cells that look otherwise than most of their column."""
    for key, raw in old.tables.items():
        if raw.source != title:
            continue
        for offset, heading in enumerate(raw.headings):
            column = INPUT_TABLES[key].column(str(heading))
            mixed = column is not None and column.content in (Content.ANY, Content.MONTH, Content.DATE)
            at = raw.first_column + offset
            found = {
                number: _look(cell_at(old.sheets[title], number, at), mixed=mixed) for number, _ in raw.rows
            }
            usual, count = Counter(found.values()).most_common(1)[0] if found else (None, 0)
            if 2 * count > len(found):
                yield from (
                    Lost(Kind.LOOK, title, f"{column_letters(at)}{number}")
                    for number, look in found.items()
                    if look != usual
                )


def _look(cell: "Cell", *, mixed: bool) -> tuple[object, ...]:
    font, fill = cell.font, cell.fill
    ground = (fill.fgColor.rgb, fill.fgColor.theme) if fill.fill_type else None
    colour = (font.color.rgb, font.color.theme) if font.color else None
    form = None if mixed or cell.is_date else cell.number_format
    rich = type(cell.value).__name__ == "CellRichText"
    return (form, str(ground), str(colour), font.b, font.i, font.strike, font.u, rich)


def _outside(pair: _Pair, *, one_release: bool) -> Iterator[Lost]:
    """Yield what stands outside our tables and is not ours.

    In another release everything may stand elsewhere: then a cell is known to be of staff by its look.
    """
    for cell in pair.changed:
        if one_release:
            kind = Kind.OUTSIDE if pair.following(cell).value is None else Kind.CHANGED
        elif _in_our_look(cell):
            continue
        else:
            kind = Kind.OUTSIDE
        yield Lost(kind, pair.sheet.title, cell.coordinate, shortened(_said(cell)))


def _said(cell: "Cell") -> object:
    """Return what a cell holds, a formula as its text."""
    value = getattr(cell.value, "text", cell.value)
    return str(value) if isinstance(value, str) else float(value) if isinstance(value, int) else value


def _tables(old: Opened, title: str) -> Iterator[Area]:
    """Yield where our tables stand on a sheet."""
    for raw in old.tables.values():
        if raw.source == title:
            yield _frame(raw)
    sheet = old.sheets[title]
    for table in OUTPUT_TABLES.values():
        if table.table in sheet.tables and (area := area_of(sheet.tables[table.table].ref, title)):
            yield area


def _frame(raw: RawTable) -> Area:
    bottom = max((number for number, _ in raw.rows), default=raw.header_row)
    right = raw.first_column + len(raw.headings) - 1
    return Area(raw.source, raw.header_row, raw.first_column, bottom, right)


def _spilled(sheet: "Worksheet") -> Iterator[Area]:
    """Yield the blocks that array formulas fill."""
    for cell in cells_in(sheet):
        reference = getattr(cell.value, "ref", None)
        if reference and (area := area_of(reference, sheet.title)):
            yield area


def _within(cell: "Cell", area: Area) -> bool:
    return area.top <= cell.row <= area.bottom and area.left <= cell.column <= area.right


def _in_our_look(cell: "Cell") -> bool:
    """Tell whether a cell has a style of ours: all of them have a font colour of their own."""
    colour = cell.font.color
    return colour is not None and colour.type == "rgb"


def _rules(sheet: "Worksheet", other: "Worksheet") -> Iterator[Lost]:
    """Yield the conditional formats and validations that the new sheet lacks."""
    formats = [
        {
            (str(area.sqref), rule.type, tuple(map(str, rule.formula)))
            for area in one.conditional_formatting
            for rule in area.rules
        }
        for one in (sheet, other)
    ]
    known = {(kind, formulas) for _, kind, formulas in formats[1]}
    for area, kind, formulas in sorted(formats[0] - formats[1]):
        if (kind, formulas) not in known:
            yield Lost(Kind.CONDITION, sheet.title, area, shortened(", ".join(formulas) or kind))
    limits = [
        {
            (str(one.sqref), one.type or "", one.formula1 or "", one.formula2 or "")
            for one in ws.data_validations.dataValidation
        }
        for ws in (sheet, other)
    ]
    known_limits = {one[1:] for one in limits[1]}
    for area, kind, first, second in sorted(limits[0] - limits[1]):
        if (kind, first, second) not in known_limits:
            yield Lost(Kind.VALIDATION, sheet.title, area, shortened(f"{first} {second}".strip() or kind))


def _of_file(old: Opened, new: Opened) -> Iterator[Lost]:
    found = dict.fromkeys(
        what for name in sorted(old.package) for begin, what in _PARTS.items() if name.startswith(begin)
    )
    yield from (Lost(Kind.PART, old.path.name, held=what) for what in found)
    sheets = {sheet.sheet_properties.codeName for sheet in old.sheets.values()}
    if old.macros is None or new.macros is None:
        yield Lost(Kind.MACRO, old.path.name, held="de modules zijn niet te lezen")
        return
    for module in sorted(old.macros - new.macros - sheets):
        yield Lost(Kind.MACRO, old.path.name, held=f"module {module}")


def figures_left_out(history: History, new: Opened) -> Iterator[Lost]:
    """Yield the figures of the last memo that the new workbook no longer follows."""
    kept = history_of(new).printed
    sheet = OUTPUT_TABLES["figures"].sheet
    for key in history.printed:
        if key not in kept:
            yield Lost(Kind.FIGURE, sheet, held=" ".join(key).strip())
