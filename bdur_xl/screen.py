"""The overview and the findings on a terminal: aligned, in Dutch, coloured where it can be.

Every text from a cell goes through `Text`, so that brackets in it are never markup.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import IO, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from bdur_xl import actuals, nl, verify
from bdur_xl.actuals import Analysis, Comparison
from bdur_xl.allocation import Import, Tally
from bdur_xl.answers import Answer, Point
from bdur_xl.cells import printable
from bdur_xl.checks import Outcome
from bdur_xl.figures import Unit
from bdur_xl.goals import GoalCoverage
from bdur_xl.model import EXPLAINED, Finding, Inputs, Scenario, Status, open_ones
from bdur_xl.overview import Overview, intake_label, named
from bdur_xl.scenarios import ScenarioFigures, described
from bdur_xl.terms import Basis, Kind
from bdur_xl.verify import Verdict

PIPE_WIDTH = 200
"""Columns when nobody watches: wide enough to keep every figure whole."""

COLUMN_GAP = 3
"""Characters between two columns of a table."""

MOST_FAULTS = 200
"""Findings printed one by one; the count of the rest follows."""

Figure = int | Fraction | None


class _Console(Console):
    """A console that no text can steer, and that leaves a closed pipe to the command line."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Yield what is shown; control characters in it would colour, link or erase on their own."""
        for part in super().render(renderable, options):
            yield part if part.control else Segment(printable(part.text), part.style)

    def on_broken_pipe(self) -> None:
        """Tell the command line: rich itself would exit with 1."""
        raise BrokenPipeError


def console(file: IO[str]) -> Console:
    """Return a console: colour on a terminal only, wide when piped."""
    return _Console(file=file, highlight=False, width=None if file.isatty() else PIPE_WIDTH)


class Row(NamedTuple):
    """One row of a table with a column per year; without figures a heading over the next rows."""

    label: str
    figures: Mapping[int, Figure] = MappingProxyType({})
    style: str = ""


def _show_by_year(
    out: Console,
    years: Sequence[int],
    title: str,
    rows: Sequence[Row],
    shown: Callable[[Figure], str] = nl.euro,
) -> None:
    """Print rows with a column per year; years that do not fit beside each other follow below."""
    figures = [shown(row.figures.get(year)) for row in rows for year in years if row.figures]
    label_width = max((len(row.label) for row in rows), default=0)
    column_width = max(map(len, figures), default=1) + COLUMN_GAP
    fitting = max(1, (out.width - label_width - COLUMN_GAP) // column_width)
    for first in range(0, len(years), fitting):
        table = _titled(title)
        table.add_column("", no_wrap=True)
        for year in years[first : first + fitting]:
            table.add_column(str(year), justify="right", no_wrap=True)
        for row in rows:
            cells = (_shown(row, year, shown) for year in years[first : first + fitting])
            table.add_row(Text(row.label), *cells, style=row.style)
        out.print(table)


def _shown(row: Row, year: int, shown: Callable[[Figure], str]) -> Text:
    if not row.figures:
        return Text()
    figure = row.figures.get(year)
    return Text(shown(figure), style="bold red" if figure is not None and figure < 0 else "")


def _titled(title: str) -> Table:
    return Table(title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)


def show_overview(
    out: Console, overview: Overview, bases: Sequence[Basis], scenario: Scenario | None = None
) -> None:
    """Print the yearly table, the room and the goals, of the plan or under a scenario. Amounts in euros."""
    out.print(Text(_title(overview.inputs), style="bold"))
    if scenario:
        out.print(Text(f"Scenario {scenario.name}: {described(scenario)}.", style="bold cyan"))
    out.print("")
    _show_by_year(out, overview.years, "Lasten per jaar", list(_lasten(overview)))
    _show_by_year(out, overview.years, "Structurele fte", [Row("fte", overview.fte)], nl.fte)
    room = list(_ruimte(overview, bases))
    _show_by_year(out, overview.years, "Begrotingsruimte (nog niet bestemd; cumulatief is indicatief)", room)
    if overview.intake or overview.inputs.intake:
        out.print(_instroom(overview, bases))
    _show_goals(out, overview)
    for year, texts in overview.assumptions.items():
        out.print(Text(f"{year}: {'; '.join(texts)}.", style="dim"))
    for year, kind in sorted(overview.without_estimate):
        out.print(Text(f"{year}: geen enkele regel heeft een raming {kind}; € 0 is dus geen raming.", "dim"))


def _title(inputs: Inputs) -> str:
    premises = inputs.premises
    return " · ".join(part for part in (premises.region, "BDuR-plan", premises.status) if part)


def _lasten(overview: Overview) -> Iterator[Row]:
    yield Row("jaartotaal", overview.planned, "bold")
    for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL):
        yield Row(f"waarvan {kind}", overview.by_kind[kind])
    groups = (("blok", overview.by_block), ("hoofdthema", overview.by_theme),
              ("afdeling", overview.by_department))  # fmt: skip
    for dimension, amounts in groups:
        yield Row(f"per {dimension}", style="italic")
        for name, figures in amounts.items():
            yield Row(f"  {named(name, dimension)}", figures)


