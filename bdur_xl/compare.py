"""Two versions of a plan -> what differs, and what that does to lasten and ruimte.

Row order, formatting and places are no differences.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import chain, groupby
from typing import NamedTuple

from bdur_xl import nl, tables
from bdur_xl import sentences as words
from bdur_xl.figures import Unit
from bdur_xl.goals import GoalCoverage
from bdur_xl.model import (
    Actual,
    CapacityColumn,
    ControlTotal,
    Explanation,
    Inputs,
    LedgerRule,
    Link,
    PlanLine,
    Premises,
    Reservation,
    Scenario,
    YearColumn,
)  # fmt: skip
from bdur_xl.overview import Overview
from bdur_xl.terms import Basis, Kind, Level

NO_ESTIMATE, NO_AMOUNT = "geen raming", "geen bedrag"

TABLES = {
    "plan": "het plan",
    "columns": "de jaarkolommen",
    "budget": "het budget",
    "goals": "de doelen",
    "areas": "de aandachtsgebieden",
    "links": "de koppeling",
    "capacity": "Tabel 1",
    "intake": "de instroom",
    "control_totals": "de controletotalen",
    "premises": "de uitgangspunten",
    "reservations": "de reserveringen",
    "scenarios": "de scenario's",
    "actuals": "de realisatie",
    "ledger_map": "de rekeningen",
    "explanations": "de toelichtingen",
}
"""What can differ, in the order it is told: the input tables and the year columns of the plan."""


class Change(StrEnum):
    """What happened to a row, or to a year of the plan."""

    ADDED = "toegevoegd"
    REMOVED = "vervallen"
    CHANGED = "gewijzigd"


Value = str | int | Fraction | dt.date | None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row says."""

    label: str
    value: Value
    """A text or a date; or cents, hundredths of an fte or a share, by unit."""
    unit: Unit | None = None
    touches: bool = False
    """True when some figure may follow from it, False for mere text."""
    figure_id: str = ""
    absent: str = ""
    """How a blank is called: geen raming."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an input table, without its place."""

    code: str
    name: str
    """What staff call it: "regel P06 (bevolkingszorg)"."""
    fields: tuple[Field, ...]


class FieldChange(NamedTuple):
    """A field whose value differs."""

    before: Field
    after: Field

    @property
    def touches(self) -> bool:
        """True when some figure may follow from the field."""
        return self.after.touches


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was added, removed or changed, and in what."""

    table: str
    """Key of `TABLES`."""
    row: Row
    """As it is; as it was when it is removed."""
    change: Change
    fields: tuple[FieldChange, ...]


class Pair(NamedTuple):
    """An amount before and after, in cents; None where it is not known or not stated."""

    before: int | None
    after: int | None

    @property
    def difference(self) -> int:
        """After less before, in cents; what is not stated adds nothing."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class Cause:
    """A plan line whose cost of a year differs."""

    line_id: str
    name: str
    """What a sentence calls it: "bevolkingszorg", with its code where that could be two lines."""
    change: Change
    amounts: Mapping[YearColumn, Pair]
    """The amounts that differ; as one of kind *ongesplitst* where the year's split itself differs."""

    @property
    def cost(self) -> int:
        """How much more the line costs that year, in cents: so much less is the room."""
        return sum(pair.difference for pair in self.amounts.values())


@dataclass(frozen=True, slots=True)
class YearChange:
    """What differs in one calendar year."""

    year: int
    change: Change
    """Whether the plan's year is new, gone, or in both versions."""
    planned: Pair
    """Lasten; None where no line states an amount."""
    available: Mapping[Basis, Pair]
    room: Mapping[Basis, Pair]
    causes: tuple[Cause, ...]
    """The lines that make the lasten differ, largest first: their cost adds up to the difference."""
    grant_fields: tuple[FieldChange, ...]
    """What differs in the year's row of Budget, amounts and korting."""

    @property
    def grant_differs(self) -> bool:
        """Tell whether the available amount differs, on either basis."""
        return any(pair.before != pair.after for pair in self.available.values())

    @property
    def size(self) -> int:
        """The year's largest effect in cents, to put years in order."""
        return max(abs(pair.difference) for pair in (self.planned, *self.room.values()))


