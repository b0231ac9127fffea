"""The sheets that staff made themselves in an older workbook: what goes along, and what does not.

A sheet goes along only when its XML holds nothing but what is copied here; anything else, known
or not, is a reason to leave it and name it.
"""

import colorsys
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from defusedxml import ElementTree

from bdur_xl import nl
from bdur_xl.book import Formula
from bdur_xl.cells import NO_VALUE, Unreadable
from bdur_xl.files.opened import OUR_TABLES, Opened, cells_in, formula_of, is_formula
from bdur_xl.files.references import References
from bdur_xl.files.sheet_parts import SheetPart
from bdur_xl.restore import same
from bdur_xl.tables import INPUT_TABLES, column_letters
from bdur_xl.upgrade import Kind, Lost, OwnCell, OwnSheet, shortened

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.styles.colors import Color
    from openpyxl.worksheet.worksheet import Worksheet

_COPIED = frozenset({
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "mergeCells", "autoFilter",
    "pageMargins", "phoneticPr", "ignoredErrors", "sheetCalcPr",
})  # fmt: skip
_PRINTING = frozenset({"pageSetup", "printOptions", "headerFooter", "rowBreaks", "colBreaks"})
_REASONS = {
    "drawing": "een grafiek of afbeelding",
    "legacyDrawing": "een opmerking of knop",
    "legacyDrawingHF": "een afbeelding in de koptekst",
    "picture": "een achtergrond",
    "tableParts": "een Excel-tabel",
    "conditionalFormatting": "voorwaardelijke opmaak",
    "dataValidations": "gegevensvalidatie",
    "hyperlinks": "een koppeling (hyperlink)",
    "sheetProtection": "bladbeveiliging",
    "protectedRanges": "beveiligde bereiken",
    "controls": "een besturingselement",
    "oleObjects": "een ingesloten bestand",
    "extLst": "een uitbreiding, zoals sparklines",
    "scenarios": "Excels scenariobeheer",
    "dataConsolidate": "een consolidatie",
    "sortState": "een sortering",
    "pivotTable": "een draaitabel",
    "slicer": "een slicer",
    "queryTable": "een externe gegevensbron",
    "threadedComment": "een opmerking",
}
"""What may stand in the way, by its element or relation."""
_RELATED = frozenset(
    {"printerSettings", "customProperty", "vmlDrawing", "drawing", "comments", "table", "hyperlink"}
)
"""Kinds of parts that matter not, or that an element of the sheet tells of."""

USUAL_WIDTH = 8.43
"""Of a column, in characters. Source: Excel specifications and limits."""
PADDING = 5 / 7
"""What the file adds to a column's width in characters. Source: ECMA-376 part 1, 18.3.1.13 (col, width)."""

