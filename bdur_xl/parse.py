"""Sheet rows -> values and findings: everything that is wrong, at once, with its place.

A row that cannot be read for sure becomes a fault, never a guess and never nothing.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from fractions import Fraction
from functools import cache, cached_property, lru_cache, partial, wraps
from typing import Concatenate, Generic, NamedTuple, ParamSpec, TypeVar, cast

from bdur_xl import cells, line_columns, nl, plan_columns, terms
from bdur_xl.cells import CellError
from bdur_xl.kept import MOST
from bdur_xl.model import (
    Actual,
    BudgetYear,
    CapacityColumn,
    CapacityLine,
    ControlTotal,
    Date,
    Explanation,
    ExtraCost,
    Finding,
    FocusArea,
    FromYear,
    Goal,
    Inputs,
    Intake,
    LedgerRule,
    Link,
    Plan,
    PlanLine,
    Premises,
    Reservation,
    Scenario,
    Status,
    YearColumn,
)
from bdur_xl.tables import (
    INPUT_TABLES,
    REQUIRED_TABLES,
    Content,
    FigureColumn,
    InputTable,
    RawTable,
    Texts,
    capacity_column,
    heading_key,
    year_column,
)
from bdur_xl.terms import OPPOSITE, Kind, Level

T = TypeVar("T")
P = ParamSpec("P")
Findings = list[Finding]

MOST_NAMED = 10
"""Unknown codes of one cell that a fault names; the count of the rest follows."""


def parse_inputs(
    raw: Mapping[str, RawTable], required: Collection[str] = REQUIRED_TABLES
) -> tuple[Inputs, Findings]:
    """Return what the tables say and everything wrong with them.

    With a finding of status FAULT the inputs are incomplete: give no figures.
    A table that is not `required` may be missing and is then empty; without
    the plan, codes of plan lines are taken as written.
    """
    found: Findings = []
    sheets = {
        key: _Sheet(table, raw[key], found) if key in raw else _missing(table, found, key in required)
        for key, table in INPUT_TABLES.items()
    }
    if set(REQUIRED_TABLES) <= set(required):
        found += _deleted(raw)
    premises = _premises(sheets["premises"])
    plan = _plan(sheets["plan"])._replace(unsplit_as=premises.unsplit_as)
    goals = _goals(sheets["goals"])
    areas = _areas(sheets["areas"], goals)

    def known(key: str) -> bool:
        return key in raw or key in required

    lines = _Codes("planregel", "plan", lambda: plan_columns.line_ids(plan.lines), known=known("plan"))
    inputs = Inputs(
        plan=plan,
        budget=_budget(sheets["budget"]),
        goals=goals,
        areas=areas,
        links=_links(sheets["links"], lines, areas),
        capacity=_capacity(sheets["capacity"], lines),
        intake=_intake(sheets["intake"], lines, premises.norm_per_fte),
        control_totals=_control_totals(sheets["control_totals"]),
        premises=premises,
        explanations=_explanations(sheets["explanations"]),
        capacity_columns=tuple(
            figure.key
            for figure in sheets["capacity"].figures.values()
            if isinstance(figure.key, CapacityColumn)
        ),
        texts=Texts(tuple(raw.values())),
        actuals=_actuals(sheets["actuals"], lines, plan.years),
        ledger_map=_ledger_map(sheets["ledger_map"], lines),
        scenarios=_scenarios(sheets["scenarios"], lines, plan, premises if known("premises") else None),
        reservations=_reservations(sheets["reservations"]),
    )
    return inputs, found


class _Codes:
    """The codes of one kind that exist, found whatever their case; any code when none are `known`."""

    def __init__(
        self, what: str, table: str, codes: Callable[[], Iterable[str]], *, known: bool = True
    ) -> None:
        self.what, self.sheet, self.known = what, INPUT_TABLES[table].sheet, known
        self._listed = codes

    def __eq__(self, other: object) -> bool:
        """Tell whether exactly the same codes are known."""
        return isinstance(other, _Codes) and self._all == other._all

    __hash__ = None  # type: ignore[assignment]

    @property
    def _all(self) -> tuple[object, ...]:
        return self.what, self.sheet, self.known, self.known and list(self._listed())

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {nl.fold(code): code for code in self._listed()}

    @cached_property
    def plain(self) -> frozenset[str]:
        """The codes, when a cell may hold each as it is: single words, no two equal but for case."""
        codes = list(self._listed())
        text = " ".join(codes)
        words = text.isascii() and text.isprintable() and "," not in text and text.split() == codes
        alike = len(set(map(str.casefold, codes))) < len(codes)
        return frozenset(codes) if self.known and words and not alike else frozenset()

    def find(self, code: str) -> str | None:
        return self._codes.get(nl.fold(code)) if self.known else code


class _Row:
    """One row of a table: cells by column name, faults by cell."""

    def __init__(self, sheet: "_Sheet", number: int, row: tuple[object, ...]) -> None:
        self._sheet, self._number, self._cells = sheet, number, row
        self._texts: dict[str, str | None] = {}

    @property
    def place(self) -> str:
        return self._sheet.raw.place(self._number)

    def place_of(self, name: str) -> str:
        return self._sheet.raw.place(self._number, self._sheet.index.get(name))

    def heading(self, name: str) -> str:
        return next(column.heading for column in self._sheet.table.columns if column.name == name)

    def fault(self, name: str, message: str, remedy: str) -> None:
        self._sheet.add(self.place_of(name), message, remedy)

    def _convert(self, position: int, convert: Callable[[object], T]) -> T | None:
        try:
            return convert(self._cells[position])
        except CellError as error:
            place = self._sheet.raw.place(self._number, position)
            slid = _SLID if self._has_slid(position) else ""
            self._sheet.add(place, error.message + slid, error.remedy)
            return None

    def _has_slid(self, position: int) -> bool:
        """Tell whether words stand under a figure column while the text after the code is gone."""
        cell = self._cells[position]
        words = isinstance(cell, str) and any(sign.isalpha() for sign in cell)
        return words and position in self._sheet.figures and self.is_blank(self._sheet.table.columns[1].name)

    def is_blank(self, name: str) -> bool:
        position = self._sheet.index.get(name)
        return position is None or cells.is_blank(self._cells[position])

    def get(self, name: str, convert: Callable[[object], T]) -> T | None:
        """Return a cell converted; a refused cell is a fault and reads None."""
        position = self._sheet.index.get(name)
        return None if position is None else self._convert(position, convert)

    def text(self, name: str) -> str | None:
        """Return a cell's text; however often asked, a refused cell is one fault."""
        if name not in self._texts:
            self._texts[name] = self.get(name, cells.text)
        return self._texts[name]

    def number_at(self, position: int, content: Content) -> int | None:
        """Return a cell's exact hundredths, noting what was rounded or negative."""
        place = self._sheet.raw.place(self._number, position)
        value = self._convert(position, partial(cells.number, what=str(content)))
        if value is None:
            return None
        shown = nl.euro if content is Content.AMOUNT else nl.fte
        if not value.exact:
            self._sheet.add(
                place,
                f"heeft meer dan twee decimalen; gerekend is met {shown(value.hundredths)}",
                "Typ het bedrag in hele centen.",
                Status.SIGNAL,
            )
        if value.hundredths < 0:
            self._sheet.add(
                place,
                f"is negatief ({shown(value.hundredths)}) en telt als aftrek mee",
                "Controleer of dit zo bedoeld is.",
                Status.SIGNAL,
            )
        return value.hundredths

    def number(self, name: str, content: Content = Content.AMOUNT) -> int | None:
        position = self._sheet.index.get(name)
        return None if position is None else self.number_at(position, content)

    def figures(self) -> dict[YearColumn | CapacityColumn, int]:
        """Return the row's year columns that hold a figure."""
        read = (
            (figure.key, self.number_at(position, figure.content))
            for position, figure in self._sheet.figures.items()
        )
        return {key: value for key, value in read if value is not None}

    def codes(self, name: str, codes: _Codes, prefix: str = "") -> tuple[str, ...]:
        """Return the codes a cell names, one or more; an unknown one is a fault."""
        words = (self.text(name) or "").replace(",", " ").split()
        found = {word: codes.find(word) or codes.find(prefix + word) for word in words}
        if unknown := [cells.quoted(word) for word, code in found.items() if code is None]:
            more = [f"{len(unknown) - MOST_NAMED} andere"] if len(unknown) > MOST_NAMED else []
            message = f"onbekend: {codes.what} {nl.listing([*unknown[:MOST_NAMED], *more])}"
            remedy = f"Gebruik een code van het blad {codes.sheet}, of voeg hem daar toe."
            self.fault(name, message, remedy)
        return tuple(code for word in words if (code := found[word]) is not None)

    def code(self, name: str, codes: _Codes, prefix: str = "") -> str | None:
        """Return the one code a cell must name; a blank or unknown one is a fault."""
        remedy = f"Vul één code in van het blad {codes.sheet}."
        if self.is_blank(name):
            self.fault(name, f"{codes.what} is leeg", remedy)
        known = self.codes(name, codes, prefix)
        if len(known) > 1:
            self.fault(name, f"noemt meer dan één {codes.what}: {nl.listing(known)}", remedy)
        return next(iter(known), None)

    def required_choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return the allowed word the cell holds; blank is a fault."""
        if self.is_blank(name):
            self.fault(name, f"{name} is leeg", f"Kies uit: {nl.listing(allowed, 'of')}.")
        return self.choice(name, allowed)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return the allowed word the cell holds, whatever its case and spaces."""
        value = self.text(name)
        words = {nl.fold(word): word for word in allowed}
        if value is None or nl.fold(value) in words:
            return None if value is None else words[nl.fold(value)]
        remedy = f"Kies uit: {nl.listing(allowed, 'of')}."
        self.fault(name, f"bevat {cells.quoted(value)}, dat is hier onbekend", remedy)
        return None


