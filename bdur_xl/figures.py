"""Every figure of a plan that a memo may state, with the plan lines and the rule behind it.

Figures come in rows, as on the sheet Memo: a kenmerk ("ruimte-exact") with a value per
column, mostly a year. Kenmerk and column make the id of one figure: "ruimte-exact.2023".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import compress
from typing import NamedTuple

from bdur_xl import budget, nl, tables, terms
from bdur_xl.actuals import Analysis, analyses
from bdur_xl.budget import UNNAMED
from bdur_xl.goals import goals_of_lines
from bdur_xl.model import Inputs, PlanLine, YearColumn
from bdur_xl.overview import Overview, intake_label, named
from bdur_xl.plan_columns import NO_GOALS
from bdur_xl.plan_lines import Lines
from bdur_xl.scenarios import all_scenarios, compared
from bdur_xl.terms import PERSONNEL, Basis, Kind

Value = Fraction | int | None


class Unit(StrEnum):
    """What a figure counts, and so how it is written."""

    EURO = "euro"
    FTE = "fte"
    SHARE = "percentage"
    MONTHS = "maanden"


class Figure(NamedTuple):
    """One figure and where it comes from."""

    figure_id: str
    """Kenmerk and column: `ruimte-exact.2023`; a kenmerk alone where it has one value."""
    what: str
    """What it is, in Dutch: "Begrotingsruimte, exact"."""
    value: Value
    """Cents, hundredths of an fte, a share (0,27 for 27%), or months; None where it is not known."""
    unit: Unit
    rule: str
    """How it is computed, in Dutch."""
    place: str = ""
    """Where the workbook shows it: "Overzicht!C6"."""
    lines: tuple[str, ...] = ()
    """The plan lines it is made of."""


class FigureRow(NamedTuple):
    """Figures of one kind, a value per column; the one of a figure without year is ""."""

    kenmerk: str
    what: str
    rule: str
    unit: Unit
    values: Mapping[str, Value]
    lines: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    """Kenmerken of the figures it is computed from, when no sheet shows it itself."""

    def figure_id(self, column: str) -> str:
        """Return the id of the figure in a column."""
        return f"{self.kenmerk}.{column}" if column else self.kenmerk


WORDS: Mapping[str, tuple[str, str]] = {
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

NO_GOAL = "doel-geen-doel"

MOST_LINES = 20
"""Plan lines that a text names one by one; the rest is counted."""

MOST_LISTED = 1_000
"""Plan lines, or findings of one check, that the memo lists one by one; of more it gives totals.