_THEME = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6")
"""The colours of a theme in the order of their numbers."""
_BORDERS = (
    "none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot",
    "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot",
)  # fmt: skip
_UNDERLINES = {"single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}


def our_sheets(old: Opened, new: Opened) -> dict[str, str]:
    """Return per sheet of the old workbook that is ours the one of the new workbook that follows it up.

    Ours hold one of our tables, or bear the name that VBA has for one of ours. A sheet that is only
    named as one of ours is taken for it where a workbook has lost its macros, and VBA's names.
    """
    by_table = {name: title for name, title in new.table_names.items() if name in OUR_TABLES}
    by_code = {_code(sheet): title for title, sheet in new.sheets.items()}
    by_name = {nl.fold(title): title for title in new.sheets}
    by_place = {raw.source: INPUT_TABLES[key].sheet for key, raw in old.tables.items()}
    found = {}
    for title, sheet in old.sheets.items():
        held = [by_table[name] for name in sheet.tables if name in by_table]
        named = by_name.get(nl.fold(title)) if not (old.macros and _code(sheet)) else None
        following = next(iter(held), None) or by_place.get(title) or by_code.get(_code(sheet)) or named
        if following:
            found[title] = following
    return found


def _code(sheet: "Worksheet") -> str:
    return sheet.sheet_properties.codeName or ""


def own_sheets(old: Opened, new: Opened, ours: Mapping[str, str]) -> tuple[list[str], list[Lost]]:
    """Return the names of staff's own sheets that go along, and why others do not."""
    taken = {nl.fold(title) for title in new.sheets}
    going, lost = [], []
    for title in old.parts:
        if title in ours:
            continue
        reasons = list(_reasons(old, title))
        if nl.fold(title) in taken:
            reasons = ["de nieuwe werkmap heeft zelf een blad met die naam; geef het eerst een andere naam"]
        if reasons:
            lost.append(Lost(Kind.SHEET, title, held=nl.listing(dict.fromkeys(reasons))))
        else:
            going.append(title)
            if any(_tag(child) in _PRINTING for child in old.parts[title].xml):
                lost.append(Lost(Kind.PRINT, title))
    return going, lost


def _reasons(old: Opened, title: str) -> Iterator[str]:
    """Yield what keeps a sheet from being copied without loss."""
    sheet, part = old.sheets.get(title), old.parts[title]
    if sheet is None:
        yield "geen gewoon werkblad"
        return
    yield from _in_xml(part)
    if any(not name.startswith("_xlnm.") for name in sheet.defined_names):
        yield "namen die alleen op dat blad gelden"
    for cell in cells_in(sheet):
        if is_formula(cell) and formula_of(cell) is None:
            yield "een matrixformule"
        elif type(cell.value).__name__ == "CellRichText":
            yield "een cel met deels andere opmaak"


def _in_xml(part: SheetPart) -> Iterator[str]:
    for child in part.xml:
        tag = _tag(child)
        if tag == "autoFilter" and len(child):
            yield "een ingesteld filter"
        elif tag not in _COPIED | _PRINTING:
            yield _REASONS.get(tag, f"onderdeel {tag}")
    for kind, _ in part.related:
        if kind not in _RELATED:
            yield _REASONS.get(kind, f"onderdeel {kind}")


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def copied(old: Opened, title: str, references: References, lost: list[Lost]) -> OwnSheet:
    """Return a sheet as it goes along; formulas that would point elsewhere as their value, and told."""
    sheet = old.sheets[title]
    colour = _colours(old)
    cells = tuple(
        OwnCell(
            cell.row - 1, cell.column - 1, _content(old, title, cell, references, lost), _look(cell, colour)
        )
        for cell in cells_in(sheet)
        if cell.value is not None or cell.has_style
    )
    frozen = sheet.freeze_panes
    tab = sheet.sheet_properties.tabColor
    return OwnSheet(
        name=title,
        cells=cells,
        widths=tuple(_widths(sheet)),
        heights={
            number - 1: (one.height, bool(one.hidden))
            for number, one in sheet.row_dimensions.items()
            if one.height is not None or one.hidden
        },
        merged=tuple(str(area) for area in sheet.merged_cells.ranges),
        filtered=sheet.auto_filter.ref or "",
        frozen=_frozen(frozen) if frozen else (0, 0),
        hidden=sheet.sheet_state != "visible",
        tab=colour(tab) if tab else "",
        gridlines=bool(sheet.sheet_view.showGridLines is not False),
    )


def _frozen(address: str) -> tuple[int, int]:
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(address)
    return row - 1, column - 1


def _widths(sheet: "Worksheet") -> Iterator[tuple[int, int, float, bool]]:
    for letters, one in sheet.column_dimensions.items():
        if one.width or one.hidden:
            first = one.min or sheet[f"{letters}1"].column
            width = max(float(one.width or USUAL_WIDTH) - PADDING, 0.0)
            yield int(first) - 1, int(one.max or first) - 1, width, bool(one.hidden)


def _content(old: Opened, title: str, cell: "Cell", references: References, lost: list[Lost]) -> object:
    """Return what a cell of an own sheet holds in the new workbook."""
    value = old.value(title, cell.row, cell.column)
    formula = formula_of(cell)
    if formula is None:
        return Formula(f"={cell.value}", cell.value) if cell.data_type == "e" else _plain(cell.value)
    problem = references.problem(formula, title)
    if problem is None:
        return Formula(formula, _stored(value))
    lost.append(Lost(Kind.FORMULA, title, cell.coordinate, f"{shortened(formula)}: {problem}"))
    if isinstance(value, Unreadable):
        return Formula(f"={value}", str(value)) if value.startswith("#") else None
    return value


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value


def _stored(value: object) -> object:
    """Return what a formula gave as the file stores it; nothing where it was never computed."""
    if isinstance(value, Unreadable):
        return None if value == NO_VALUE else str(value)
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        from openpyxl.utils.datetime import to_excel

        return to_excel(value)  # type: ignore[no-untyped-call]
    return value


def unequal(old: Opened, new: Opened, title: str) -> Iterator[Lost]:
    """Yield the cells of an own sheet that the new workbook does not hold as they were."""
    for row, cells in enumerate(old.values.get(title, []), start=1):
        for column, cell in enumerate(cells, start=1):
            held = None if cell in ("", None) or cell == NO_VALUE else cell
            if not same(held, new.value(title, row, column)) and held is not None:
                yield Lost(Kind.CELL, title, f"{column_letters(column)}{row}", shortened(cell))


# How cells look


def _look(cell: "Cell", colour: "Callable[[Color], str]") -> dict[str, object]:
    """Return the basic format of a cell: number format, font, ground, borders, alignment."""
    if not cell.has_style:
        return {}
    font, fill, align = cell.font, cell.fill, cell.alignment
    look: dict[str, object] = {
        "num_format": cell.number_format,
        "font_name": font.name,
        "font_size": font.sz,
        "bold": font.b,
        "italic": font.i,
        "font_strikeout": font.strike,
        "underline": _UNDERLINES.get(font.u or ""),
        "font_color": colour(font.color) if font.color else None,
        "bg_color": colour(fill.fgColor) if fill.fill_type == "solid" else None,
        "align": {"general": None, "centerContinuous": "center_across"}.get(
            align.horizontal or "general", align.horizontal
        ),
        "valign": {"center": "vcenter", "justify": "vjustify", "distributed": "vdistributed"}.get(
            align.vertical or "", align.vertical
        ),
        "text_wrap": align.wrap_text,
        "indent": int(align.indent or 0),
        "rotation": _rotation(align.text_rotation or 0),
        "quote_prefix": cell.quotePrefix,
    }
    for side in ("left", "right", "top", "bottom"):
        line = getattr(cell.border, side)
        if line and line.style:
            look[side] = _BORDERS.index(line.style)
            look[f"{side}_color"] = colour(line.color) if line.color else None
    return {name: value for name, value in look.items() if value}


def _rotation(degrees: int) -> int:
    """Return an angle as XlsxWriter takes it: Excel stores those downwards as 91 to 180."""
    return 90 - degrees if 90 < degrees <= 180 else 270 if degrees == 255 else degrees


def _colours(old: Opened) -> "Callable[[Color], str]":
    """Return what gives the red, green and blue of a colour, theme colours of this workbook included."""
    from openpyxl.styles.colors import COLOR_INDEX

    theme = _theme(old)

    def colour(one: "Color") -> str:
        if one.type == "rgb" and isinstance(one.rgb, str):
            return f"#{one.rgb[-6:]}"
        if one.type == "theme" and isinstance(one.theme, int) and one.theme < len(_THEME):
            return _tinted(theme.get(_THEME[one.theme], ""), one.tint or 0.0)
        if one.type == "indexed" and isinstance(one.indexed, int) and one.indexed < len(COLOR_INDEX):
            return f"#{COLOR_INDEX[one.indexed][-6:]}"
        return ""

    return colour


def _theme(old: Opened) -> dict[str, str]:
    source = old.book.loaded_theme
    if not source:
        return {}
    scheme = next((one for one in ElementTree.fromstring(source).iter() if _tag(one) == "clrScheme"), ())
    return {_tag(one): str(one[0].get("lastClr") or one[0].get("val", "")) for one in scheme if len(one)}


def _tinted(rgb: str, tint: float) -> str:
    """Return a colour made lighter or darker. Source: ECMA-376 part 1, 18.8.3 (color, tint)."""
    if len(rgb) != len("RRGGBB"):
        return ""
    hue, light, saturation = colorsys.rgb_to_hls(*(int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "#" + "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, saturation))