class _Sheet:
    """One input table while it is read: its columns, its rows, its findings."""

    def __init__(self, table: InputTable, raw: RawTable, found: Findings) -> None:
        self.table, self.raw, self.found = table, raw, found
        self.index: dict[str, int] = {}
        self.figures: dict[int, FigureColumn] = {}
        known = _known_headings(table, raw.headings)
        if known:
            self.index, self.figures = known
        else:
            self._read_headings()
        self._refuse_columns_beside()
        self._refuse_merged_cells()
        self._require_columns()

    def apart(self) -> "_Sheet":
        """Return the same table with findings of its own."""
        other = copy(self)
        other.found = []
        return other

    def add(self, where: str, message: str, remedy: str, status: Status = Status.FAULT) -> None:
        code = "invoer" if status is Status.FAULT else "cel"
        self.found.append(Finding(code, status, where, message, remedy))

    def _read_headings(self) -> None:
        for position, heading in enumerate(self.raw.headings):
            shown = _heading(heading)
            place = self.raw.place(self.raw.header_row, position)
            figure = self.table.figure(shown) if self.table.figure else None
            known = self.table.column(shown)
            if known:
                self._index(known.name, position, shown, place)
            elif figure and figure.key in {one.key for one in self.figures.values()}:
                self.add(place, f"kolom {shown} staat er twee keer", "Houd één kolom over.")
            elif figure and figure.key.year not in cells.YEARS:
                self.add(place, f"kolom {shown} noemt geen bruikbaar jaar", self._rename())
            elif figure:
                self.figures[position] = figure
            elif self._holds_anything(position):
                self._unknown_heading(shown, place)

    def _refuse_columns_beside(self) -> None:
        for offset, heading in enumerate(self.raw.beside, start=len(self.raw.headings)):
            if self._may_be_year(heading):
                self.add(
                    self.raw.place(self.raw.header_row, offset),
                    f"kolom {_heading(heading) or heading} staat naast de tabel en telt niet mee",
                    "Trek de tabel door over deze kolom (sleep de hoek), of haal de kolom weg.",
                )

    def _may_be_year(self, heading: object) -> bool:
        """Tell whether a heading names a year column, almost does, or cannot be read."""
        if not self.table.figure or cells.is_blank(heading):
            return False
        shown = _heading(heading)
        return not shown or bool(self.table.figure(shown) or _YEAR.search(shown))

    def _refuse_merged_cells(self) -> None:
        for area in self.raw.merged:
            self.add(
                f"{self.raw.source}!{area}",
                "de cellen zijn samengevoegd: alleen de eerste telt",
                "Splits de cellen (samenvoegen opheffen) en vul elke cel zelf in.",
            )

    def _index(self, name: str, position: int, shown: str, place: str) -> None:
        if name in self.index:
            self.add(place, f"kolom {shown} staat er twee keer", "Houd één kolom over.")
        self.index.setdefault(name, position)

    def _holds_anything(self, position: int) -> bool:
        return any(not cells.is_blank(row[position]) for _, row in self.raw.rows)

    def _unknown_heading(self, shown: str, place: str) -> None:
        if not shown:
            self.add(place, "kolom zonder leesbare kop bevat gegevens", "Zet een kop boven de kolom.")
        elif self.table.figure and _YEAR.search(shown):
            self.add(place, f"kolom {cells.quoted(shown)} is geen bekende jaarkolom", self._rename())
        else:
            message = f"kolom {cells.quoted(shown)} is eigen invoer en telt nergens mee"
            self.add(place, message, "Geen actie nodig.", Status.SIGNAL)

    def _rename(self) -> str:
        return f"Noem de kolom zoals de andere: {self._figure_example()}."

    def _figure_example(self) -> str:
        if self.table.figure is capacity_column:
            return "capaciteit structureel 2027 (fte), middelen structureel 2027 (€)"
        return "2027, 2027 i of 2027 s"

    def _require_columns(self) -> None:
        for column in self.table.columns:
            if column.required and column.name not in self.index:
                self.add(
                    self.raw.place(self.raw.header_row),
                    f"kolom {column.heading} ontbreekt",
                    f"Zet de kop {column.heading} terug boven de kolom.",
                )
        if self.table.figure and not self.figures and self.table.key == "plan":
            self.add(
                self.raw.place(self.raw.header_row),
                "er is geen enkele jaarkolom",
                f"Voeg een kolom toe: {self._figure_example()}.",
            )

    def rows(self) -> Iterator[_Row]:
        """Yield the rows that hold anything; rows beneath the table are faults."""
        for number, row in self.raw.beneath:
            if not cells.all_blank(row):
                self._stray(number, row)
        for number, row in self.raw.rows:
            if not cells.all_blank(row):
                yield _Row(self, number, row)

    def _stray(self, number: int, row: tuple[object, ...]) -> None:
        if _looks_like_total(row, None):
            message, remedy = _TOTAL_ROW
        else:
            message = "staat onder de tabel en telt in de werkmap niet mee"
            remedy = "Trek de tabel door over deze rij (sleep de hoek), of haal de rij weg."
        self.add(self.raw.place(number), message, remedy)

    def identified(self) -> Iterator[tuple[str, _Row]]:
        """Yield (id, row); a blank or doubled id is a fault, a total row too and left out."""
        name = self.table.columns[0].name
        seen: dict[str, str] = {}
        for row in self.rows():
            row_id = row.text(name)
            if _looks_like_total(row._cells, row_id):
                self.add(row.place, *_TOTAL_ROW)
                continue
            if row_id is None and row.is_blank(name):
                heading = self.table.columns[0].heading
                row.fault(name, f"{heading} is leeg op een rij met gegevens", "Geef de rij een eigen code.")
            elif row_id is not None and nl.fold(row_id) in seen:
                first = seen[nl.fold(row_id)]
                row.fault(
                    name, f"{row_id} komt dubbel voor (ook in {first})", "Geef elke rij een eigen code."
                )
            seen.setdefault(nl.fold(row_id or ""), row.place_of(name))
            yield row_id or "", row


