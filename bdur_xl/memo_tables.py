"""The tables of the memo: every cell as it is printed, with the notes that belong under it.

Amounts are in euros without the sign. An empty cell of Tabel 2 is *geen raming*.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from bdur_xl import nl, tables, terms, traced
from bdur_xl.actuals import analyses
from bdur_xl.checks import Outcome
from bdur_xl.figures import GROUP, MOST_LISTED, compared_figures, line_amounts, line_groups, lines_text
from bdur_xl.goals import AreaCoverage, GoalCoverage, goals_of_lines
from bdur_xl.model import Goal, Link, PlanLine, Status, YearColumn
from bdur_xl.origins import CHECK_SHEET
from bdur_xl.overview import ByYear, IntakeVariant, Overview, intake_label, named
from bdur_xl.plan_lines import Lines
from bdur_xl.scenarios import compared, described
from bdur_xl.sentences import (
    by_year,
    capital,
    cut,
    cut_share,
    fallback_years,
    has_estimate,
    in_house_text,
    intake_variants,
    listed,
    period,
    rounded_to_euros,
    status_text,
)
from bdur_xl.terms import GRANT_GOAL_PREFIX, LEVELS, NATIONAL, OWN_LINE, Basis, Kind, Level
from bdur_xl.traced import quoted

NO_ESTIMATE, UNKNOWN = "geen raming", "onbekend"
ASSUMED, FALLBACK = "*", "†"
"""Marks behind an amount; a note under the table explains them."""

SYMBOLS: Mapping[str, str] = {
    Level.EXPLICIT: "●",
    Level.SHARED: "◊",
    Level.HEADING: "○",
    Level.SUPPORTING: "◦",
    Level.NONE: nl.ABSENT,
    NATIONAL: "□",
}
"""A symbol per level, always printed with its word. The memo's own typeface has them all."""

_MEANINGS: Mapping[str, str] = {
    Level.EXPLICIT: "eigen planregel met een bedrag",
    Level.SHARED: "één planregel voor meer aandachtsgebieden",
    Level.HEADING: "alleen genoemd in een kop",
    Level.SUPPORTING: "alleen ondersteunend genoemd",
    Level.NONE: "geen planregel",
    NATIONAL: "vooraf van de uitkering afgetrokken en landelijk opgepakt",
}


_NATIONAL = f"{SYMBOLS[NATIONAL]}{nl.NBSP}{NATIONAL}"


class Column(NamedTuple):
    """One column of a table; figures are set to the right."""

    heading: str
    numeric: bool = False


class Row(NamedTuple):
    """One row: a cell None continues the cell to its left, a total stands out."""

    cells: tuple[str | None, ...]
    total: bool = False


class Table(NamedTuple):
    """A table as printed: its caption, and the notes that must stand with its figures."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def goal_name(goal: Goal) -> str:
    """Return a goal's number as the board knows it: R2a -> 2a."""
    number = goal.goal_id.removeprefix(GRANT_GOAL_PREFIX)
    return number if number[:1].isdigit() and not goal.is_objective else goal.goal_id


# Money per year


def room_table(overview: Overview) -> Table:
    """Return planned cost, grant and room per year, on both bases."""
    rows = [Row(("Lasten", *_planned(overview)))]
    for basis in Basis:
        rows += [
            Row((f"Beschikbaar ({basis})", *_on_basis(overview, "beschikbaar", basis))),
            Row((f"Begrotingsruimte ({basis})", *_on_basis(overview, "ruimte", basis)), total=True),
            Row((f"Cumulatief ({basis}, indicatief)", *_on_basis(overview, "cumulatief", basis))),
        ]
    statuses = (status_text(overview, year) or nl.ABSENT for year in overview.years)
    rows.append(Row(("Status beschikbaar bedrag", *statuses)))
    return Table(
        _caption(overview, "Lasten, beschikbaar bedrag en begrotingsruimte per jaar"),
        (Column("Post"), *_years(overview)),
        tuple(rows),
        (
            "Begrotingsruimte is beschikbaar min lasten; een negatief bedrag is een tekort. Ruimte is nog "
            "niet bestemd. Cumulatief is indicatief: of een saldo mag worden meegenomen, staat niet vast.",
            *_cut_notes(overview),
            *_fallback_notes(overview),
            _source_note(overview),
        ),
    )