def _ruimte(overview: Overview, bases: Sequence[Basis]) -> Iterator[Row]:
    for basis in bases:
        yield Row(f"{basis}", style="italic")
        yield Row("  beschikbaar", overview.available[basis])
        yield Row("  ruimte", overview.room[basis], "bold")
        yield Row("  cumulatief", overview.cumulative[basis])


def _instroom(overview: Overview, bases: Sequence[Basis]) -> Table:
    table = _titled("Als de formatie later begint (afgerond op hele euro's)")
    table.add_column("")
    for head in ("lasten", *(f"ruimte, {basis}" for basis in bases)):
        table.add_column(head, justify="right", no_wrap=True)
    for variant in overview.intake:
        rooms = (_whole(variant.room[basis]) for basis in bases)
        table.add_row(Text(intake_label(variant)), _whole(variant.planned), *rooms)
    for year in overview.years:
        if overview.inputs.intake and overview.phased[year] != overview.planned[year]:
            rooms = (_whole(overview.phased_room[basis][year]) for basis in bases)
            table.add_row(Text(f"{year} volgens het blad Instroom"), _whole(overview.phased[year]), *rooms)
    for basis in bases:
        for point in overview.break_even[basis]:
            months = nl.hundredths(nl.round_half_up(point.months * 100), decimals=2)
            table.add_row(Text(f"kantelpunt {point.year}, {basis}: {months} maanden formatie", "dim"))
    return table


def _whole(figure: Figure) -> Text:
    style = "bold red" if figure is not None and figure < 0 else ""
    return Text(nl.euro(figure, decimals=0), style=style)


def _show_goals(out: Console, overview: Overview) -> None:
    """Print per kader its levels and its amounts; goals that nothing is linked to share one line."""
    for frame in dict.fromkeys(covered.goal.frame for covered in overview.goals):
        covered = [one for one in overview.goals if one.goal.frame == frame]
        linked = [one for one in covered if one.areas or not one.goal.is_objective]
        if linked:
            out.print(_level_table(overview, f"Doelbereik {frame}", linked))
            overlap = "; bedragen overlappen, niet optelbaar" if linked[0].goal.is_objective else ""
            amounts = [Row(one.goal.goal_id, one.amounts if one.lines else _ABSENT) for one in linked]
            _show_by_year(out, overview.years, f"Lasten per doel {frame}{overlap}", amounts)
        if rest := [one.goal.goal_id for one in covered if one not in linked]:
            out.print(Text(f"{frame}: aan {nl.listing(rest)} is niets gekoppeld.", style="dim"), "")
    rows = [Row("zonder aandachtsgebied", overview.without_goal)]
    _show_by_year(out, overview.years, "Lasten buiten de aandachtsgebieden", rows)


_ABSENT: Mapping[int, Figure] = MappingProxyType({0: None})
"""Figures of a goal without a line of its own: a dash in every year."""


def _level_table(overview: Overview, title: str, goals: Sequence[GoalCoverage]) -> Table:
    table = _titled(title)
    for head in ("doel", "niveau", "gebieden", "fte", "drager"):
        table.add_column(head, no_wrap=head != "drager")
    for covered in goals:
        areas = f"{covered.with_line} van {len(covered.areas)}" if covered.areas else "geen"
        fte = dict.fromkeys(nl.fte(covered.fte[year]) for year in overview.years)
        shown = " → ".join(fte) if covered.lines else nl.ABSENT
        table.add_row(*map(Text, (covered.goal.goal_id, str(covered.level), areas, shown, covered.carrier)))
    return table