def _known_headings(
    table: InputTable, headings: tuple[object, ...]
) -> tuple[dict[str, int], dict[int, FigureColumn]] | None:
    """Return where the columns stand; None when a heading is no text or asks for a closer look."""
    plain = all(type(heading) is str for heading in headings)
    return _columns_of(table.key, cast(tuple[str, ...], headings)) if plain else None


@lru_cache(maxsize=256)
def _columns_of(key: str, headings: tuple[str, ...]) -> tuple[dict[str, int], dict[int, FigureColumn]] | None:
    table = INPUT_TABLES[key]
    columns = [table.column(cells.visible(heading)) for heading in headings]
    index = {column.name: at for at, column in enumerate(columns) if column}
    figures = {
        at: figure
        for at, heading in enumerate(headings)
        if not columns[at] and table.figure and (figure := table.figure(cells.visible(heading)))
    }
    in_order = {figure.key for figure in figures.values() if figure.key.year in cells.YEARS}
    return (index, figures) if len(index) + len(in_order) == len(headings) else None


def _heading(cell: object) -> str:
    """Return a column's heading, "" when there is none to read."""
    try:
        return cells.text(cell) or ""
    except CellError:
        return ""


_YEAR = re.compile(r"(19|20|21)\d\d")
"""What makes a heading look like a year column."""