class GoalChange(NamedTuple):
    """A goal whose level of coverage differs, as a whole (`year` None) or only in a year."""

    goal_id: str
    year: int | None
    before: Level
    after: Level


class FigureChange(NamedTuple):
    """A derived figure of a year that differs: hundredths of an fte, or cents."""

    year: int
    before: Fraction | int | None
    after: Fraction | int | None


@dataclass(frozen=True)
class Comparison:
    """All that differs between two versions of a plan."""

    rows: tuple[RowChange, ...]
    """What staff typed differently, table by table."""
    years: tuple[YearChange, ...]
    """Years whose lasten or ruimte differ, or whose lines do though the sum does not; largest first."""
    goals: tuple[GoalChange, ...]
    fte: tuple[FigureChange, ...]
    """Structural staff."""
    phased: tuple[FigureChange, ...]
    """Lasten with the start month of each line, where they differ by another amount than the lasten."""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing differs."""
        return not (self.rows or self.years)


def compare(before: Overview, after: Overview) -> Comparison:
    """Return all that differs between two versions of a plan, the older one first."""
    rows = tuple(_row_changes(before.inputs, after.inputs))
    years = (_year_change(before, after, year, rows) for year in {*before.years, *after.years})
    differing = [year for year in years if _differs(year)]
    common = sorted({*before.years} & {*after.years})
    return Comparison(
        rows=rows,
        years=tuple(sorted(differing, key=lambda one: (-one.size, one.year))),
        goals=tuple(_goal_changes(before.goals, after.goals, common)),
        fte=tuple(_figure_changes(before.fte, after.fte, common)),
        phased=tuple(
            one
            for one in _figure_changes(before.phased, after.phased, common)
            if one.before is None
            or one.after is None
            or one.after - one.before != after.planned[one.year] - before.planned[one.year]
        ),
    )


def _differs(year: YearChange) -> bool:
    return year.change is not Change.CHANGED or bool(year.causes) or year.grant_differs


def _year_change(before: Overview, after: Overview, year: int, rows: Sequence[RowChange]) -> YearChange:
    change = Change.CHANGED
    if year not in before.years or year not in after.years:
        change = Change.ADDED if year in after.years else Change.REMOVED
    return YearChange(
        year=year,
        change=change,
        planned=Pair(_estimated(before, year), _estimated(after, year)),
        available={
            basis: Pair(before.available[basis].get(year), after.available[basis].get(year))
            for basis in Basis
        },
        room={basis: Pair(before.room[basis].get(year), after.room[basis].get(year)) for basis in Basis},
        causes=tuple(
            sorted(_causes(before.inputs, after.inputs, year), key=lambda one: (-abs(one.cost), one.line_id))
        ),
        grant_fields=tuple(
            field
            for row in rows
            if row.table == "budget" and row.row.code == str(year)
            for field in row.fields
            if field.touches
        ),
    )


def _estimated(overview: Overview, year: int) -> int | None:
    return overview.planned[year] if words.has_estimate(overview, year) else None


def _causes(before: Inputs, after: Inputs, year: int) -> Iterator[Cause]:
    """Yield the lines that cost more or less in a year."""
    whole, shared = _resplit(before, after), _shared_subthemes(before, after)
    for old, new in _paired_lines(before, after):
        columns = dict.fromkeys(chain(*(line.amounts for line in (old, new) if line)))
        mine = {_as_told(column, whole) for column in columns if column.year == year}
        pairs = {column: Pair(_amount(old, column), _amount(new, column)) for column in sorted(mine)}
        line = new or old
        assert line
        cause = Cause(
            line_id=line.line_id,
            name=_short_name(line, shared),
            change=_change(old, new),
            amounts={column: pair for column, pair in pairs.items() if pair.before != pair.after},
        )
        if cause.cost:
            yield cause


def _change(old: object, new: object) -> Change:
    if old is None:
        return Change.ADDED
    return Change.REMOVED if new is None else Change.CHANGED


def _paired_lines(before: Inputs, after: Inputs) -> Iterator[tuple[PlanLine | None, PlanLine | None]]:
    old, new = ({nl.fold(line.line_id): line for line in one.plan.lines} for one in (before, after))
    for key in dict.fromkeys((*new, *old)):
        yield old.get(key), new.get(key)


def _resplit(before: Inputs, after: Inputs) -> frozenset[int]:
    """Return the years of both plans whose columns differ: their lines compare by the whole year."""
    old, new = ({year: _columns_of(one, year) for year in one.plan.years} for one in (before, after))
    return frozenset(year for year in old.keys() & new.keys() if old[year] != new[year])


def _columns_of(inputs: Inputs, year: int) -> tuple[YearColumn, ...]:
    return tuple(sorted(column for column in inputs.plan.columns if column.year == year))


def _as_told(column: YearColumn, whole: frozenset[int]) -> YearColumn:
    return YearColumn(column.year, Kind.UNSPLIT) if column.year in whole else column


def _amount(line: PlanLine | None, column: YearColumn) -> int | None:
    """Return what a line states in a column, or in the whole year for one that is not split."""
    stated = [
        cents
        for one, cents in (line.amounts.items() if line else ())
        if one == column or (column.kind is Kind.UNSPLIT and one.year == column.year)
    ]
    return sum(stated) if stated else None


def _shared_subthemes(before: Inputs, after: Inputs) -> frozenset[str]:
    """Return the subthemes that more than one line with an amount bears."""
    bearers = {
        (nl.fold(line.line_id), nl.fold(line.subtheme or ""))
        for line in (*before.plan.lines, *after.plan.lines)
        if line.amounts
    }
    counts = Counter(subtheme for _, subtheme in bearers)
    return frozenset(subtheme for subtheme, count in counts.items() if count > 1)


def _short_name(line: PlanLine, shared: frozenset[str]) -> str:
    if not line.subtheme:
        return line.line_id
    return f"{line.subtheme} ({line.line_id})" if nl.fold(line.subtheme) in shared else line.subtheme


def _goal_changes(
    before: Iterable[GoalCoverage], after: Iterable[GoalCoverage], years: Sequence[int]
) -> Iterator[GoalChange]:
    """Yield the goals of both versions whose level differs."""
    old = {nl.fold(one.goal.goal_id): one for one in before}
    for new in after:
        goal_id, was = new.goal.goal_id, old.get(nl.fold(new.goal.goal_id))
        if was is None:
            continue
        if was.level is not new.level:
            yield GoalChange(goal_id, None, was.level, new.level)
            continue
        for year in years:
            if was.level_by_year[year] is not new.level_by_year[year]:
                yield GoalChange(goal_id, year, was.level_by_year[year], new.level_by_year[year])


def _figure_changes(
    before: Mapping[int, Fraction | int | None],
    after: Mapping[int, Fraction | int | None],
    years: Iterable[int],
) -> Iterator[FigureChange]:
    for year in years:
        if before[year] != after[year]:
            yield FigureChange(year, before[year], after[year])


# What staff typed, row by row


def _row_changes(before: Inputs, after: Inputs) -> Iterator[RowChange]:
    common = frozenset(before.plan.years) & frozenset(after.plan.years)
    whole = _resplit(before, after)
    old_tables, new_tables = (_rows(one, common, whole) for one in (before, after))
    for table in TABLES:
        old, new = old_tables[table], new_tables[table]
        for key in dict.fromkeys((*new, *old)):
            yield from _row_change(table, old.get(key), new.get(key))


def _row_change(table: str, old: Row | None, new: Row | None) -> Iterator[RowChange]:
    row = new or old
    assert row
    fields = tuple(_field_changes(old, new))
    if fields or old is None or new is None:
        yield RowChange(table, row, _change(old, new), fields)


def _field_changes(old: Row | None, new: Row | None) -> Iterator[FieldChange]:
    was, now = ({field.label: field for field in row.fields} if row else {} for row in (old, new))
    for label in dict.fromkeys((*now, *was)):
        known = now.get(label) or was[label]
        blank = Field(label, None, known.unit, known.touches, known.figure_id, known.absent)
        pair = FieldChange(was.get(label, blank), now.get(label, blank))
        if pair.before.value != pair.after.value:
            yield pair


Rows = dict[object, Row]


def _rows(inputs: Inputs, years: frozenset[int], whole: frozenset[int]) -> dict[str, Rows]:
    """Return every input row by table and key. Amounts of the plan only for the `years` of both plans."""
    return {
        "plan": {nl.fold(one.line_id): _line_row(one, years, whole) for one in inputs.plan.lines},
        "columns": {year: _columns_row(inputs, year) for year in years},
        "budget": _budget_rows(inputs),
        "goals": _goal_rows(inputs),
        "areas": _area_rows(inputs),
        "links": _numbered(_link_row(link) for link in inputs.links),
        "capacity": _capacity_rows(inputs),
        "intake": _intake_rows(inputs),
        "control_totals": _numbered(_control_row(total) for total in inputs.control_totals),
        "premises": {"": _premises_row(inputs.premises, inputs.plan.unsplit_as)},
        "reservations": _numbered(map(_reservation_row, inputs.reservations)),
        "scenarios": {nl.fold(one.name): _scenario_row(one) for one in inputs.scenarios},
        "actuals": _numbered(map(_actual_row, inputs.actuals)),
        "ledger_map": _numbered(map(_ledger_row, inputs.ledger_map)),
        "explanations": _numbered(map(_explanation_row, inputs.explanations)),
    }


def _figure(label: str, value: Value, unit: Unit | None = None, **more: str) -> Field:
    """Return a field that figures may follow from."""
    return Field(label, value, unit, touches=True, **more)


def _codes(codes: Iterable[str]) -> str | None:
    """Return the codes of a cell as one text, whatever their order."""
    return ", ".join(sorted(set(codes))) or None


def _line_row(line: PlanLine, years: frozenset[int], whole: frozenset[int]) -> Row:
    columns = sorted({_as_told(column, whole) for column in line.amounts if column.year in years})
    amounts = (
        _figure(
            tables.year_heading(column),
            _amount(line, column),
            Unit.EURO,
            figure_id=amount_id(line.line_id, column),
            absent=NO_ESTIMATE,
        )
        for column in columns
    )
    subtheme = f" ({line.subtheme})" if line.subtheme else ""
    return Row(
        line.line_id,
        f"regel {line.line_id}{subtheme}",
        (
            Field("code", line.line_id),
            _figure("hoofdthema", line.theme),
            _figure("blok", line.block),
            Field("subthema", line.subtheme),
            _figure("afdeling", line.department),
            Field("opmerking", line.remark),
            *amounts,
        ),
    )


def amount_id(line_id: str, column: YearColumn) -> str:
    """Return the figure id of a line's amount: "P06.2025", "P06.2023 s"."""
    return f"{line_id}.{tables.year_heading(column)}"