def kind_table(overview: Overview) -> Table:
    """Return the incidental and the structural cost per year."""
    rows = [
        Row((capital(kind), *(_kind_cell(overview, kind, year) for year in overview.years)))
        for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL)
    ]
    no_column = _absent_notes(rows, "Tabel 2 heeft in dat jaar geen kolom van die soort.")
    return Table(
        _caption(overview, "Incidentele en structurele lasten per jaar"),
        (Column("Soort"), *_years(overview)),
        (*rows, Row(("Jaartotaal", *_planned(overview)), total=True)),
        (*_split_notes(overview), *no_column, *_no_estimate_notes(overview)),
    )


def spending_table(overview: Overview) -> Table:
    """Return the planned cost per year by blok, hoofdthema and afdeling."""
    lines = Lines(overview.inputs.plan)
    groups = (
        ("blok", overview.by_block, lines.blocks),
        ("hoofdthema", overview.by_theme, lines.themes),
        ("afdeling", overview.by_department, lines.departments),
    )
    rows = []
    for dimension, totals, names in groups:
        rows.append(_group_row(f"Naar {dimension}", len(overview.years)))
        stated = _stated(overview, lines, names)
        rows += [
            Row(
                (
                    quoted(f"{dimension}-{named(name, dimension)}-naam", named(name, dimension)),
                    *_estimates(
                        overview,
                        f"{dimension}-{named(name, dimension)}",
                        amounts,
                        stated.get(name, set()),
                    ),
                )
            )
            for name, amounts in totals.items()
        ]
    return Table(
        _caption(overview, "Lasten per jaar naar blok, hoofdthema en afdeling"),
        (Column("Indeling"), *_years(overview)),
        (*rows, Row(("Jaartotaal", *_planned(overview)), total=True)),
        _absent_notes(rows),
    )


def intake_table(overview: Overview) -> Table:
    """Return what a year costs, and leaves, when staff start during that year."""
    years = dict.fromkeys(variant.year for variant in intake_variants(overview))
    rows = [
        Row(
            (
                f"Heel {year}, zoals in Tabel 2",
                money(f"lasten-jaartotaal.{year}", overview.planned[year]),
                *(money(f"ruimte-{basis}.{year}", overview.room[basis][year]) for basis in Basis),
            )
        )
        for year in years
    ]
    rows += [
        Row(
            (
                capital(_intake_label(variant)),
                _euros(f"{intake_label(variant)}.lasten", variant.planned),
                *(_euros(f"{intake_label(variant)}.ruimte {basis}", variant.room[basis]) for basis in Basis),
            )
        )
        for variant in intake_variants(overview)
    ]
    rounded = "Bij instroom afgerond op hele euro's. " if rounded_to_euros(overview) else ""
    return Table(
        _caption(overview, "Lasten en begrotingsruimte bij instroom in de loop van het jaar"),
        (
            Column("Instroom"),
            Column(f"Lasten {listed(years)}" if years else "Lasten", numeric=True),
            *(Column(f"Ruimte ({basis})", numeric=True) for basis in Basis),
        ),
        tuple(rows),
        (
            f"{rounded}Middelen en incidentele lasten (externe inhuur) tellen het hele jaar mee.",
            *_cut_notes(overview),
        ),
    )


def _intake_label(variant: IntakeVariant) -> str:
    """Write a variant, its fte in house marked."""
    marked = in_house_text(variant)
    return intake_label(variant).replace(traced.plain(marked), marked)


# What-if and realisatie


