"""The overview and the findings on a terminal: aligned, in Dutch, coloured where it can be.

Every text from a cell goes through `Text`, so that brackets in it are never markup.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import IO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bdur_xl import nl
from bdur_xl.checks import Outcome
from bdur_xl.goals import GoalCoverage
from bdur_xl.model import Finding, Status
from bdur_xl.overview import Overview, intake_label, named
from bdur_xl.terms import Basis, Kind

PIPE_WIDTH = 200
"""Columns when nobody watches: wide enough to keep every figure whole."""

MOST_FAULTS = 200
"""Findings printed one by one; the count of the rest follows."""

Figure = int | Fraction | None


def console(file: IO[str]) -> Console:
    """Return a console: colour on a terminal only, wide when piped."""
    return Console(file=file, highlight=False, width=None if file.isatty() else PIPE_WIDTH)


def _table(overview: Overview, title: str, *heads: str) -> Table:
    table = Table(title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    for year in overview.years:
        table.add_column(str(year), justify="right", no_wrap=True)
    return table


def _amount(figure: Figure) -> Text:
    return Text(nl.euro(figure), style="bold red" if figure is not None and figure < 0 else "")


def _row(
    table: Table, overview: Overview, label: str, figures: Mapping[int, Figure], style: str = ""
) -> None:
    table.add_row(Text(label), *(_amount(figures.get(year)) for year in overview.years), style=style)


def show_overview(out: Console, overview: Overview, bases: Sequence[Basis]) -> None:
    """Print the yearly table, the room and the goals. Amounts in euros."""
    premises = overview.inputs.premises
    title = " · ".join(part for part in (premises.region, "BDuR-plan", premises.status) if part)
    out.print(Text(title, style="bold"), "")
    out.print(_lasten(overview), _ruimte(overview, bases), sep="\n")
    if overview.intake:
        out.print(_instroom(overview, bases))
    _show_goals(out, overview)
    for year, texts in overview.assumptions.items():
        out.print(Text(f"{year}: {'; '.join(texts)}.", style="dim"))
    for year, kind in sorted(overview.without_estimate):
        out.print(Text(f"{year}: geen enkele regel heeft een raming {kind}; € 0 is dus geen raming.", "dim"))


def _lasten(overview: Overview) -> Table:
    table = _table(overview, "Lasten per jaar", "")
    _row(table, overview, "jaartotaal", overview.planned, "bold")
    for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL):
        assumed = overview.inputs.plan.assumed_years if kind is overview.inputs.plan.unsplit_as else ()
        note = f" (aanname in {nl.listing(map(str, assumed))})" if assumed else ""
        _row(table, overview, f"waarvan {kind}{note}", overview.by_kind[kind])
    groups = (("blok", overview.by_block), ("hoofdthema", overview.by_theme),
              ("afdeling", overview.by_department))  # fmt: skip
    for dimension, amounts in groups:
        table.add_section()
        for name, figures in amounts.items():
            _row(table, overview, f"{dimension} {named(name, dimension)}", figures)
    table.add_section()
    table.add_row("fte structureel", *(nl.fte(overview.fte[year]) for year in overview.years))
    return table


def _ruimte(overview: Overview, bases: Sequence[Basis]) -> Table:
    table = _table(overview, "Begrotingsruimte (nog niet bestemd)", "")
    for basis in bases:
        _row(table, overview, f"beschikbaar, {basis}", overview.available[basis])
        _row(table, overview, f"ruimte, {basis}", overview.room[basis], "bold")
        _row(table, overview, f"ruimte cumulatief (indicatief), {basis}", overview.cumulative[basis])
        table.add_section()
    return table


def _instroom(overview: Overview, bases: Sequence[Basis]) -> Table:
    title = Text("Als de formatie later begint (afgerond op hele euro's)", style="bold")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
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
    """Print one table per kader; goals that nothing is linked to share one line."""
    for frame in dict.fromkeys(covered.goal.frame for covered in overview.goals):
        covered = [one for one in overview.goals if one.goal.frame == frame]
        linked = [one for one in covered if one.areas or not one.goal.is_objective]
        overlap = "; bedragen overlappen, niet optelbaar" if covered[0].goal.is_objective else ""
        title = f"Doelbereik {frame}{overlap}"
        if linked:
            out.print(_goal_table(overview, title, linked))
        if rest := [one.goal.goal_id for one in covered if one not in linked]:
            out.print(Text(f"{frame}: aan {nl.listing(rest)} is niets gekoppeld.", style="dim"), "")
    table = _table(overview, "Lasten buiten de aandachtsgebieden", "")
    _row(table, overview, "zonder aandachtsgebied", overview.without_goal)
    out.print(table)


def _goal_table(overview: Overview, title: str, goals: Sequence[GoalCoverage]) -> Table:
    table = _table(overview, title, "doel", "niveau", "gebieden", "drager")
    table.add_column("fte", justify="right", no_wrap=True)
    for covered in goals:
        areas = f"{covered.with_line} van {len(covered.areas)}" if covered.areas else "geen"
        words = (covered.goal.goal_id, str(covered.level), areas, covered.carrier)
        amounts = (covered.amounts[year] if covered.lines else None for year in overview.years)
        fte = dict.fromkeys(nl.fte(covered.fte[year]) for year in overview.years)
        shown = " → ".join(fte) if covered.lines else nl.ABSENT
        table.add_row(*map(Text, words), *map(_amount, amounts), shown)
    return table


def show_failed_checks(out: Console, outcomes: Iterable[Outcome]) -> None:
    """Print how many findings there are, so that figures are never read without them."""
    counts: dict[Status, int] = {}
    for outcome in outcomes:
        counts[outcome.check.status] = counts.get(outcome.check.status, 0) + len(outcome.findings)
    failed = counts.get(Status.FAILED, 0)
    words = [nl.plural(counts.get(status, 0), one, many) for status, one, many in _NOUNS]
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


def show_findings(out: Console, findings: Sequence[Finding]) -> None:
    """Print findings with place and remedy, at most `MOST_FAULTS` and the count of the rest."""
    for finding in findings[:MOST_FAULTS]:
        style = _STYLES[finding.status]
        what = Text.assemble((f"{finding.where}: ", style), finding.message, ".")
        out.print(Padding(what, (0, 0, 0, 4)))
        out.print(Padding(Text(f"→ {finding.remedy}", style="dim"), (0, 0, 0, 6)))
    if len(findings) > MOST_FAULTS:
        out.print(f"… en nog {len(findings) - MOST_FAULTS}; --json noemt ze alle.")


def show_checks(out: Console, outcomes: Iterable[Outcome], notes: Sequence[Finding]) -> None:
    """Print every check, must-hold checks first, with its findings."""
    for outcome in outcomes:
        check = outcome.check
        must_hold = check.status in (Status.FAILED, Status.FAULT)
        bad = ("✗" if must_hold else "!", str(check.status))
        mark, word = bad if outcome.findings else ("✓", "klopt")
        style = "green" if not outcome.findings else _STYLES[check.status]
        out.print(Text.assemble((f"{mark} {word:<11}", style), f" {check.code:<6} {check.name}"))
        show_findings(out, outcome.findings)
    if notes:
        out.print(Text("Over de invoer", style="bold"))
        show_findings(out, notes)