def _columns_row(inputs: Inputs, year: int) -> Row:
    headings = (tables.year_heading(column) for column in _columns_of(inputs, year))
    return Row(str(year), f"jaar {year}", (_figure("kolommen", nl.listing(headings)),))


def _budget_rows(inputs: Inputs) -> Rows:
    return {
        year: Row(
            str(year),
            f"budget {year}",
            (
                _grant_field(f"{Basis.ROUNDED} bedrag", entry.rounded, f"toekenning-afgerond.{year}"),
                _grant_field(f"{Basis.EXACT} bedrag", entry.exact, f"toekenning-exact.{year}"),
                _figure("korting", entry.cut, Unit.SHARE, figure_id=f"korting.{year}"),
                Field("bron", entry.source),
                Field("status", entry.status),
                _grant_field("landelijk bedrag", entry.national, f"invoer-landelijk.{year}"),
                Field("bron landelijk", entry.national_source),
            ),
        )
        for year, entry in inputs.budget.items()
    }


def _grant_field(label: str, cents: int | None, figure_id: str) -> Field:
    return _figure(label, cents, Unit.EURO, figure_id=figure_id, absent=NO_AMOUNT)


def _goal_rows(inputs: Inputs) -> Rows:
    return {
        nl.fold(goal.goal_id): Row(
            goal.goal_id,
            f"doel {goal.goal_id}",
            (
                Field("code", goal.goal_id),
                _figure("kader", goal.frame or None),
                Field("valt onder", goal.parent),
                Field("tekst", goal.text or None),
                _figure("soort", goal.kind or None),
                Field("bron", goal.source),
            ),
        )
        for goal in inputs.goals
    }