def scenario_table(overview: Overview, basis: Basis) -> Table:
    """Return what each scenario leaves of the grant, per year; none where only the plan itself stands."""
    found = compared(overview.inputs)
    rows = []
    for one in found:
        name, mark = one.scenario.name, f"scenario-{one.scenario.name}"
        told = capital(quoted(mark, described(one.scenario)))
        room = (_euros(f"{mark}-ruimte-{basis}.{year}", one.room[basis][year]) for year in overview.years)
        rows.append(Row((quoted(f"{mark}-naam", name), told, *room), total=name == terms.BASIS))
    return Table(
        _caption(overview, f"Begrotingsruimte per scenario ({basis})"),
        (Column("Scenario"), Column("Wat anders is"), *_years(overview)),
        tuple(rows) if len(found) > 1 else (),
        (
            f"Op de grondslag {basis}; het blad {tables.INPUT_TABLES['scenarios'].sheet} toont ook lasten, "
            "beschikbaar bedrag en cumulatief. Ruimte is nog niet bestemd; een negatief bedrag is een "
            "tekort. Zo nodig afgerond op hele euro's.",
        ),
    )


def actuals_table(overview: Overview) -> Table:
    """Return plan against actual of each year that has actuals."""
    rows = [
        Row(
            (
                str(one.year),
                nl.date(*one.until),
                *(
                    money(f"realisatie-{one.year}.{name}", cents)
                    for name, cents in compared_figures(one).items()
                ),
            )
        )
        for one in analyses(overview.inputs)
        if one.until
    ]
    heads = ("Raming", "Raming t/m", "Realisatie", "Verschil t/m", "Verwachting", "Verschil jaar")
    return Table(
        _caption(overview, "Realisatie naast de raming"),
        (Column("Jaar"), Column("Peildatum"), *(Column(head, numeric=True) for head in heads)),
        tuple(rows),
        (
            "Verschil is raming min realisatie, of raming min verwachting; negatief is een overschrijding. "
            "De verwachting is wat is uitgegeven plus de raming van de maanden na de peildatum.",
        ),
    )


# Tabel 2


def plan_table(overview: Overview) -> Table:
    """Return Tabel 2: every plan line, blank where nothing is estimated, and its totals.

    Of more lines than a memo lists it gives the totals per hoofdthema and blok.
    """
    plan = overview.inputs.plan
    lead: tuple[str, ...]
    tail: tuple[str, ...]
    if lists_lines(overview):
        lead, tail = ("regel", "hoofdthema", "blok", "subthema"), ("afdeling/sector", "opmerking")
        title, rows = "planregel", _line_rows(overview)
    else:
        lead, tail = ("hoofdthema", "blok", "aantal"), ()
        title, rows = "hoofdthema en blok", _line_group_rows(overview)
    columns = (
        *map(Column, lead),
        *(Column(tables.year_heading(column).replace(" ", nl.NBSP), numeric=True) for column in plan.columns),
        *map(Column, tail),
    )

    def total(label: str, cells: Iterable[str | None]) -> Row:
        return Row((label, *(None for _ in lead[1:]), *cells, *("" for _ in tail)), total=True)

    totals = [
        total("totaal per jaar", _per_year_group(overview, _planned(overview))),
        total(
            "beschikbaar (afgerond)",
            _per_year_group(overview, _on_basis(overview, "beschikbaar", Basis.ROUNDED)),
        ),
    ]
    if any(column.kind is not Kind.UNSPLIT for column in plan.columns):
        totals.insert(
            0, total("totaal per kolom", (_column_total(overview, column) for column in plan.columns))
        )
    return Table(
        _caption(overview, f"Tabel 2, gevraagde lasten per {title}"),
        columns,
        (*rows, *totals),
        (
            *(() if lists_lines(overview) else (f"{many_lines(overview)}.",)),
            "Een lege cel betekent dat er geen raming is; dat is iets anders dan € 0. "
            "De letter i staat voor incidenteel, s voor structureel. "
            "Het totaal per jaar is het incidentele en het structurele deel samen.",
            *_split_notes(overview, mark=""),
            *_cut_notes(overview),
        ),
    )


