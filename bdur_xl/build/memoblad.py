"""The sheet Memo: the figures that the memo prints, each with its cell and its rule; and the buttons."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import nl
from bdur_xl.build import doelbereik, overzicht, page
from bdur_xl.build.context import Build
from bdur_xl.build.frame import LAST_ROW, NAMES, RANGE_NAMES
from bdur_xl.cells import DAY_ZERO
from bdur_xl.functions import hundredths
from bdur_xl.grids import GOAL_HEADINGS, OVERVIEW_HEADINGS
from bdur_xl.overview import intake_label
from bdur_xl.terms import Basis

SHEET = "Memo"

BUTTONS = (
    ("Vernieuw bestuursmemo", "VernieuwBestuursmemo"),
    ("Herbereken", "HerberekenAlles"),
    ("Controleer", "Controleer"),
)
"""Caption and macro, from left to right."""
BUTTON_ROW = page.FIRST_ROW
BUTTON_WIDTH, BUTTON_HEIGHT, BUTTON_GAP = 190, 30, 10

YEAR_ROW = BUTTON_ROW + 3
MARK, WHAT, FIRST_FIGURE = range(3)
ORIGIN_HEADINGS = ("blad", "cellen", "regel")
MARK_WIDTH, WHAT_WIDTH, FIGURE_WIDTH, ORIGIN_WIDTHS = 26, 48, 12, (11, 11, 58)

OVERVIEW_WORDS: Mapping[str, tuple[str, str]] = {
    "lasten": (
        "Lasten, {name}",
        "som van Plan in het jaar; i en s naar de kolom, ongesplitst volgens het uitgangspunt",
    ),
    "blok": ("Lasten, blok {name}", "som van de regels van dat blok"),
    "beschikbaar": (
        "Beschikbaar, {name}",
        "Budget, min de korting; zonder exact bedrag telt ook bij exact het afgeronde",
    ),
    "ruimte": ("Begrotingsruimte, {name}", "beschikbaar min lasten; negatief is een tekort"),
    "cumulatief": ("Ruimte cumulatief, {name}", "ruimte opgeteld vanaf het eerste jaar; indicatief"),
    "fte": ("Formatie {name}, in fte", "structurele lasten van blok fte, gedeeld door het normbedrag"),
    "deeljaar": (
        "Lasten met de instroom van blad Instroom",
        "jaartotaal min structurele fte-lasten van de maanden voor de start, behalve van wie al in dienst is",
    ),
    "ruimte deeljaar": ("Ruimte met die instroom, {name}", "beschikbaar min de lasten met instroom"),
    "doel": ("Lasten zonder aandachtsgebied", "som van de regels zonder expliciete of gedeelde koppeling"),
    "hoofdthema": ("Lasten, hoofdthema {name}", "som van de regels met dat hoofdthema"),
    "afdeling": ("Lasten, afdeling {name}", "som van de regels met die afdeling"),
}
"""Per part of BDUR_OVERZICHT what a row is, and the rule behind it."""

GOAL_WORDS: Mapping[str, tuple[str, str]] = {
    "bedrag": ("Lasten voor doel {name}", "som van de regels die het doel dienen; RBP: niet optelbaar"),
    "fte": ("Formatie voor doel {name}, in fte", "structurele fte-lasten van die regels door het normbedrag"),
}
"""Per measure of the sheet Doelbereik, likewise."""

VARIANT_RULE = (
    "lasten van het jaar als alle structurele formatie in die maand begint; ruimte: beschikbaar min lasten"
)

NORM = "normbedrag fte"
REFERENCE_DATE = "peildatum"
"""Premises that the memo states."""

Shown = float | str
"""What a cell shows: a figure, text, a dash for a figure the plan does not give, nothing."""


@dataclass(frozen=True)
class Figure:
    """One row: figures that stand side by side on a sheet, and their rule.

    With `name`, that name stands in column A of the sheet and may change or be
    empty; then so does the row. `mark` and `what` write it {name}.
    """

    mark: str
    what: str
    rule: str
    sheet: str
    row: int
    column: int
    values: Sequence[Shown]
    is_fte: bool = False
    name: str | None = None

    @property
    def name_cell(self) -> str:
        """Where the name stands."""
        return f"{self.sheet}!{xl_rowcol_to_cell(self.row, 0)}"


def write(build: Build, place: overzicht.Placement, goals: doelbereik.Placement) -> None:
    """Add the sheet, with the figures of Overzicht and Doelbereik."""
    sheet, style = build.sheet(SHEET), build.style
    explanation = "De cijfers van de bestuursmemo, met de cel waar ze vandaan komen en hoe ze zijn berekend."
    page.set_up(sheet, style, SHEET, explanation, (YEAR_ROW + 1, FIRST_FIGURE))
    origin = FIRST_FIGURE + place.slots
    sheet.set_column(MARK, MARK, MARK_WIDTH)
    sheet.set_column(WHAT, WHAT, WHAT_WIDTH)
    sheet.set_column(FIRST_FIGURE, origin - 1, FIGURE_WIDTH)
    for column, width in enumerate(ORIGIN_WIDTHS, start=origin):
        sheet.set_column(column, column, width)
    _buttons(sheet)
    row = _by_year(build, sheet, place, goals)
    row = _variants(build, sheet, place, row + 1)
    _single(build, sheet, origin, row + 1)
    sheet.repeat_rows(YEAR_ROW)


def _buttons(sheet: Worksheet) -> None:
    for number, (caption, macro) in enumerate(BUTTONS):
        options = {
            "macro": macro, "caption": caption, "description": f"Knop: {caption}",
            "width": BUTTON_WIDTH, "height": BUTTON_HEIGHT,
            "x_offset": number * (BUTTON_WIDTH + BUTTON_GAP),
        }  # fmt: skip
        sheet.insert_button(BUTTON_ROW, MARK, options)


def _by_year(build: Build, sheet: Worksheet, place: overzicht.Placement, goals: doelbereik.Placement) -> int:
    """Write the figures with a column per year and return the row under them."""
    _headings(build, sheet, YEAR_ROW, place.slots, "Per jaar")
    for slot, year in enumerate(_padded(build.overview.years, place.slots)):
        source = f"={overzicht.SHEET}!{xl_rowcol_to_cell(overzicht.YEAR_ROW, overzicht.FIRST_YEAR + slot)}"
        sheet.write_formula(YEAR_ROW, FIRST_FIGURE + slot, source, build.style.number_heading, year)
    figures = (*_overview_figures(build, place), *_goal_figures(build, goals))
    first = YEAR_ROW + 1
    for row, figure in enumerate(figures, start=first):
        _figure(build, sheet, row, place.slots, figure)
    for is_fte, run in groupby(range(len(figures)), key=lambda at: figures[at].is_fte):
        if not is_fte:
            at = list(run)
            _mark(build, sheet, first + at[0], first + at[-1], place.slots)
    return first + len(figures)


def _overview_figures(build: Build, place: overzicht.Placement) -> Iterator[Figure]:
    """Yield the rows of Overzicht as they stand there; of themes and departments the spare ones too."""
    _, grid = build.call(
        "BDUR_OVERZICHT", "plan", "budget", "uitgangspunten", "instroom", "koppeling", "aandachtsgebieden",
        "doelen",
    )  # fmt: skip
    known = {(str(row[0]), str(row[1])): _shown(row[len(OVERVIEW_HEADINGS) :]) for row in grid[1:]}
    for (part, name), row in sorted(place.rows.items(), key=lambda item: item[1]):
        names = [name] if name else [*(named for of, named in known if of == part),
                                     *[""] * overzicht.SPARE_ROWS[part]]  # fmt: skip
        what, rule = OVERVIEW_WORDS[part]
        for offset, named in enumerate(names):
            yield Figure(
                _slug(f"{part}-{name}") if name else f"{part}-{{name}}",
                what.format(name=name) if name else what,
                rule,
                overzicht.SHEET,
                row + offset,
                overzicht.FIRST_YEAR,
                _padded(known.get((part, named), []), place.slots),
                is_fte=part == "fte",
                name=None if name else named,
            )


def _goal_figures(build: Build, place: doelbereik.Placement) -> Iterator[Figure]:
    """Yield amount and fte of every goal, spare rows included."""
    _, (headings, *known) = build.call(
        "BDUR_DOELENMATRIX", "plan", "koppeling", "aandachtsgebieden", "doelen", "uitgangspunten"
    )
    for number, measure in enumerate(doelbereik.MEASURES):
        if measure.name not in GOAL_WORDS:
            continue
        columns = [headings.index(f"{measure.name} {year}") for year in build.overview.years]
        for offset in range(place.goals):
            row = known[offset] if offset < len(known) else ()
            code = row[GOAL_HEADINGS.index("doel")] if row else ""
            yield Figure(
                f"doel-{{name}}-{measure.name}",
                *GOAL_WORDS[measure.name],
                doelbereik.SHEET,
                place.top(number) + 1 + offset,
                place.first_year,
                _padded(_shown([row[column] for column in columns]) if row else [], place.slots),
                is_fte=measure.name == "fte",
                name=str(code),
            )


def _variants(build: Build, sheet: Worksheet, place: overzicht.Placement, top: int) -> int:
    """Write what a year costs when staff start in a given month, and return the row under it."""
    headings, variants = overzicht.VARIANT_FIGURES, build.overview.intake
    _headings(build, sheet, top, place.slots, "Als de formatie later begint")
    for column, heading in enumerate(headings, start=FIRST_FIGURE):
        sheet.write_string(top, column, heading, build.style.number_heading)
    count = len(variants) + overzicht.SPARE_VARIANTS
    for number in range(count):
        variant = variants[number] if number < len(variants) else None
        figures = [variant.planned, *(variant.room[basis] for basis in Basis)] if variant else []
        figure = Figure(
            f"instroom-{number + 1}",
            "{name}",
            VARIANT_RULE,
            overzicht.SHEET,
            place.variants + 1 + number,
            overzicht.FIRST_YEAR,
            _padded(_shown([hundredths(one) for one in figures]), len(headings)),
            name=intake_label(variant) if variant else "",
        )
        _figure(build, sheet, top + 1 + number, place.slots, figure)
    _mark(build, sheet, top + 1, top + count, len(headings))
    return top + count + 1


def _figure(build: Build, sheet: Worksheet, row: int, slots: int, figure: Figure) -> None:
    """Write one row: what it is, a reference per figure, and where it comes from."""
    style = build.style
    form = style.fte if figure.is_fte else style.amount
    last = figure.column + len(figure.values) - 1
    for offset, value in enumerate(figure.values):
        source = f"={figure.sheet}!{xl_rowcol_to_cell(figure.row, figure.column + offset)}"
        sheet.write_formula(row, FIRST_FIGURE + offset, source, form, value)
    corners = (f"{figure.sheet}!{xl_rowcol_to_cell(figure.row, column)}" for column in (figure.column, last))
    cells = xl_range(figure.row, figure.column, figure.row, last)
    origin = FIRST_FIGURE + slots
    texts = {MARK: figure.mark, WHAT: figure.what, origin: figure.sheet, origin + 2: figure.rule}
    for column, text in texts.items():
        _text(build, sheet, row, column, text, figure)
    address, shown = _address(*corners), cells if figure.name != "" else ""
    if figure.name is not None:
        address = f'IF({figure.name_cell}="","",{address})'
    sheet.write_formula(row, origin + 1, f"={address}", style.text, shown)
    sheet.set_row(row, page.height_for([figure.rule], ORIGIN_WIDTHS[-1]))


def _text(build: Build, sheet: Worksheet, row: int, column: int, text: str, figure: Figure) -> None:
    """Write a text of a row; one with a name follows that name."""
    if figure.name is None:
        sheet.write_string(row, column, text, build.style.text)
        return
    cell = figure.name_cell
    joined = '"' + text.replace("{name}", f'"&{cell}&"') + '"'
    shown = text.replace("{name}", figure.name) if figure.name else ""
    sheet.write_formula(row, column, f'=IF({cell}="","",{joined})', build.style.text, shown)


def _single(build: Build, sheet: Worksheet, origin: int, top: int) -> None:
    """Write the figures without a year: those of the premises, and who is in house."""
    style, inputs = build.style, build.overview.inputs
    date, norm = inputs.premises.reference_date, inputs.premises.norm_per_fte
    in_house = sum(intake.in_house for intake in inputs.intake.values()) / 100
    _headings(build, sheet, top, origin - FIRST_FIGURE, "Zonder jaar")
    sheet.write_string(top, FIRST_FIGURE, "waarde", style.number_heading)
    from_premise = "zoals ingevuld bij de uitgangspunten"
    rows = (
        (
            "normbedrag-fte", "Normbedrag per fte", _premise(NORM), nl.ABSENT if norm is None else norm / 100,
            style.amount, _premise_origin(build, NORM), from_premise,
        ),
        (
            "peildatum", "Peildatum", _premise(REFERENCE_DATE),
            (dt.date(*date) - DAY_ZERO).days if date else nl.ABSENT,
            style.short_date, _premise_origin(build, REFERENCE_DATE), from_premise,
        ),
        (
            "fte-in-dienst", "Al in dienst, in fte", "SUM(instroom_in_dienst)", in_house,
            style.fte, _column_origin(build, "intake", "fte_in_dienst"), "som van die kolom",
        ),
    )  # fmt: skip
    for row, (mark, what, formula, value, form, cells, rule) in enumerate(rows, start=top + 1):
        sheet.write_string(row, MARK, mark, style.text)
        sheet.write_string(row, WHAT, what, style.text)
        sheet.write_formula(row, FIRST_FIGURE, f"={formula}", form, value)
        _origin(build, sheet, row, origin, cells)
        sheet.write_string(row, origin + 2, rule, style.text)


class Origin(NamedTuple):
    """Where a figure comes from: its sheet, the formula of its address, that address now."""

    sheet: str
    formula: str
    address: str


def _origin(build: Build, sheet: Worksheet, row: int, column: int, origin: Origin) -> None:
    sheet.write_string(row, column, origin.sheet, build.style.text)
    sheet.write_formula(row, column + 1, f"={origin.formula}", build.style.text, origin.address)


def _column_origin(build: Build, key: str, column: str) -> Origin:
    placed = build.placed[key]
    (name,) = (f"{RANGE_NAMES[key]}_{short}" for short, long in NAMES[key].items() if long == column)
    position = placed.column(column)
    address = xl_range(placed.top + 1, position, LAST_ROW - 1, position)
    formula = _address(f"INDEX({name},1)", f"INDEX({name},ROWS({name}))")
    return Origin(placed.table.sheet, formula, address)


def _premise(name: str) -> str:
    return f'IFERROR({_premise_cell(name)},"{nl.ABSENT}")'


def _premise_cell(name: str) -> str:
    return f'INDEX(uitgangspunten_waarde,MATCH("{name}",uitgangspunten_naam,0))'


def _premise_origin(build: Build, name: str) -> Origin:
    placed = build.placed["premises"]
    names = placed.column("uitgangspunt") - placed.left
    rows = (number - 1 for number, row in placed.raw.rows if row[names] == name)
    address = next((xl_rowcol_to_cell(row, placed.column("waarde")) for row in rows), nl.ABSENT)
    return Origin(placed.table.sheet, f'IFERROR({_address(_premise_cell(name))},"{nl.ABSENT}")', address)


def _address(first: str, last: str = "") -> str:
    """Return the formula of the address of a cell or of the cells between two, wherever they move."""
    corners = (f"ADDRESS(ROW({cell}),COLUMN({cell}),4)" for cell in (first, last) if cell)
    return '&":"&'.join(corners)


def _headings(build: Build, sheet: Worksheet, row: int, slots: int, title: str) -> None:
    """Write a heading row: what stands in each column, save that of the figures."""
    sheet.write_string(row, MARK, "kenmerk", build.style.heading)
    sheet.write_string(row, WHAT, title, build.style.heading)
    for column in range(FIRST_FIGURE, FIRST_FIGURE + slots):
        sheet.write_blank(row, column, None, build.style.number_heading)
    for column, heading in enumerate(ORIGIN_HEADINGS, start=FIRST_FIGURE + slots):
        sheet.write_string(row, column, heading, build.style.heading)
    sheet.set_row(row, page.HEADING_HEIGHT)


def _mark(build: Build, sheet: Worksheet, first: int, last: int, width: int) -> None:
    cells = (first, FIRST_FIGURE, last, FIRST_FIGURE + width - 1)
    page.mark_negative(sheet, build.style, *cells)
    page.show_cents(sheet, build.style, *cells)


def _shown(cells: Iterable[object]) -> list[Shown]:
    return [cell if isinstance(cell, float) else nl.ABSENT for cell in cells]


def _padded(cells: Iterable[Shown], count: int) -> list[Shown]:
    """Return the cells and, up to a count, empty ones: years to come."""
    given = list(cells)
    return [*given, *[""] * (count - len(given))]


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text).strip("-")