def _area_rows(inputs: Inputs) -> Rows:
    return {
        nl.fold(area.area_id): Row(
            area.area_id,
            f"aandachtsgebied {area.area_id}",
            (
                Field("code", area.area_id),
                Field("tekst", area.text or None),
                _figure("RCDV-doel", area.goal_id),
                _figure("RBP-doelen", _codes(area.objectives)),
            ),
        )
        for area in inputs.areas
    }


def _link_row(link: Link) -> Row:
    pair = f"{link.line_id} met {link.area_id}" if link.area_id else f"{link.line_id} zonder aandachtsgebied"
    return Row(pair, f"koppeling {pair}", (_figure("dekking", str(link.level)), Field("grond", link.ground)))


def _numbered(rows: Iterable[Row]) -> Rows:
    """Return rows that have no code of their own by name; equal names, and their figures, numbered."""

    def name(row: Row) -> str:
        return nl.fold(row.name)

    ordered = sorted(rows, key=lambda row: (name(row), [str(field.value) for field in row.fields]))
    return {
        (key, place): _told_apart(row, place)
        for key, group in groupby(ordered, key=name)
        for place, row in enumerate(group, start=1)
    }


def _told_apart(row: Row, place: int) -> Row:
    if place == 1:
        return row
    fields = (
        replace(one, figure_id=f"{one.figure_id} ({place})") if one.figure_id else one for one in row.fields
    )
    return replace(row, fields=tuple(fields))