def lists_lines(overview: Overview) -> bool:
    """Tell whether the memo names every plan line."""
    return len(overview.inputs.plan.lines) <= MOST_LISTED


def many_lines(overview: Overview) -> str:
    """Say that Tabel 2 holds totals, and where the lines are; for a plan of more lines than are listed."""
    return (
        f"Het plan telt {len(overview.inputs.plan.lines)} planregels; een memo noemt er hoogstens "
        f"{MOST_LISTED} één voor één. Bijlage A telt ze daarom op per hoofdthema en blok; de regels zelf "
        f"staan in de werkmap op het blad {tables.INPUT_TABLES['plan'].sheet}"
    )


def _line_rows(overview: Overview) -> list[Row]:
    return [
        Row(
            (
                line.line_id,
                quoted(f"{line.line_id}-hoofdthema", line.theme or ""),
                line.block,
                quoted(f"{line.line_id}-subthema", line.subtheme or ""),
                *_typed_cells(overview, line.line_id, line.amounts),
                quoted(f"{line.line_id}-afdeling", line.department or ""),
                quoted(f"{line.line_id}-opmerking", line.remark or ""),
            )
        )
        for line in overview.inputs.plan.lines
    ]


def _line_group_rows(overview: Overview) -> list[Row]:
    rows = []
    for (theme, block), group in line_groups(overview.inputs).items():
        cells = _typed_cells(overview, f"{GROUP}-{theme}-{block}", group.amounts)
        name = quoted(f"{GROUP}-{theme}-naam", theme)
        rows.append(Row((name, block, f"{group.size} regels", *cells)))
    return rows


def _typed_cells(overview: Overview, kenmerk: str, amounts: Mapping[YearColumn, int]) -> Iterator[str]:
    """Yield a cell per column of the plan, blank where nothing is estimated."""
    for column in overview.inputs.plan.columns:
        yield money(f"{kenmerk}.{tables.year_heading(column)}", amounts.get(column), absent="")


def _column_total(overview: Overview, column: YearColumn) -> str:
    kind = overview.inputs.plan.kind_of(column)
    if (column.year, kind) in overview.without_estimate:
        return ""
    split = overview.by_kind.get(kind)
    kenmerk, totals = (f"lasten-{kind}", split) if split else ("lasten-jaartotaal", overview.planned)
    return money(f"{kenmerk}.{column.year}", totals[column.year])


def _per_year_group(overview: Overview, cells: Iterable[str]) -> list[str | None]:
    """Return a cell per year column, one cell for the adjacent columns of one year."""
    of_year = dict(zip(overview.years, cells, strict=True))
    spread: list[str | None] = []
    for year, columns in groupby(column.year for column in overview.inputs.plan.columns):
        spread += [of_year[year], *(None for _ in list(columns)[1:])]
    return spread


# Goals


def coverage_text(coverage: GoalCoverage) -> str:
    """Write how far the plan covers a goal, symbol and word; a national goal is never uncovered."""
    if not coverage.goal.is_national:
        return _level(coverage.level)
    own = f" ({coverage.level})" if coverage.level is not Level.NONE else ""
    return f"{_NATIONAL}{own}"


def _level(level: Level) -> str:
    return f"{SYMBOLS[level]}{nl.NBSP}{level}"