_SLID = "; de rij lijkt een kolom naar rechts verschoven"

_TOTAL_ROW = (
    "lijkt een totaalregel: die zou dubbel tellen",
    "Haal de rij uit de tabel; de totalen staan op het blad Overzicht.",
)

_TOTAL = re.compile(r"totaal\b|^som\b")
_ONLY_TOTAL = re.compile(r"\w*totaal")


def _looks_like_total(row: tuple[object, ...], row_id: str | None) -> bool:
    texts = [nl.fold(cell) for cell in row if isinstance(cell, str) and not cells.is_blank(cell)]
    if row_id is None:
        return not texts or any(_TOTAL.search(text) for text in texts)
    return bool(_TOTAL.search(nl.fold(row_id))) or any(_ONLY_TOTAL.fullmatch(text) for text in texts)


def _missing(table: InputTable, found: Findings, required: bool) -> _Sheet:
    if required and table.required:
        message = f"blad {table.sheet} met de tabel {table.table} ontbreekt"
        remedy = "Zet het blad terug, of begin met een nieuwe werkmap: bdur nieuw."
        found.append(Finding("invoer", Status.FAULT, table.sheet, message, remedy))
    return _empty(table.key)


@cache
def _empty(key: str) -> _Sheet:
    """Return a table without rows; nothing is found in it."""
    table = INPUT_TABLES[key]
    headings = tuple(column.heading for column in table.columns)
    return _Sheet(table._replace(figure=None), RawTable(table.sheet, headings, ()), [])


def _deleted(raw: Mapping[str, RawTable]) -> Iterator[Finding]:
    """Yield a signal per optional table that is not there while another is: a workbook that old has none."""
    optional = [table for table in INPUT_TABLES.values() if not table.required]
    missing = [table for table in optional if table.key not in raw]
    for table in missing if len(missing) < len(optional) else ():
        message = f"tabel {table.table} ontbreekt en geldt als leeg"
        remedy = "Zet haar terug uit een reservekopie, of laat het zo als de werkmap haar nooit had."
        yield Finding("cel", Status.SIGNAL, table.sheet, message, remedy)


def _names() -> Callable[[str | None], str | None]:
    """Return a function that gives equal names (but for case) one spelling."""
    first: dict[str, str] = {}
    return lambda name: None if name is None else first.setdefault(nl.fold(name), name)


def _remembered(read: Callable[Concatenate[_Sheet, P], T]) -> Callable[Concatenate[_Sheet, P], T]:
    """Remember what tables say: a call that follows an edit sees most of them unchanged.

    What is read depends on nothing but the table and the further arguments.
    """
    latest: list[_Known[T]] = []

    @wraps(read)
    def remembered(sheet: _Sheet, /, *further: P.args, **named: P.kwargs) -> T:
        found = next((one for one in latest if one.further == further and one.is_of(sheet.raw)), None)
        if found is None:
            own = sheet.apart()
            found = _Known(sheet.raw, further, read(own, *further, **named), own.found)
            latest[MOST - 1 :] = []
            latest.insert(0, found)
        sheet.found += found.found
        return found.value

    return remembered