def _capacity_rows(inputs: Inputs) -> Rows:
    return {
        nl.fold(line.line_id): Row(
            line.line_id,
            f"Tabel 1, regel {line.line_id}",
            (
                Field("code", line.line_id),
                Field("hoofdthema", line.theme),
                Field("thema", line.subject),
                Field("afdeling", line.department),
                _figure("regels in Tabel 2", _codes(line.plan_lines)),
                Field("opmerking", line.remark),
                *(
                    _figure(
                        column.label,
                        value,
                        _unit(column),
                        figure_id=f"invoer-{line.line_id}.{column.label}",
                        absent=NO_AMOUNT if column.unit == "eur" else "niets",
                    )
                    for column, value in line.figures.items()
                ),
            ),
        )
        for line in inputs.capacity
    }


def _unit(column: CapacityColumn) -> Unit:
    return Unit.EURO if column.unit == "eur" else Unit.FTE


def _intake_rows(inputs: Inputs) -> Rows:
    return {
        nl.fold(line_id): Row(
            line_id,
            f"instroom {line_id}",
            (
                _figure("startmaand", nl.month(*one.start) if one.start else None),
                _figure("al in dienst", one.in_house, Unit.FTE, figure_id=f"invoer-instroom.{line_id}"),
                Field("grondslag", one.ground),
            ),
        )
        for line_id, one in inputs.intake.items()
    }


def _control_row(total: ControlTotal) -> Row:
    column = total.column
    if isinstance(column, YearColumn):
        name, unit = f"{total.table} {tables.year_heading(column)}", Unit.EURO
    else:
        name, unit = f"{total.table} {column.label}", _unit(column)
    return Row(
        name,
        f"controletotaal {name}",
        (
            _figure("totaal", total.total, unit, figure_id=f"invoer-controletotaal.{name}"),
            Field("bron", total.source),
        ),
    )