def goal_table(overview: Overview) -> Table:
    """Return how the plan serves each goal of the grant, and what serves none."""
    goals = [one for one in overview.goals if not one.goal.is_objective]
    rows = [Row((goal_name(one.goal), *_goal_cells(overview, one))) for one in goals]
    plan = overview.inputs.plan
    lines = Lines(plan)
    rows_of = (lines.rows[at] for at in lines.loose(goals_of_lines(overview.inputs)))
    per_column = zip(plan.columns, zip(*rows_of, strict=True), strict=False)
    loose = {column.year for column, cents in per_column if any(one is not None for one in cents)}
    if loose:
        amounts = _estimates(overview, "doel-geen-doel", overview.without_goal, loose)
        rows.append(Row(("Geen aandachtsgebied", None, None, *amounts)))
    shown = (one.level for one in goals if one.level is not Level.NONE or not one.goal.is_national)
    return Table(
        _caption(overview, "Doelbereik per RCDV-doel, met lasten en structurele formatie per jaar"),
        (Column("Doel"), *_goal_columns(overview)),
        tuple(rows),
        (
            _legend(shown, national=any(one.goal.is_national for one in goals)),
            f"{nl.ABSENT} bij een jaar: geen planregel met een raming. "
            "Een planregel die meer doelen dient, telt bij elk van die doelen mee.",
        ),
    )


def objective_table(overview: Overview) -> Table:
    """Return how the plan serves the linked policy-plan objectives; their amounts overlap."""
    linked = linked_frames(overview)
    rows: list[Row] = []
    for frame, covered in linked.items():
        rows.append(_group_row(frame, len(overview.years) + 3))
        rows += [
            Row((one.goal.goal_id, quoted(one.goal.goal_id, one.goal.text), *_goal_cells(overview, one)))
            for one in covered
        ]
    if rows:
        never = ("niet optelbaar", *(None for _ in overview.years[1:]))
        rows.append(Row(("Totaal", None, None, None, *never), total=True))
    return Table(
        _caption(overview, "Doelbereik per RBP-doelstelling (bedragen overlappen: niet optelbaar)"),
        (Column("Doel"), Column("Doelstelling"), *_goal_columns(overview)),
        tuple(rows),
        (
            "Bedragen en fte zijn niet optelbaar: een planregel die meer doelstellingen dient, "
            "telt bij elk daarvan volledig mee.",
        ),
    )


def linked_frames(overview: Overview) -> dict[str, list[GoalCoverage]]:
    """Return the policy plans of which any objective is named by a focus area."""
    return {frame: covered for frame, covered in _frames(overview).items() if _linked(covered)}


def unlinked_frames(overview: Overview) -> tuple[str, ...]:
    """Return the policy plans that no focus area refers to."""
    return tuple(frame for frame, covered in _frames(overview).items() if not _linked(covered))


def _linked(covered: list[GoalCoverage]) -> bool:
    return any(one.areas for one in covered)


def _frames(overview: Overview) -> dict[str, list[GoalCoverage]]:
    frames: dict[str, list[GoalCoverage]] = {}
    for one in overview.goals:
        if one.goal.is_objective:
            frames.setdefault(one.goal.frame, []).append(one)
    return frames


def _goal_columns(overview: Overview) -> tuple[Column, ...]:
    return (Column("Dekking van het doel"), Column("Aandachtsgebieden met eigen regel"), *_years(overview))


def _goal_cells(overview: Overview, one: GoalCoverage) -> tuple[str, ...]:
    own = f"{one.with_line} van {len(one.areas)}" if one.areas else "geen aandachtsgebied"
    return coverage_text(one), own, *(_goal_amount(one, year) for year in overview.years)


def _goal_amount(one: GoalCoverage, year: int) -> str:
    if one.level_by_year[year] not in OWN_LINE:
        return nl.ABSENT
    kenmerk, staff = f"doel-{one.goal.goal_id}", one.fte[year]
    amount = money(f"{kenmerk}-bedrag.{year}", one.amounts[year])
    return f"{amount}\n{traced.marked(f'{kenmerk}-fte.{year}', f'{nl.fte(staff)} fte')}" if staff else amount