class _Known(Generic[T]):
    """What a table says, and the very cells that say it."""

    def __init__(self, raw: RawTable, further: tuple[object, ...], value: T, found: Findings) -> None:
        self._raw, self.further, self.value, self.found = raw, further, value, found

    def is_of(self, raw: RawTable) -> bool:
        """Tell whether a table holds these very cells."""
        known = self._raw
        return raw is known or (type(raw) is type(known) and raw == known and raw.types == known.types)


@_remembered
def _plan(sheet: _Sheet) -> Plan:
    columns = tuple(f.key for f in sheet.figures.values() if isinstance(f.key, YearColumn))
    lines = plan_columns.read(sheet.raw, sheet.index, sheet.figures)
    _check_split(sheet, columns)
    return Plan(columns, _plan_lines(sheet) if lines is None else lines)


def _plan_lines(sheet: _Sheet) -> tuple[PlanLine, ...]:
    theme, department = _names(), _names()
    lines = []
    for line_id, row in sheet.identified():
        if line_id.startswith(OPPOSITE):
            message = f"de code {line_id} begint met een streepje: dat keert in de memo het teken om"
            row.fault("regel_id", message, "Geef de regel een code die met een letter of een cijfer begint.")
        amounts = {key: cents for key, cents in row.figures().items() if isinstance(key, YearColumn)}
        lines.append(
            PlanLine(
                line_id=line_id,
                theme=theme(row.text("hoofdthema")),
                block=row.required_choice("blok", terms.BLOCKS) or "",
                subtheme=row.text("subthema"),
                amounts=amounts,
                department=department(row.text("afdeling_sector")),
                remark=row.text("opmerking"),
                place=row.place,
            )
        )
    return tuple(lines)


def _check_split(sheet: _Sheet, columns: tuple[YearColumn, ...]) -> None:
    split = {column.year for column in columns if column.kind is not Kind.UNSPLIT}
    for column in columns:
        if column.kind is Kind.UNSPLIT and column.year in split:
            sheet.add(
                sheet.raw.place(sheet.raw.header_row),
                f"{column.year} staat er gesplitst (i, s) én ongesplitst: dat telt dubbel",
                f"Houd {column.year} i en {column.year} s over, of alleen {column.year}.",
            )


@_remembered
def _budget(sheet: _Sheet) -> dict[int, BudgetYear]:
    budget = {}
    for named, row in sheet.identified():
        year = row.get("jaar", cells.year) if named else None
        entry = (
            row.number("beschikbaar_tabel2"),
            row.number("exact_bedrag"),
            row.text("bron"),
            row.text("status"),
        )
        cut = row.get("korting", cells.share) or Fraction(0)
        if year is not None:
            budget[year] = BudgetYear(
                year,
                *entry,
                cut=cut,
                national=row.number("landelijk_bedrag"),
                national_source=row.text("bron_landelijk"),
                place=row.place,
            )
    return budget


@_remembered
def _goals(sheet: _Sheet) -> tuple[Goal, ...]:
    return tuple(
        Goal(
            goal_id=goal_id,
            frame=row.text("kader") or "",
            parent=row.text("valt_onder"),
            text=row.text("tekst") or "",
            kind=row.text("soort") or "",
            source=row.text("bron"),
            place=row.place,
        )
        for goal_id, row in sheet.identified()
    )


@_remembered
def _areas(sheet: _Sheet, goals: tuple[Goal, ...]) -> tuple[FocusArea, ...]:
    grant = _Codes("RCDV-doel", "goals", lambda: (g.goal_id for g in goals if not g.is_objective))
    policy = _Codes("RBP-doel", "goals", lambda: (g.goal_id for g in goals if g.is_objective))
    opgaven = {g.goal_id for g in goals if g.is_heading}
    return tuple(
        FocusArea(
            area_id=area_id,
            text=row.text("tekst") or "",
            goal_id=row.code("rcdv_doel_afgeleid", grant, terms.GRANT_GOAL_PREFIX) or "",
            objectives=_objectives(row, policy, opgaven),
            place=row.place,
        )
        for area_id, row in sheet.identified()
    )


def _objectives(row: _Row, policy: _Codes, opgaven: Collection[str]) -> tuple[str, ...]:
    """Return the objectives an area names; an opgave is a fault: it would be counted nowhere."""
    named = row.codes("rbp", policy)
    for code in named:
        if code in opgaven:
            remedy = "Noem de doelstellingen die eronder vallen."
            row.fault("rbp", f"{code} is een opgave: die telt zelf nergens mee", remedy)
    return named


@_remembered
def _links(sheet: _Sheet, lines: _Codes, areas: tuple[FocusArea, ...]) -> tuple[Link, ...]:
    area_codes = _Codes("aandachtsgebied", "areas", lambda: (area.area_id for area in areas))
    quick = line_columns.links(sheet.raw, sheet.index, lines.plain, area_codes.plain)
    return _link_rows(sheet, lines, area_codes) if quick is None else quick


