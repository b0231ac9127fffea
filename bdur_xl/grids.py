"""The array functions: a whole table of figures from one call.

Each has a heading row and a fixed order of columns and rows; rows that depend
on the plan (themes, departments, findings) come last.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction

from bdur_xl import actuals, terms
from bdur_xl.actuals import Analysis, Comparison, analyses, cause, duty, year_note
from bdur_xl.answers import Answer, Point, answers
from bdur_xl.arguments import NOT_USABLE, Given, SheetError
from bdur_xl.cells import DAY_ZERO
from bdur_xl.checks import CHECKS, INPUT_CHECK, Outcome, run_checks
from bdur_xl.functions import LINK_RANGES, NO_GOAL, Value, chosen_inputs, chosen_scenario, hundredths
from bdur_xl.functions import basis as chosen_basis
from bdur_xl.goals import GoalCoverage, Spent, served, spent
from bdur_xl.kept import kept, kept_with, latest
from bdur_xl.model import Finding, Inputs, PlanLine, faults
from bdur_xl.nl import listing
from bdur_xl.overview import IntakeVariant, Overview, YearFigures, intake_label, named, overview
from bdur_xl.scenarios import ScenarioFigures, compared
from bdur_xl.terms import Basis, Kind

Row = tuple[Value, ...]
Grid = tuple[Row, ...]

OVERVIEW_HEADINGS = ("onderdeel", "naam")
GOAL_HEADINGS = (
    "doel", "kader", "tekst", "gedragen door", "aandachtsgebieden", "met eigen regel", "regels", "optellen",
)  # fmt: skip
ACTUAL_HEADINGS = (
    "onderdeel", "jaar", "regel", "omschrijving", "t/m", "raming", "raming t/m", "realisatie", "verschil t/m",
    "verwachting", "verschil", "toelichting",
)  # fmt: skip
SCENARIO_HEADINGS = ("scenario", "onderdeel")
ANSWER_HEADINGS = ("onderwerp", "antwoord", "wat", "jaar", "waarde", "eenheid")
CHECK_HEADINGS = ("code", "controle", "uitkomst", "waar", "bevinding", "wat te doen")

MOST_SENTENCES = 4
"""On the yearly analysis."""

HOLDS = "klopt"
NOT_RUN = "niet uitgevoerd"
OVERLAPS = "niet optelbaar"


def overview_grid(given: Given) -> Grid:
    """BDUR_OVERZICHT: the figures of a plan, a row per figure and a column per year."""
    view = overview(chosen_inputs(given))
    heading: Row = (*OVERVIEW_HEADINGS, *(float(year) for year in view.years))
    return _sized(given, (heading, *_overview_rows(given, view)))


def _overview_rows(given: Given, view: Overview) -> Iterator[Row]:
    scenario = chosen_scenario(given)
    with_intake = given.has("instroom") or bool(scenario and scenario.start)
    linked = all(given.has(name) for name in LINK_RANGES)
    years = view.of.values()
    yield from _rows([_totals(one) for one in years])
    for basis, figures in view.cumulative.items():
        yield "cumulatief", str(basis), *map(hundredths, figures.values())
    yield from _rows([_further_totals(one, with_intake, linked) for one in years])
    yield from _variant_rows(view)


Figures = Iterator[tuple[str, str, int | Fraction | None]]
"""Of one year: part, name and figure."""

Column = tuple[tuple[str, ...], tuple[str, ...], tuple[Value, ...]]
"""The parts, the names, and what each shows."""


def _column(figures: Figures) -> Column:
    parts, names, values = zip(*figures, strict=True)
    return parts, names, tuple(map(hundredths, values))


def _rows(columns: Sequence[Column]) -> Iterator[Row]:
    parts, names, _ = columns[0]
    return zip(parts, names, *(values for _, _, values in columns), strict=True)


@kept_with
def _totals(one: YearFigures) -> Column:
    def figures() -> Figures:
        yield "lasten", "jaartotaal", one.planned
        yield from (("lasten", str(kind), cents) for kind, cents in one.by_kind.items())
        yield from (("blok", block, one.by_block.get(block, 0)) for block in terms.BLOCKS)
        for part, by_basis in (("beschikbaar", one.available), ("ruimte", one.room)):
            yield from ((part, str(basis), cents) for basis, cents in by_basis.items())

    return _column(figures())


@kept_with
def _further_totals(one: YearFigures, with_intake: bool, linked: bool) -> Column:
    def figures() -> Figures:
        yield "fte", str(Kind.STRUCTURAL), one.fte
        yield "deeljaar", "jaartotaal", one.phased if with_intake else None
        for basis, cents in one.phased_room.items():
            yield "ruimte deeljaar", str(basis), cents if with_intake else None
        yield "doel", NO_GOAL, one.without_goal if linked else None
        for dimension, groups in (("hoofdthema", one.by_theme), ("afdeling", one.by_department)):
            yield from ((dimension, named(name, dimension), cents) for name, cents in groups.items())

    return _column(figures())


def _variant_rows(view: Overview) -> Iterator[Row]:
    """Yield per intake variant its cost and room; a variant says nothing of other years."""
    nothing: list[Value] = [None] * len(view.years)
    for variant in view.intake:
        for part, name, value in _variant_cells(variant):
            values = nothing.copy()
            values[view.years.index(variant.year)] = value
            yield part, name, *values


@latest(16)
def _variant_cells(variant: IntakeVariant) -> list[tuple[str, str, Value]]:
    figures = {"lasten": variant.planned, **{f"ruimte {basis}": room for basis, room in variant.room.items()}}
    label = intake_label(variant)
    return [(label, name, hundredths(figure)) for name, figure in figures.items()]


def goal_grid(given: Given) -> Grid:
    """BDUR_DOELENMATRIX: a row per goal; level, amount and fte each with a column per year."""
    inputs = given.inputs()
    years, goals = inputs.plan.years, served(inputs)
    headings = [f"{measure} {year}" for measure in ("niveau", "bedrag", "fte") for year in years]
    amounts, fte = zip(*(_spent_columns(spent(inputs, year, goals)) for year in years), strict=True)
    rows = zip(*_goal_columns(goals), *amounts, *fte, strict=True)
    return _sized(given, ((*GOAL_HEADINGS, *headings), *rows))


@kept_with
def _spent_columns(of_year: Spent) -> tuple[Row, Row]:
    """Return the columns of amounts and of fte in one year."""
    return tuple(map(hundredths, of_year.amounts)), tuple(map(hundredths, of_year.fte))


@kept
def _goal_columns(goals: Sequence[GoalCoverage]) -> list[Row]:
    """Return the columns of what does not follow from amounts; last the level in each year."""
    return list(zip(*map(_goal_row, goals), strict=True))


def _goal_row(one: GoalCoverage) -> Row:
    goal = one.goal
    return (
        goal.goal_id, goal.frame, goal.text, one.carrier,
        float(len(one.areas)), float(one.with_line),
        listing(one.lines) if one.lines else None,
        OVERLAPS if goal.is_objective else None,
        *[str(level) for level in one.level_by_year.values()],
    )  # fmt: skip


def check_grid(given: Given) -> Grid:
    """BDUR_CONTROLES: a row per finding; a check without findings has one row that says so."""
    inputs, found = given.findings()
    unreadable = bool(faults(found))
    rows = [_finding_row(INPUT_CHECK.name, finding) for finding in found]
    if not unreadable:
        rows.insert(0, (INPUT_CHECK.code, INPUT_CHECK.name, HOLDS, None, None, None))
    outcomes = () if unreadable else run_checks(inputs)
    for outcome in outcomes:
        rows += finding_rows(outcome)
    if unreadable:
        rows += [(check.code, check.name, NOT_RUN, None, None, None) for check in CHECKS]
    return _sized(given, (CHECK_HEADINGS, *rows))


def finding_rows(outcome: Outcome) -> list[Row]:
    """Return a row per finding of a check, or one that says it holds."""
    name = outcome.check.name
    return [_finding_row(name, finding) for finding in outcome.findings] or [
        (outcome.check.code, name, HOLDS, None, None, None)
    ]


def _finding_row(name: str, finding: Finding) -> Row:
    return finding.code.upper(), name, finding.verdict, finding.where, finding.message, finding.advice


def scenario_grid(given: Given) -> Grid:
    """BDUR_SCENARIOS: of every scenario its figures, a row each, and a column per year."""
    inputs, chosen = _inputs_of_scenarios(given), chosen_basis(given)
    heading: Row = (*SCENARIO_HEADINGS, *(float(year) for year in inputs.plan.years))
    return _sized(given, (heading, *(row for one in compared(inputs) for row in _scenario_rows(one, chosen))))


def _inputs_of_scenarios(given: Given) -> Inputs:
    """Return the inputs; a scenario that starts staff later cannot do without the premises."""
    inputs = given.inputs()
    return given.inputs("uitgangspunten") if any(one.start for one in inputs.scenarios) else inputs


def _scenario_rows(one: ScenarioFigures, chosen: Basis) -> Iterator[Row]:
    for part, figures in (
        ("lasten", one.planned),
        ("beschikbaar", one.available[chosen]),
        ("ruimte", one.room[chosen]),
        ("cumulatief", one.cumulative[chosen]),
        ("verschil met basis", one.difference[chosen]),
    ):
        yield one.scenario.name, part, *(hundredths(figures[year]) for year in one.years)


def answer_grid(given: Given) -> Grid:
    """BDUR_ANTWOORDEN: first every sentence of the answers, a row each; then every figure."""
    found = answers(_inputs_of_scenarios(given), chosen_basis(given))
    sentences = [(answer.key, sentence, None, None, None, None)
                 for answer in found for sentence in answer.sentences]  # fmt: skip
    points = [_point_row(answer, point) for answer in found for point in answer.points]
    return _sized(given, (ANSWER_HEADINGS, *sentences, *points))


def _point_row(answer: Answer, point: Point) -> Row:
    year = None if point.year is None else float(point.year)
    return answer.key, None, point.subject, year, hundredths(point.value), str(point.unit)


def _sized(given: Given, grid: Grid) -> Grid:
    """Return the table filled up with empty cells to the rows and columns asked for.

    A block that is too small is an error: cutting the table off would hide figures.
    """
    height, width = given.count("rijen") or len(grid), given.count("kolommen") or len(grid[0])
    if height < len(grid) or width < len(grid[0]):
        reason = f"de tabel heeft {len(grid)} rijen en {len(grid[0])} kolommen: maak het blok groter"
        raise SheetError(NOT_USABLE, reason)
    beside: Row = (None,) * (width - len(grid[0]))
    beneath: Grid = ((None,) * width,) * (height - len(grid))
    return (*((*row, *beside) for row in grid), *beneath)


def actual_grid(given: Given) -> Grid:
    """BDUR_REALISATIE: the state of the analysis, a row per year, and a row per line of one year."""
    inputs = given.inputs()
    found = analyses(inputs)
    sentences = (*duty(found), *[None] * MOST_SENTENCES)[:MOST_SENTENCES]
    duties: list[Row] = [("analyse", *[None] * (len(ACTUAL_HEADINGS) - 2), text) for text in sentences]
    years = [_compared_row("jaar", one, None, "totaal", one.total, year_note(one)) for one in found]
    shown = _shown_year(given, found)
    known = {line for one in found for line in one.lines}
    lines = [
        _line_row(shown, line) for line in inputs.plan.lines if shown is not None and line.line_id in known
    ]
    return _sized(given, (ACTUAL_HEADINGS, *duties, *years, *lines))


def _line_row(one: Analysis, line: PlanLine) -> Row:
    compared = one.lines.get(line.line_id, Comparison(None, None, None, None))
    name = " · ".join(text for text in (line.subtheme, line.block) if text)
    text = cause(compared, one.until) if line.line_id in one.lines else f"geen raming in {one.year}"
    return _compared_row("regel", one, line.line_id, name, compared, text)


def _shown_year(given: Given, found: Sequence[Analysis]) -> Analysis | None:
    """Return the year to show line by line: the one asked for, or the last with actuals, or the first."""
    if given.has("jaar"):
        year = given.year((one.year for one in found), "plan")
        return next(one for one in found if one.year == year)
    return actuals.latest(found) or next(iter(found), None)


def _compared_row(
    part: str, one: Analysis, line: str | None, name: str, compared: Comparison, text: str
) -> Row:
    until = float((dt.date(*one.until) - DAY_ZERO).days) if one.until else None
    figures = (
        compared.planned, compared.to_date, compared.actual, compared.left_to_date, compared.expected,
        compared.left,
    )  # fmt: skip
    return part, float(one.year), line, name, until, *map(hundredths, figures), text or None