Twice the lines of all 25 regions together, at 20 each; a longer list no board reads.
"""

GROUP = "regels"
"""How the kenmerk of the total of a hoofdthema and a blok begins, and where plan lines are told to stand."""


def kenmerk(part: str, name: str) -> str:
    """Return the kenmerk of a row of BDUR_OVERZICHT whose name is fixed: ruimte-deeljaar-exact."""
    return re.sub(r"\W+", "-", f"{part}-{name}").strip("-")


def figure_rows(view: Overview) -> tuple[FigureRow, ...]:
    """Return every figure of a plan, those of the sheets first."""
    lines = _lines_by_kenmerk(view)
    return tuple(
        FigureRow(
            row.kenmerk, row.what, row.rule, row.unit, row.values, lines.get(row.kenmerk, row.lines), row.of
        )
        for family in _FAMILIES
        for row in family(view)
    )


def figures(rows: tuple[FigureRow, ...], places: Mapping[str, str]) -> dict[str, Figure]:
    """Return the figures by id; `places` tells where the workbook shows them."""
    return {
        figure.figure_id: figure
        for row in rows
        for column, value in row.values.items()
        for figure in [
            Figure(
                row.figure_id(column), row.what, value, row.unit, row.rule,
                place_of(row, column, places), row.lines,
            )
        ]
    }  # fmt: skip


def place_of(row: FigureRow, column: str, places: Mapping[str, str]) -> str:
    """Return where a figure stands; of one that no sheet shows, where what it is made of stands."""
    sources = (row.kenmerk, *row.of)
    found = (
        places.get(f"{source}.{column}" if column else source) or places.get(source) for source in sources
    )
    known = dict.fromkeys(place for place in found if place)
    return next(iter(known), "") if not row.of else nl.listing(known) if known else ""


def shown(value: Value, unit: Unit) -> str:
    """Write a figure in Dutch, with its unit: € 1.407.149, 1,5 fte, 27%, 8,3 maanden."""
    match unit:
        case Unit.EURO:
            return nl.euro(value)
        case Unit.FTE:
            return f"{nl.fte(value)} fte"
        case Unit.SHARE:
            return nl.ABSENT if value is None else nl.percentage(Fraction(value))
        case Unit.MONTHS:
            return nl.ABSENT if value is None else months(Fraction(value))


def lines_text(lines: tuple[str, ...], every: tuple[str, ...]) -> str:
    """Name the plan lines of a figure; of many the first ones, of all that have an estimate their count."""
    if lines == every and len(every) > 1:
        return f"alle {len(every)} met een raming"
    rest = len(lines) - MOST_LINES
    more = f" en nog {nl.plural(rest, 'regel', 'regels')}" if rest > 0 else ""
    return " ".join(lines[:MOST_LINES]) + more


def months(value: Fraction) -> str:
    """Write a number of months with one decimal: 8,3 maanden."""
    tenths = nl.round_half_up(value * 10)
    sign = nl.MINUS if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10},{abs(tenths) % 10} maanden"


def _row(part: str, name: str, values: Mapping[int, Value], unit: Unit = Unit.EURO) -> FigureRow:
    what, rule = WORDS[part]
    mark = f"{part}-{name}" if part in ("hoofdthema", "afdeling") else kenmerk(part, name)
    return FigureRow(mark, what.format(name=name), rule, unit, _by_column(values))


def _by_column(values: Mapping[int, Value]) -> dict[str, Value]:
    return {str(year): value for year, value in values.items()}


def _overview(view: Overview) -> Iterator[FigureRow]:
    yield _row("lasten", "jaartotaal", view.planned)
    for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL):
        yield _row("lasten", kind, view.by_kind[kind])
    for block in terms.BLOCKS:
        yield _row("blok", block, view.by_block.get(block, dict.fromkeys(view.years, 0)))
    for part, by_basis in (
        ("beschikbaar", view.available),
        ("ruimte", view.room),
        ("cumulatief", view.cumulative),
    ):
        for basis in Basis:
            yield _row(part, basis, by_basis[basis])
    yield _row("fte", Kind.STRUCTURAL, view.fte, Unit.FTE)
    yield _row("deeljaar", "jaartotaal", view.phased)
    for basis in Basis:
        yield _row("ruimte deeljaar", basis, view.phased_room[basis])
    yield _row("doel", "geen doel", view.without_goal)
    for dimension, groups in (("hoofdthema", view.by_theme), ("afdeling", view.by_department)):
        for name, values in groups.items():
            yield _row(dimension, named(name, dimension), values)


def _goals(view: Overview) -> Iterator[FigureRow]:
    for one in view.goals:
        goal = one.goal.goal_id
        for measure, unit, values in (("bedrag", Unit.EURO, one.amounts), ("fte", Unit.FTE, one.fte)):
            what, rule = GOAL_WORDS[measure]
            mark = f"doel-{goal}-{measure}"
            yield FigureRow(mark, what.format(name=goal), rule, unit, _by_column(values))


def _variants(view: Overview) -> Iterator[FigureRow]:
    for variant in view.intake:
        label = intake_label(variant)
        room = {f"ruimte {basis}": variant.room[basis] for basis in Basis}
        values = {"lasten": variant.planned, **room}
        yield FigureRow(label, "Lasten en ruimte met die instroom", VARIANT_RULE, Unit.EURO, values)


def _in_house(view: Overview) -> Iterator[FigureRow]:
    """Yield who is in house of the staff that a year pays for."""
    found = {str(variant.year): variant.in_house for variant in view.intake if variant.in_house}
    what, rule = (
        "Al in dienst van de formatie van dat jaar, in fte",
        "fte-in-dienst van regels met structurele fte-lasten in dat jaar",
    )
    yield FigureRow("instroom-in-dienst", what, rule, Unit.FTE, found, of=("fte-in-dienst",))


def _premises(view: Overview) -> Iterator[FigureRow]:
    inputs = view.inputs
    typed = "zoals ingevuld bij de uitgangspunten"
    norm = {"": inputs.premises.norm_per_fte}
    yield FigureRow("normbedrag-fte", "Normbedrag per fte", typed, Unit.EURO, norm)
    in_house = {"": sum(intake.in_house for intake in inputs.intake.values())}
    yield FigureRow("fte-in-dienst", "Al in dienst, in fte", "som van die kolom", Unit.FTE, in_house)


def _grants(view: Overview) -> Iterator[FigureRow]:
    """Yield the grant as typed, and the cut."""
    entries = {str(year): view.inputs.budget[year] for year in view.years if year in view.inputs.budget}
    for basis in Basis:
        gross = {
            column: entry.exact if basis is Basis.EXACT else entry.rounded
            for column, entry in entries.items()
        }
        what = f"Beschikbaar voor korting, {basis}"
        yield FigureRow(f"toekenning-{basis}", what, "zoals ingevuld op Budget", Unit.EURO, gross)
    cuts = {column: entry.cut for column, entry in entries.items() if entry.cut}
    yield FigureRow(
        "korting", "Korting op het beschikbare bedrag", "zoals ingevuld op Budget", Unit.SHARE, cuts
    )


def _derived(view: Overview) -> Iterator[FigureRow]:
    """Yield what sentences work out from figures of the sheets."""
    total = "lasten-jaartotaal"
    parts = {NO_GOAL: view.without_goal, **{f"blok-{block}": sums for block, sums in view.by_block.items()}}
    for part, sums in parts.items():
        shares = {str(y): Fraction(cents, view.planned[y]) for y, cents in sums.items() if view.planned[y]}
        rule = f"{part} gedeeld door {total}"
        yield FigureRow(
            f"aandeel-{part}", f"Aandeel in de lasten, {part}", rule, Unit.SHARE, shares, of=(part, total)
        )
    structural = view.by_kind[Kind.STRUCTURAL]
    for basis in Basis:
        left = {year: budget.room(view.available[basis][year], structural[year]) for year in view.years}
        grant, cost = f"beschikbaar-{basis}", "lasten-structureel"
        what, rule = f"Ruimte na structurele lasten, {basis}", f"{grant} min {cost}"
        yield FigureRow(
            f"ruimte-structureel-{basis}", what, rule, Unit.EURO, _by_column(left), of=(grant, cost)
        )
        found = {str(one.year): one.months for one in view.break_even[basis]}
        rule = "12 × (beschikbaar min lasten plus structurele fte-lasten) gedeeld door structurele fte-lasten"
        of = (grant, total, "fte-structureel")
        yield FigureRow(f"kantelpunt-{basis}", f"Kantelpunt, {basis}", rule, Unit.MONTHS, found, of=of)
    costs = {
        year: view.cube.total(year=year, kind=Kind.STRUCTURAL, block=PERSONNEL) or 0 for year in view.years
    }
    rule = "som van de structurele lasten van blok fte"
    yield FigureRow("fte-lasten", "Structurele lasten van blok fte", rule, Unit.EURO, _by_column(costs),
                    of=("fte-structureel",))  # fmt: skip


def listed_lines(inputs: Inputs) -> Sequence[PlanLine]:
    """Return the plan lines that a memo names one by one: all, or those without goal, or none.

    What is more than `MOST_LISTED` it gives as totals.
    """
    plan = inputs.plan
    if len(plan.lines) <= MOST_LISTED:
        return plan.lines
    loose = Lines(plan).loose(goals_of_lines(inputs))
    return [plan.lines[at] for at in loose] if len(loose) <= MOST_LISTED else ()


def _plan_lines(view: Overview) -> Iterator[FigureRow]:
    plan = view.inputs.plan
    of = () if len(plan.lines) <= MOST_LISTED else (GROUP,)  # of so many no place is kept
    for line in listed_lines(view.inputs):
        if line.amounts:
            what = f"{line.line_id} {line.subtheme or ''}".strip()
            yield FigureRow(
                line.line_id,
                what,
                "zoals ingevuld op Plan",
                Unit.EURO,
                _typed(line.amounts),
                (line.line_id,),
                of,
            )


def _typed(amounts: Mapping[YearColumn, int]) -> dict[str, Value]:
    """Return amounts per column and per year; without an entry *geen raming*."""
    years: dict[int, int] = {}
    for column, cents in amounts.items():
        years[column.year] = years.get(column.year, 0) + cents
    return {**{tables.year_heading(column): cents for column, cents in amounts.items()}, **_by_column(years)}


class LineGroup(NamedTuple):
    """The plan lines of one hoofdthema and blok together."""

    size: int
    stated: tuple[str, ...]
    """Those with an estimate."""
    amounts: Mapping[YearColumn, int]
    """Their sums in cents, as the lines come to name the columns."""


def line_groups(inputs: Inputs) -> dict[tuple[str, str], LineGroup]:
    """Return the plan lines per hoofdthema and blok, in the order of the plan."""
    lines, columns = Lines(inputs.plan), inputs.plan.columns
    groups: dict[tuple[str, str], list[int]] = {}
    for at, named_ in enumerate(zip(lines.themes, lines.blocks, strict=True)):
        groups.setdefault((named(named_[0] or UNNAMED, "hoofdthema"), named_[1] or ""), []).append(at)
    return {key: _line_group(lines, columns, group) for key, group in groups.items()}


def _line_group(lines: Lines, columns: Sequence[YearColumn], group: Sequence[int]) -> LineGroup:
    rows = [(lines.ids[at], lines.rows[at]) for at in group]
    stated = [(line_id, row) for line_id, row in rows if any(cents is not None for cents in row)]
    by_column = list(zip(*(row for _, row in stated), strict=True))
    first = {
        at: next(number for number, cents in enumerate(column) if cents is not None)
        for at, column in enumerate(by_column)
        if any(cents is not None for cents in column)
    }
    ordered = sorted(first, key=lambda at: (first[at], at))
    amounts = {columns[at]: sum(filter(None, by_column[at])) for at in ordered}
    return LineGroup(len(group), tuple(line_id for line_id, _ in stated), amounts)


def _line_groups(view: Overview) -> Iterator[FigureRow]:
    """Yield the totals that stand in for the lines of a plan with too many."""
    if len(view.inputs.plan.lines) <= MOST_LISTED:
        return
    for (theme, block), group in line_groups(view.inputs).items():
        yield FigureRow(
            f"{GROUP}-{theme}-{block}", f"Lasten, hoofdthema {theme}, blok {block}",
            "som van de regels met dat hoofdthema en dat blok", Unit.EURO, _typed(group.amounts),
            group.stated, (GROUP,),
        )  # fmt: skip


def _scenarios(view: Overview) -> Iterator[FigureRow]:
    """Yield what each scenario leaves; its cell is the row of the sheet that says what differs."""
    rule = "beschikbaar min lasten, met wat in dat scenario anders is"
    for one in compared(view.inputs):
        mark = f"scenario-{one.scenario.name}"
        for basis in Basis:
            what, room = f"Begrotingsruimte in dat scenario, {basis}", _by_column(one.room[basis])
            yield FigureRow(f"{mark}-ruimte-{basis}", what, rule, Unit.EURO, room, of=(mark,))


def _actuals(view: Overview) -> Iterator[FigureRow]:
    """Yield plan against actual of each year that has actuals."""
    rule = "raming min realisatie of verwachting; verwachting: realisatie plus de raming van de maanden erna"
    for one in analyses(view.inputs):
        if one.until:
            what = f"Realisatie {one.year} t/m {nl.date(*one.until)}"
            yield FigureRow(
                f"realisatie-{one.year}", what, rule, Unit.EURO, compared_figures(one), of=("realisatie",)
            )


def compared_figures(one: Analysis) -> dict[str, int | None]:
    """Return the figures of a year's analysis by their names, in cents."""
    total = one.total
    return {
        "raming": total.planned,
        "raming t/m": total.to_date,
        "realisatie": total.actual,
        "verschil t/m": total.left_to_date,
        "verwachting": total.expected,
        "verschil": total.left,
    }