def show_failed_checks(out: Console, outcomes: Iterable[Outcome], notes: Sequence[Finding]) -> None:
    """Print how many findings there are and what the cells gave rise to, so that no figure stands alone."""
    show_findings(out, notes)
    counts: dict[Status, int] = {}
    explained = 0
    for outcome in outcomes:
        still_open = open_ones(outcome.findings)
        for finding in still_open:
            counts[finding.status] = counts.get(finding.status, 0) + 1
        explained += len(outcome.findings) - len(still_open)
    failed = counts.get(Status.FAILED, 0)
    words = [nl.plural(counts.get(status, 0), one, many) for status, one, many in _NOUNS]
    words += [f"{explained} {EXPLAINED}"] if explained else []
    verdict = f"{nl.plural(failed, 'fout', 'fouten')} (klopt niet)" if failed else "alles klopt"
    text = f"Controles: {verdict}; "
    out.print(Text(text + nl.listing(words) + ". Zie bdur controleer.", style="bold red" if failed else ""))


_NOUNS = (
    (Status.DEVIATION, "afwijking", "afwijkingen"),
    (Status.SIGNAL, "signaal", "signalen"),
    (Status.QUESTION, "vraag", "vragen"),
)

_STYLES = {
    Status.FAULT: "bold red",
    Status.FAILED: "bold red",
    Status.DEVIATION: "yellow",
    Status.SIGNAL: "cyan",
    Status.QUESTION: "cyan",
}


def show_verdicts(out: Console, verdicts: Sequence[Verdict], *, every: bool) -> None:
    """Print what each figure of a memo is against the workbook; those that are equal only on request."""
    for one in verdicts:
        if every or one.outcome is not verify.Outcome.EQUAL:
            said = (f"{one.outcome}: ", _VERDICT_STYLES[one.outcome])
            out.print(Text.assemble(said, one.text), soft_wrap=True)
            told = [one.place, f"nu {one.new}" if one.new else "", ", ".join(one.ids), one.note]
            out.print(Padding(Text(" · ".join(text for text in told if text)), (0, 0, 0, 4)))
    out.print(Text(verify.summary(verdicts)))


_VERDICT_STYLES = {
    verify.Outcome.EQUAL: "green",
    verify.Outcome.STALE: "bold red",
    verify.Outcome.NO_SOURCE: "yellow",
}


def show_findings(out: Console, findings: Sequence[Finding]) -> None:
    """Print findings with place and remedy, at most `MOST_FAULTS` and the count of the rest."""
    for finding in findings[:MOST_FAULTS]:
        style = "dim" if finding.explained else _STYLES[finding.status]
        what = Text.assemble((f"{finding.where}: ", style), finding.message, ".")
        out.print(Padding(what, (0, 0, 0, 4)))
        out.print(Padding(Text(f"→ {finding.advice}", style="dim"), (0, 0, 0, 6)))
    if len(findings) > MOST_FAULTS:
        out.print(f"… en nog {len(findings) - MOST_FAULTS}; --json noemt ze alle.")


def show_checks(out: Console, outcomes: Iterable[Outcome], notes: Sequence[Finding]) -> None:
    """Print every check, must-hold checks first, with its findings."""
    for outcome in outcomes:
        check = outcome.check
        still_open, gravest = open_ones(outcome.findings), outcome.gravest
        bad = ("✗" if gravest in (Status.FAILED, Status.FAULT) else "!", str(gravest))
        good = ("✓", EXPLAINED if outcome.findings else "klopt")
        mark, word = bad if still_open else good
        style = _STYLES[gravest] if still_open else "green"
        out.print(Text.assemble((f"{mark} {word:<11}", style), f" {check.code:<6} {check.name}"))
        show_findings(out, outcome.findings)
    if notes:
        out.print(Text("Over de invoer", style="bold"))
        show_findings(out, notes)


_COMPARED = ("raming", "raming t/m", "realisatie", "verschil", "verwachting", "verschil jaar")


def show_actuals(out: Console, found: Sequence[Analysis]) -> None:
    """Print the promise of a yearly analysis, every year, and the lines of years with actuals."""
    for text in actuals.duty(found):
        out.print(Text(text))
    years = {str(one.year): (one.total, actuals.year_note(one)) for one in found}
    out.print("", _comparisons("Plan en realisatie per jaar (verschil: raming min realisatie)", years))
    for one in found:
        if one.until:
            lines = {line: (each, actuals.cause(each, one.until)) for line, each in one.lines.items()}
            lines["totaal"] = one.total, ""
            out.print(_comparisons(f"{one.year} t/m {nl.date(*one.until)}, per planregel", lines))