def _link_rows(sheet: _Sheet, lines: _Codes, area_codes: _Codes) -> tuple[Link, ...]:
    links = []
    for row in sheet.rows():
        line_id = row.code("regel_id", lines)
        named = row.codes("aandacht_id", area_codes)
        level = row.required_choice("dekking", terms.LEVELS)
        if level in terms.OWN_LINE and row.is_blank("aandacht_id"):
            remedy = "Vul het aandachtsgebied in, of kies ondersteunend of geen."
            row.fault("aandacht_id", f"dekking {level} zonder aandachtsgebied", remedy)
        if line_id and level:
            links += [Link(line_id, area_id, Level(level), row.text("grond"), row.place)
                      for area_id in named or (None,)]  # fmt: skip
    return tuple(links)


def _capacity(sheet: _Sheet, lines: _Codes) -> tuple[CapacityLine, ...]:
    return tuple(
        CapacityLine(
            line_id=line_id,
            theme=row.text("hoofdthema"),
            subject=row.text("thema"),
            figures={key: value for key, value in row.figures().items() if isinstance(key, CapacityColumn)},
            department=row.text("afdeling_sector"),
            plan_lines=row.codes("tabel2_regels", lines),
            remark=row.text("opmerking"),
            place=row.place,
        )
        for line_id, row in sheet.identified()
    )


@_remembered
def _intake(sheet: _Sheet, lines: _Codes, norm: int | None) -> dict[str, Intake]:
    quick = line_columns.intake(sheet.raw, sheet.index, lines.plain, norm)
    return _intake_rows(sheet, lines, norm) if quick is None else quick


def _intake_rows(sheet: _Sheet, lines: _Codes, norm: int | None) -> dict[str, Intake]:
    intake = {}
    for named, row in sheet.identified():
        line_id = row.code("regel_id", lines) if named else None
        start = row.get("startmaand", cells.month)
        in_house = row.number("fte_in_dienst", Content.FTE) or 0
        if in_house < 0:
            row.fault("fte_in_dienst", "fte al in dienst is negatief", "Typ 0 of meer, of maak de cel leeg.")
        if in_house and norm is None:
            message = "fte al in dienst kan niet worden omgerekend zonder normbedrag"
            remedy = f"Vul op het blad {INPUT_TABLES['premises'].sheet} het normbedrag fte in."
            row.fault("fte_in_dienst", message, remedy)
        if line_id:
            intake[line_id] = Intake(line_id, start, in_house, row.text("grondslag"), row.place)
    return intake


@_remembered
def _control_totals(sheet: _Sheet) -> tuple[ControlTotal, ...]:
    readers = {INPUT_TABLES["plan"].sheet: year_column, INPUT_TABLES["capacity"].sheet: capacity_column,
               "Tabel 2": year_column}  # fmt: skip
    totals = []
    for row in sheet.rows():
        table = row.required_choice("tabel", tuple(readers))
        figure = readers[table](row.text("kolom") or "") if table else None
        if table and figure is None:
            row.fault("kolom", f"geen kolom van {table}", "Neem de kop van de kolom over.")
        total = row.number("totaal", figure.content if figure else Content.AMOUNT)
        if row.is_blank("totaal"):
            row.fault("totaal", "totaal is leeg", "Typ het gedrukte totaal, of haal de rij weg.")
        if table and figure and total is not None:
            totals.append(ControlTotal(table, figure.key, total, row.text("bron"), row.place))
    return tuple(totals)


@_remembered
def _explanations(sheet: _Sheet) -> tuple[Explanation, ...]:
    explanations = []
    for row in sheet.rows():
        stated = {name: row.text(name) or "" for name in ("code", "waar", "bevinding", "toelichting")}
        for name, text in stated.items():
            if not text and row.is_blank(name):
                remedy = "Neem code, waar en bevinding over van het blad Controles en typ de reden ernaast."
                row.fault(name, f"{name} is leeg", remedy)
        if all(stated.values()):
            explanations.append(
                Explanation(
                    code=stated["code"],
                    where=stated["waar"],
                    message=stated["bevinding"],
                    reason=stated["toelichting"],
                    place=row.place,
                )
            )
    return tuple(explanations)


def _actuals(sheet: _Sheet, lines: _Codes, years: Collection[int]) -> tuple[Actual, ...]:
    """Return what was spent; the rows of one year share one peildatum, or they cannot be compared."""
    actuals = []
    first: dict[int, tuple[Date, str]] = {}
    for row in sheet.rows():
        line_id = row.code("regel_id", lines)
        year, until = _required(row, "jaar", cells.year), _required(row, "tot_en_met", cells.day)
        amount = row.number("bedrag")
        if row.is_blank("bedrag"):
            row.fault("bedrag", "bedrag is leeg", "Typ 0 als er niets is uitgegeven, of haal de rij weg.")
        if year and lines.known and year not in years:
            row.fault("jaar", f"{year} staat niet in het plan", "Voeg het jaar toe op het blad Plan.")
        if year and until:
            _check_until(row, year, until, first)
        if line_id and year and until and amount is not None:
            actuals.append(Actual(line_id, year, amount, until, row.text("omschrijving"), row.place))
    return tuple(actuals)