_FAMILIES = (
    _overview, _goals, _variants, _in_house, _premises, _grants, _derived, _plan_lines, _line_groups,
    _scenarios, _actuals,
)  # fmt: skip


def line_amounts(line: PlanLine) -> dict[int, int]:
    """Return what a plan line costs per year, in cents; a year without an entry is *geen raming*."""
    amounts: dict[int, int] = {}
    for column, cents in line.amounts.items():
        amounts[column.year] = amounts.get(column.year, 0) + cents
    return amounts


def _lines_by_kenmerk(view: Overview) -> dict[str, tuple[str, ...]]:
    """Return per kenmerk the plan lines with an estimate that count in it."""
    goals, plan = goals_of_lines(view.inputs), view.inputs.plan
    plan_lines, kinds = Lines(plan), [plan.kind_of(column) for column in plan.columns]
    gathered: dict[str, list[str]] = {}
    alike: dict[_Shared, list[list[str]]] = {}  # of lines that share these the same figures hold them
    named_ = zip(
        plan_lines.ids, plan_lines.blocks, plan_lines.themes, plan_lines.departments, plan_lines.rows,
        strict=True,
    )  # fmt: skip
    for line_id, block, theme, department, row in named_:
        stated = tuple([cents is not None for cents in row])
        shared = block or "", theme or UNNAMED, department or UNNAMED, goals.get(line_id, NO_GOALS), stated
        if shared not in alike:
            marks = (
                mark for kind in dict.fromkeys(compress(kinds, stated)) for mark in _counts_in(kind, *shared)
            )
            alike[shared] = [gathered.setdefault(mark, []) for mark in dict.fromkeys(marks)]
        for counted in alike[shared]:
            counted.append(line_id)
    same: dict[tuple[str, ...], tuple[str, ...]] = {}  # most figures of a large plan share their lines
    found = {mark: same.setdefault(lines := tuple(gathered.pop(mark)), lines) for mark in [*gathered]}
    every = found.get("lasten-jaartotaal", ())
    for basis in Basis:
        for part in ("ruimte", "cumulatief", "ruimte-deeljaar"):
            found[f"{part}-{basis}"] = every
        found[f"ruimte-structureel-{basis}"] = found.get("lasten-structureel", ())
        found[f"kantelpunt-{basis}"] = every
        for scenario in all_scenarios(view.inputs):
            found[f"scenario-{scenario.name}-ruimte-{basis}"] = every
    found.update(dict.fromkeys(("deeljaar-jaartotaal", *map(intake_label, view.intake)), every))
    return found


_Shared = tuple[str, str, str, frozenset[str], tuple[bool, ...]]
"""Blok, hoofdthema, afdeling and goals of lines, and in which columns they have an estimate."""


def _counts_in(
    kind: Kind, block: str, theme: str, department: str, goals: frozenset[str], _: object
) -> Iterator[str]:
    yield "lasten-jaartotaal"
    yield f"lasten-{kind}"
    yield f"blok-{block}"
    yield f"aandeel-blok-{block}"
    yield f"hoofdthema-{named(theme, 'hoofdthema')}"
    yield f"afdeling-{named(department, 'afdeling')}"
    staff = kind is Kind.STRUCTURAL and block == PERSONNEL
    if staff:
        yield "fte-structureel"
        yield "fte-lasten"
    if not goals:
        yield NO_GOAL
        yield f"aandeel-{NO_GOAL}"
    for goal in goals:
        yield f"doel-{goal}-bedrag"
        if staff:
            yield f"doel-{goal}-fte"