def _premises_row(premises: Premises, unsplit_as: Kind | None) -> Row:
    months = ", ".join(nl.month(*month) for month in sorted(premises.intake_months))
    return Row(
        "",
        "uitgangspunten",
        (
            Field("regio", premises.region or None),
            Field("regio kort", premises.region_short or None),
            Field("aan", premises.addressee or None),
            Field("betreft", premises.subject or None),
            Field("status", premises.status or None),
            Field("peildatum", _date(premises.reference_date)),
            Field("wijzigingen sinds", _date(premises.changes_since)),
            _figure("normbedrag fte", premises.norm_per_fte, Unit.EURO, figure_id="normbedrag-fte"),
            _figure("ongesplitst als", str(unsplit_as) if unsplit_as else None),
            _figure("instroommaand", months or None),
            Field("indexering", premises.indexation_agreed),
            Field("overdracht saldo", premises.carry_over_agreed),
        ),
    )


def _reservation_row(one: Reservation) -> Row:
    return Row(
        one.name,
        f"reservering {one.name}",
        (
            _figure("vanaf", _year(one.first)),
            _figure("tot en met", _year(one.last)),
            _figure(
                "bedrag per jaar",
                one.amount,
                Unit.EURO,
                figure_id=f"invoer-reservering.{one.name}",
                absent=NO_AMOUNT,
            ),
            Field("grondslag", one.ground),
        ),
    )


def _scenario_row(one: Scenario) -> Row:
    cut, rise, extra = one.cut, one.indexation, one.extra
    line, first, last, fte, price = (
        (extra.line_id, extra.first, extra.last, extra.fte, extra.price) if extra else (None,) * 5
    )
    mark = f"invoer-scenario-{one.name}"
    return Row(
        one.name,
        f"scenario {one.name}",
        (
            Field("omschrijving", one.text),
            _figure("startmaand", nl.month(*one.start) if one.start else None),
            _figure("al in dienst", one.in_house, Unit.FTE, figure_id=f"{mark}.fte"),
            _figure("korting", cut and cut.share, Unit.SHARE, figure_id=f"{mark}.korting"),
            _figure("korting vanaf", _year(cut and cut.year)),
            _figure("indexatie", rise and rise.share, Unit.SHARE, figure_id=f"{mark}.indexatie"),
            _figure("indexatie vanaf", _year(rise and rise.year)),
            _figure("extra lasten op regel", line),
            _figure("extra vanaf", _year(first)),
            _figure("extra tot en met", _year(last)),
            _figure("extra fte", fte, Unit.FTE, figure_id=f"{mark}.extra fte"),
            _figure("extra bedrag", price, Unit.EURO, figure_id=f"{mark}.extra bedrag"),
            _figure("overdracht", "ja" if one.carry_over else "nee"),
        ),
    )


def _actual_row(one: Actual) -> Row:
    name = f"{one.line_id} {one.year}"
    return Row(
        name,
        f"realisatie {name}",
        (
            _figure("bedrag", one.amount, Unit.EURO, figure_id=f"invoer-realisatie.{name}"),
            _figure("t/m", _date(one.until)),
            Field("omschrijving", one.note),
        ),
    )


def _ledger_row(one: LedgerRule) -> Row:
    name = " ".join(text for text in (one.account, one.cost_centre) if text)
    fields = (
        Field("rekening", one.account),
        Field("kostenplaats", one.cost_centre),
        Field("regel", one.line_id),
    )
    return Row(name, f"rekening {name}", fields)


def _explanation_row(one: Explanation) -> Row:
    name = f"{one.code}, {one.where}"
    fields = (Field("bevinding", one.message), Field("toelichting", one.reason))
    return Row(name, f"toelichting {name}", fields)


def _year(year: int | None) -> str | None:
    return str(year) if year else None


def _date(day: tuple[int, int, int] | None) -> dt.date | None:
    return dt.date(*day) if day else None