def area_table(overview: Overview) -> Table:
    """Return the goal matrix: per focus area its goals, its plan lines and its level per year."""
    goals = {goal.goal_id: goal for goal in overview.inputs.goals}
    national = {goal.goal_id for goal in overview.inputs.goals if goal.is_national}
    covered = {area.area.area_id: area for one in overview.goals for area in one.areas}
    areas = [covered[area.area_id] for area in overview.inputs.areas if area.area_id in covered]

    def row(one: AreaCoverage) -> Row:
        area = one.area
        carried = f" {_NATIONAL}" if area.goal_id in national else ""
        return Row(
            (
                area.area_id,
                quoted(area.area_id, area.text),
                f"{goal_name(goals[area.goal_id])}{carried}",
                " ".join(area.objectives) or nl.ABSENT,
                lines_text(one.lines, ()) or nl.ABSENT,
                *(_level(one.by_year[year]) for year in overview.years),
            )
        )

    return Table(
        _caption(overview, "Doelenmatrix: dekking per aandachtsgebied en jaar", unit=""),
        (
            *map(Column, ("Code", "Aandachtsgebied", "RCDV-doel", "RBP-doelstellingen", "Eigen planregels")),
            *(Column(str(year)) for year in overview.years),
        ),
        tuple(map(row, areas)),
        (
            _legend((level for one in areas for level in one.by_year.values()), national=bool(national)),
            "De koppeling tussen planregels en aandachtsgebieden is een oordeel en staat in de werkmap "
            f"op het blad {tables.INPUT_TABLES['links'].sheet}.",
        ),
    )


def _line_cell(line: PlanLine, year: int) -> str:
    """Return what a plan line costs in a year; one column of it is the figure of that column."""
    columns = [column for column in line.amounts if column.year == year]
    name = tables.year_heading(columns[0]) if len(columns) == 1 else str(year)
    return money(f"{line.line_id}.{name}", line_amounts(line).get(year), absent=nl.ABSENT)


def _legend(levels: Iterable[Level], *, national: bool) -> str:
    """Explain the symbols that occur, strongest first."""
    used: list[str] = [*sorted({*levels}, key=LEVELS.index), *([NATIONAL] if national else [])]
    return "; ".join(f"{SYMBOLS[word]} {word}: {_MEANINGS[word]}" for word in used) + "."


def loose_line_table(overview: Overview) -> Table:
    """Return the plan lines that serve no focus area, with the ground staff gave for them.

    There are none in it when they are more than a memo lists.
    """
    sheet = tables.INPUT_TABLES["links"].sheet
    lines, plan = Lines(overview.inputs.plan), overview.inputs.plan
    loose = lines.loose(goals_of_lines(overview.inputs))
    listed_ones = [plan.lines[at] for at in loose] if len(loose) <= MOST_LISTED else []
    links: dict[str, list[Link]] = {line.line_id: [] for line in listed_ones}
    for link in overview.inputs.links if links else ():
        if link.line_id in links:
            links[link.line_id].append(link)

    def row(line: PlanLine) -> Row:
        mine = links[line.line_id]
        level = min((link.level for link in mine), key=LEVELS.index, default=Level.NONE)
        grounds = dict.fromkeys(link.ground for link in mine if link.ground)
        return Row(
            (
                line.line_id,
                quoted(f"{line.line_id}-subthema", line.subtheme or ""),
                _level(level),
                "; ".join(
                    quoted(f"{line.line_id}-grond-{number}", ground)
                    for number, ground in enumerate(grounds, start=1)
                )
                or "nog op te schrijven",
                *(_line_cell(line, year) for year in overview.years),
            )
        )

    rows = tuple(map(row, listed_ones))
    return Table(
        _caption(overview, "Planregels zonder eigen aandachtsgebied"),
        (*map(Column, ("Regel", "Subthema", "Dekking", f"Grond (blad {sheet})")), *_years(overview)),
        rows,
        _absent_notes(rows),
    )


# Checks