def _required(row: _Row, name: str, convert: Callable[[object], T | None]) -> T | None:
    if row.is_blank(name):
        heading = row.heading(name)
        row.fault(name, f"{heading} is leeg", f"Vul {heading} in, of haal de rij weg.")
    return row.get(name, convert)


def _check_until(row: _Row, year: int, until: Date, first: dict[int, tuple[Date, str]]) -> None:
    if until[0] != year:
        remedy = f"Typ een dag in {year}: een heel jaar loopt tot en met 31-12."
        row.fault("tot_en_met", f"{nl.date(*until)} valt niet in {year}", remedy)
    earlier, place = first.setdefault(year, (until, row.place_of("tot_en_met")))
    if until != earlier:
        message = f"{year} loopt hier t/m {nl.date(*until)}, maar in {place} t/m {nl.date(*earlier)}"
        row.fault("tot_en_met", message, "Houd per jaar één peildatum aan.")


def _ledger_map(sheet: _Sheet, lines: _Codes) -> tuple[LedgerRule, ...]:
    rules: dict[tuple[str, str], LedgerRule] = {}
    for row in sheet.rows():
        account, centre = row.text("grootboekrekening"), row.text("kostenplaats")
        line_id = row.code("regel_id", lines)
        key = nl.fold(account or ""), nl.fold(centre or "")
        if not any(key):
            remedy = "Vul een grootboekrekening in, een kostenplaats, of beide."
            row.fault("grootboekrekening", "rekening en kostenplaats zijn beide leeg", remedy)
        elif line_id:
            rule = rules.setdefault(key, LedgerRule(account, centre, line_id, row.place))
            if rule.line_id != line_id:
                named = nl.listing(text for text in (account, centre) if text)
                message = f"{named} hoort hier bij {line_id}, maar in {rule.place} bij {rule.line_id}"
                row.fault("regel_id", message, "Houd één regel over.")
    return tuple(rules.values())


class _Premise(NamedTuple):
    """How one uitgangspunt is read: into which field, by which converter."""

    field: str
    convert: Callable[[object], object]
    many: bool = False


def _amount(cell: object) -> int | None:
    value = cells.number(cell, str(Content.AMOUNT))
    if value is not None and value.hundredths <= 0:
        raise CellError("is niet groter dan nul", "Typ het bedrag in euro's.")
    return value and value.hundredths


def _kind(cell: object) -> Kind | None:
    shown = cells.text(cell)
    if shown is None or nl.fold(shown) in {Kind.STRUCTURAL, Kind.INCIDENTAL}:
        return Kind(nl.fold(shown)) if shown else None
    raise CellError(f"bevat {cells.quoted(shown)}", "Kies structureel of incidenteel, of maak de cel leeg.")


_PREMISES = {
    "regio": _Premise("region", cells.text),
    "regio kort": _Premise("region_short", cells.text),
    "aan": _Premise("addressee", cells.text),
    "betreft": _Premise("subject", cells.text),
    "status": _Premise("status", cells.text),
    "peildatum": _Premise("reference_date", cells.date),
    "wijzigingen sinds": _Premise("changes_since", cells.date),
    "normbedrag fte": _Premise("norm_per_fte", _amount),
    "ongesplitst als": _Premise("unsplit_as", _kind),
    "instroommaand": _Premise("intake_months", cells.month, many=True),
    "indexering": _Premise("indexation_agreed", cells.text),
    "overdracht saldo": _Premise("carry_over_agreed", cells.text),
}


@_remembered
def _premises(sheet: _Sheet) -> Premises:
    values: dict[str, object] = {}
    for row in sheet.rows():
        name = heading_key(row.text("uitgangspunt") or "")
        premise = _PREMISES.get(name)
        if premise is None:
            message = f"uitgangspunt {cells.quoted(name)} is onbekend en telt nergens mee"
            sheet.add(row.place, message, f"Bekend zijn: {nl.listing(_PREMISES)}.", Status.SIGNAL)
            continue
        value = row.get("waarde", premise.convert)
        if premise.field in values and not premise.many:
            row.fault("uitgangspunt", f"{name} komt dubbel voor", "Houd één rij over.")
        elif premise.many and value is not None:
            earlier = values.get(premise.field, ())
            assert isinstance(earlier, tuple)
            values[premise.field] = (*earlier, value)
        elif value is not None:
            values[premise.field] = value
    return Premises(**values)  # type: ignore[arg-type]  # fields and converters stand side by side above