def _comparisons(title: str, rows: Mapping[str, tuple[Comparison, str]]) -> Table:
    table = _titled(title)
    table.add_column("")
    for head in _COMPARED:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("toelichting")
    for name, (one, text) in rows.items():
        figures = (one.planned, one.to_date, one.actual, one.left_to_date, one.expected, one.left)
        shown = (Text(nl.euro(cents), "bold red" if (cents or 0) < 0 else "") for cents in figures)
        table.add_row(Text(name), *shown, Text(text), style="bold" if name == "totaal" else "")
    return table


MOST_NAMED = 10
"""Accounts and rows of an export that the screen names; the written report names all."""


def show_import(out: Console, found: Import, control: Tally) -> None:
    """Print what became of every row of an export, and what asks for attention."""
    table = _titled(f"Grootboekexport t/m {nl.date(*found.until)}")
    for head in ("", "rijen", "bedrag"):
        table.add_column(head, justify="right" if head else "left", no_wrap=True)
    groups = ((str(group), tally) for group, tally in found.groups.items())
    for name, tally in (*groups, ("samen", found.total), ("controletotaal, los geteld", control)):
        table.add_row(
            Text(name), Text(nl.hundredths(tally.rows * 100)), Text(nl.euro(tally.amount, decimals=2))
        )
    out.print(table)
    if control != found.total:
        out.print(Text("De groepen sluiten niet op het controletotaal: meld dit.", "bold red"))
    if found.unmapped:
        out.print(Text("Niet gekoppeld, de grootste bedragen eerst:", "bold"))
    for code, tally in sorted(found.unmapped.items(), key=lambda one: -abs(one[1].amount))[:MOST_NAMED]:
        named = " ".join(text for text in (code.account, code.cost_centre) if text)
        count = nl.plural(tally.rows, "boeking", "boekingen")
        out.print(Text(f"    {named}: {nl.euro(tally.amount, decimals=2)} in {count}"))
    if found.refused:
        out.print(Text("Niet leesbaar:", "bold"))
    show_findings(out, [Finding("invoer", Status.FAULT, f"rij {one.row}", one.message, one.remedy)
                        for one in found.refused[:MOST_NAMED]])  # fmt: skip
    if max(len(found.unmapped), len(found.refused)) > MOST_NAMED:
        out.print(Text("Alle rekeningen en rijen staan in het resultaat."))


def show_scenarios(
    out: Console, inputs: Inputs, found: Sequence[ScenarioFigures], bases: Sequence[Basis]
) -> None:
    """Print what every scenario makes of cost, grant and room, and how it differs from basis."""
    years = inputs.plan.years
    out.print(Text(_title(inputs), style="bold"), "")
    for one in found:
        out.print(Text.assemble((one.scenario.name, "bold"), f": {described(one.scenario)}."))
    out.print("")
    _show_by_year(out, years, "Lasten per scenario", [Row(one.scenario.name, one.planned) for one in found])
    for basis in bases:
        for title, figures in _MEASURES.items():
            rows = [Row(one.scenario.name, figures(one)[basis]) for one in found]
            _show_by_year(out, years, title.format(basis=basis), rows)


_MEASURES: Mapping[str, Callable[[ScenarioFigures], Mapping[Basis, Mapping[int, Figure]]]] = {
    "Beschikbaar, {basis}": lambda one: one.available,
    "Begrotingsruimte, {basis} (nog niet bestemd)": lambda one: one.room,
    "Ruimte cumulatief, {basis} (indicatief)": lambda one: one.cumulative,
    "Verschil in ruimte met basis, {basis}": lambda one: one.difference,
}


def show_answers(out: Console, inputs: Inputs, basis: Basis, answers: Iterable[Answer]) -> None:
    """Print each question with its answer, and under it the figures."""
    out.print(Text(f"{_title(inputs)}, {basis}", style="bold"), "")
    for answer in answers:
        out.print(Text(answer.question, style="bold"))
        out.print(Padding(Text(answer.text), (0, 0, 0, 2)))
        for subject in dict.fromkeys(point.subject for point in answer.points):
            shown = ", ".join(_point(one) for one in answer.points if one.subject == subject)
            out.print(Padding(Text(f"{subject}: {shown}", style="dim"), (0, 0, 0, 4)))
        out.print("")


def _point(point: Point) -> str:
    shown = nl.euro(point.value) if point.unit is Unit.EURO else f"{_plain(point.value)} {point.unit}"
    return shown if point.year is None else f"{point.year} {shown}"


def _plain(value: Figure) -> str:
    return nl.ABSENT if value is None else nl.hundredths(value, decimals=2)