def check_table(outcomes: tuple[Outcome, ...]) -> Table:
    """Return every check with its outcome."""
    rows = tuple(Row((one.check.code, one.check.name, _verdict(one))) for one in outcomes)
    return Table(
        "Controles en hun uitkomst",
        tuple(map(Column, ("Code", "Controle", "Uitkomst"))),
        rows,
        ("Een controle met de uitkomst klopt of klopt niet moet kloppen; de andere geven een signaal.",),
    )


def _verdict(outcome: Outcome) -> str:
    if not outcome.findings:
        return "klopt" if must_hold(outcome) else "geen bevindingen"
    gravest = min((finding.status for finding in outcome.findings), key=list(Status).index)
    explained = sum(bool(finding.explained) for finding in outcome.findings)
    counted = nl.plural(outcome.total, "bevinding", "bevindingen")
    return f"{gravest}: {counted}{f', waarvan {explained} toegelicht' if explained else ''}"


def must_hold(outcome: Outcome) -> bool:
    """Tell whether the check may find nothing."""
    return outcome.check.status in (Status.FAULT, Status.FAILED)


def finding_table(outcomes: tuple[Outcome, ...]) -> Table:
    """Return every finding: where, what, and what to do; of a check that found very many their count."""
    seen: Counter[str] = Counter()
    rows = []
    for one in outcomes:
        if one.total > MOST_LISTED:
            rows.append(_many_findings(one))
            continue
        for finding in one.findings:
            mark = f"{one.check.code}-{finding.where}"
            seen[mark] += 1
            mark += f" ({seen[mark]})" if seen[mark] > 1 else ""
            found, remedy = quoted(mark, capital(finding.message)), quoted(f"{mark}-actie", finding.advice)
            rows.append(Row((one.check.code, where_text(one.check.code, finding.where), found, remedy)))
    return Table(
        "Bevindingen",
        tuple(map(Column, ("Code", "Waar", "Bevinding", "Wat te doen"))),
        tuple(rows),
        (
            "De codes van regels, doelen en bladen zijn die van de werkmap; "
            f"RCDV-doelen hebben daar een {GRANT_GOAL_PREFIX} voor hun nummer.",
        ),
    )


def _many_findings(outcome: Outcome) -> Row:
    count = f"{outcome.total} bevindingen, te veel om hier te noemen"
    return Row(
        (outcome.check.code, f"blad {CHECK_SHEET}", count, f"Zie het blad {CHECK_SHEET} van de werkmap")
    )


def where_text(code: str, where: str) -> str:
    """Write where a finding is: the name of a line may hold an amount."""
    return quoted(f"{code}-{where}-waar", where)


# Cells and notes


def money(figure_id: str, cents: int | None, absent: str = UNKNOWN) -> str:
    """Write an amount without the sign of the euro; cents only where there are any."""
    return absent if cents is None else traced.marked(figure_id, nl.hundredths(cents))


def _euros(figure_id: str, cents: Fraction | int | None) -> str:
    """Write an amount rounded to whole euros."""
    return UNKNOWN if cents is None else traced.marked(figure_id, nl.hundredths(cents, 0))


def _years(overview: Overview) -> tuple[Column, ...]:
    return tuple(Column(str(year), numeric=True) for year in overview.years)


def _group_row(label: str, others: int) -> Row:
    return Row((label, *(None for _ in range(others))), total=True)


def _planned(overview: Overview) -> tuple[str, ...]:
    stated = {year for year in overview.years if has_estimate(overview, year)}
    return _estimates(overview, "lasten-jaartotaal", overview.planned, stated, absent=NO_ESTIMATE)


def _estimates(
    overview: Overview, kenmerk: str, amounts: Mapping[int, int], stated: set[int], absent: str = nl.ABSENT
) -> tuple[str, ...]:
    """Return a cell per year, `absent` in the years for which nothing is estimated."""
    return tuple(
        money(f"{kenmerk}.{year}", amounts[year]) if year in stated else absent for year in overview.years
    )