def _scenarios(sheet: _Sheet, lines: _Codes, plan: Plan, premises: Premises | None) -> tuple[Scenario, ...]:
    """Return the what-ifs; `premises` is None where they are not handed over and cannot be held against."""
    scenarios = []
    for name, row in sheet.identified():
        start, in_house = row.get("startmaand", cells.month), row.number("fte_in_dienst", Content.FTE) or 0
        scenario = Scenario(
            name=name,
            text=row.text("omschrijving"),
            start=start,
            in_house=in_house,
            cut=_from_year(row, "korting"),
            indexation=_from_year(row, "indexatie"),
            extra=_extra_cost(row, lines, plan),
            carry_over=row.choice("overdracht", ("ja", "nee")) != "nee",
            place=row.place,
        )
        _check_start(row, scenario, plan, premises)
        if nl.fold(name) == terms.BASIS and scenario._replace(text=None, place="") != Scenario(name):
            remedy = "Maak de rest van de rij leeg, of geef het scenario een eigen naam."
            row.fault("naam", f"{name} is het plan zelf en verandert niets", remedy)
        scenarios.append(scenario)
    return tuple(scenarios)


def _check_start(row: _Row, scenario: Scenario, plan: Plan, premises: Premises | None) -> None:
    """Add a fault for a start month, or staff in house, that cannot be worked out."""
    start = scenario.start
    if scenario.in_house < 0:
        row.fault("fte_in_dienst", "fte al in dienst is negatief", "Typ 0 of meer, of maak de cel leeg.")
    if start is None:
        if scenario.in_house and row.is_blank("startmaand"):
            remedy = "Vul de startmaand van de overige formatie in, of maak deze cel leeg."
            row.fault("fte_in_dienst", "fte al in dienst zonder startmaand", remedy)
        return
    if plan.years and start[0] not in plan.years:
        message = f"startmaand valt in {start[0]}, een jaar dat niet in het plan staat"
        row.fault("startmaand", message, f"Kies een maand in {nl.listing(map(str, plan.years), 'of')}.")
    sheet = INPUT_TABLES["premises"].sheet
    unsplit = [str(year) for year in plan.years if year <= start[0] and _is_unsplit(plan, year)]
    if premises and unsplit:
        message = f"het plan splitst {nl.listing(unsplit)} niet: wat structureel is, blijft onbekend"
        row.fault("startmaand", message, f"Vul op het blad {sheet} in als wat ongesplitst geldt.")
    if premises and scenario.in_house and premises.norm_per_fte is None:
        message = "fte al in dienst kan niet worden omgerekend zonder normbedrag"
        row.fault("fte_in_dienst", message, f"Vul op het blad {sheet} het normbedrag fte in.")


def _is_unsplit(plan: Plan, year: int) -> bool:
    return any(column.year == year and plan.kind_of(column) is Kind.UNSPLIT for column in plan.columns)


def _from_year(row: _Row, name: str) -> FromYear | None:
    """Return a share and the year it counts from; the one without the other is a fault."""
    share, year = row.get(name, cells.share), row.get(f"{name}_vanaf", cells.year)
    for given, lacking in ((name, f"{name}_vanaf"), (f"{name}_vanaf", name)):
        if not row.is_blank(given) and row.is_blank(lacking):
            shown, other = (heading.replace("_", " ") for heading in (given, lacking))
            message = f"{other} is leeg terwijl {shown} is ingevuld"
            row.fault(lacking, message, "Vul beide in, of geen van beide.")
    return None if share is None or year is None else FromYear(share, year)


def _extra_cost(row: _Row, lines: _Codes, plan: Plan) -> ExtraCost | None:
    """Return the cost a scenario adds; line, year and amount go together."""
    needed = {"extra_regel": "de regel", "extra_vanaf": "het jaar", "extra_bedrag": "het bedrag"}
    if all(row.is_blank(name) for name in (*needed, "extra_tot_en_met", "extra_fte")):
        return None
    for name, what in needed.items():
        if row.is_blank(name):
            remedy = "Vul regel, jaar en bedrag in, of maak ze alle leeg."
            row.fault(name, f"extra lasten zonder {what}", remedy)
    line_id = None if row.is_blank("extra_regel") else row.code("extra_regel", lines)
    first, price = row.get("extra_vanaf", cells.year), row.number("extra_bedrag")
    last = first if row.is_blank("extra_tot_en_met") else row.get("extra_tot_en_met", cells.year)
    fte = row.number("extra_fte", Content.FTE)
    if first and last and first > last:
        row.fault("extra_tot_en_met", f"{last} ligt voor {first}", "Typ hetzelfde of een later jaar.")
    for name, year in (("extra_vanaf", first), ("extra_tot_en_met", last)):
        if year and plan.years and year not in plan.years and not row.is_blank(name):
            remedy = f"Kies uit {nl.listing(map(str, plan.years), 'of')}."
            row.fault(name, f"{year} is geen jaar van het plan", remedy)
    if line_id is None or first is None or last is None or price is None:
        return None
    return ExtraCost(line_id, first, last, price, fte)


@_remembered
def _reservations(sheet: _Sheet) -> tuple[Reservation, ...]:
    reservations = []
    for name, row in sheet.identified():
        first, last = row.get("vanaf", cells.year), row.get("tot_en_met", cells.year)
        if first and last and first > last:
            row.fault("tot_en_met", f"{last} ligt voor {first}", "Typ hetzelfde of een later jaar.")
        amount = row.number("bedrag_per_jaar")
        reservations.append(Reservation(name, first, last, amount, row.text("grondslag"), row.place))
    return tuple(reservations)