def _stated(overview: Overview, lines: Lines, names: Sequence[str | None]) -> Mapping[str, set[int]]:
    """Return per name the years in which any line of it has an estimate."""
    found: dict[str, set[int]] = {}
    for year in overview.years:
        costs = zip(names, lines.amounts(year), strict=True)
        for name in {name for name, cents in costs if cents is not None}:
            found.setdefault(name or "", set()).add(year)
    return found


def _on_basis(overview: Overview, part: str, basis: Basis) -> tuple[str, ...]:
    """Return the grant or the room per year; a mark where the rounded grant serves as the exact one."""
    figures: Mapping[str, Mapping[Basis, ByYear]] = {
        "beschikbaar": overview.available,
        "ruimte": overview.room,
        "cumulatief": overview.cumulative,
    }
    fallback = fallback_years(overview) if basis is Basis.EXACT else ()
    return tuple(
        money(f"{part}-{basis}.{year}", figures[part][basis][year]) + (FALLBACK if year in fallback else "")
        for year in overview.years
    )


def _kind_cell(overview: Overview, kind: Kind, year: int) -> str:
    cents = overview.by_kind[kind][year]
    if cents is None:
        unsplit = YearColumn(year, Kind.UNSPLIT) in overview.inputs.plan.columns
        return "niet gesplitst" if unsplit and not overview.inputs.plan.unsplit_as else nl.ABSENT
    if (year, kind) in overview.without_estimate:
        return NO_ESTIMATE
    return money(f"lasten-{kind}.{year}", cents) + (
        ASSUMED if year in overview.inputs.plan.assumed_years else ""
    )


def _caption(overview: Overview, text: str, unit: str = ", in euro's") -> str:
    status = overview.inputs.premises.status
    return f"{text}{unit} ({status})" if status else f"{text}{unit}"


def _cut_notes(overview: Overview) -> tuple[str, ...]:
    cuts = {year: cut_share(overview, year) for year in overview.years if cut(overview, year)}
    if not cuts:
        return ()
    return (f"Het beschikbare bedrag is na aftrek van een korting: {by_year(cuts)}.",)


def _fallback_notes(overview: Overview) -> tuple[str, ...]:
    years = fallback_years(overview)
    if not years:
        return ()
    return (
        f"{FALLBACK} Voor {period(years)} is geen exact bedrag bekend; gerekend is met het afgeronde bedrag.",
    )


def _source_note(overview: Overview) -> str:
    budget = overview.inputs.budget
    sources = {year: (budget[year].source if year in budget else None) for year in overview.years}
    texts = (
        f"{period(group)}: {quoted(f'bron-{group[0]}', sources[group[0]] or 'geen bron vermeld')}"
        for _, years in groupby(sources, key=sources.__getitem__)
        for group in [tuple(years)]
    )
    sheet = tables.INPUT_TABLES["budget"].sheet
    return f"Herkomst van het beschikbare bedrag (blad {sheet}). {'. '.join(texts)}."


def _split_notes(overview: Overview, mark: str = f"{ASSUMED} ") -> tuple[str, ...]:
    years, kind = overview.inputs.plan.assumed_years, overview.inputs.plan.unsplit_as
    if not years:
        return ()
    return (
        f"{mark}Tabel 2 splitst {period(years)} niet in incidenteel en structureel; "
        f"deze lasten gelden als {kind}. Dat is een aanname.",
    )


def _absent_notes(rows: Sequence[Row], meaning: str = "geen raming.") -> tuple[str, ...]:
    """Explain the dash, where there is one."""
    return (f"{nl.ABSENT} {meaning}",) if any(nl.ABSENT in row.cells for row in rows) else ()


def _no_estimate_notes(overview: Overview) -> tuple[str, ...]:
    if not overview.without_estimate:
        return ()
    return (f"{capital(NO_ESTIMATE)}: geen planregel noemt hier een bedrag. Dat is iets anders dan € 0.",)
