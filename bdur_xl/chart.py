"""The chart of the memo: planned cost stacked by kind, against the line of the grant.

Amounts are cents; None is absent (*geen raming*, *onbekend*): a gap in the chart, never a zero.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bdur_xl import nl
from bdur_xl.model import YearColumn
from bdur_xl.overview import Overview
from bdur_xl.sentences import fallback_years, period
from bdur_xl.terms import Basis, Kind

_KINDS: Mapping[Kind, str] = {
    Kind.STRUCTURAL: "structureel",
    Kind.INCIDENTAL: "incidenteel",
    Kind.UNSPLIT: "niet gesplitst",
}
"""The columns from the axis up: what stays, what passes, what the plan does not tell."""


class Series(NamedTuple):
    """One row of the legend: a value in cents per category, None where there is none."""

    name: str
    values: tuple[int | None, ...]


class Chart(NamedTuple):
    """Stacked columns and a line over the same categories, as printed."""

    title: str
    alt_text: str
    categories: tuple[str, ...]
    columns: tuple[Series, ...]
    """From the axis up. A series without any value is left out."""
    line: Series
    notes: tuple[str, ...] = ()
    """What must stand under it: the assumptions its figures rest on."""


def lasten_chart(overview: Overview) -> Chart:
    """Return the planned cost per year by kind against the grant, exact where that is known.

    Source: memo, Tabel 2; par. 1.
    """
    status = overview.inputs.premises.status
    per_kind = ((kind, tuple(_planned(overview, year, kind) for year in overview.years)) for kind in _KINDS)
    return Chart(
        title=f"Lasten per jaar en het beschikbare bedrag, in euro's{f' ({status})' if status else ''}",
        alt_text=_alt_text(overview),
        categories=tuple(map(str, overview.years)),
        columns=tuple(
            Series(f"Lasten {_KINDS[kind]}", values)
            for kind, values in per_kind
            if any(value is not None for value in values)
        ),
        line=Series(
            f"Beschikbaar ({Basis.EXACT})",
            tuple(overview.available[Basis.EXACT][year] for year in overview.years),
        ),
        notes=tuple(_notes(overview)),
    )


def _planned(overview: Overview, year: int, kind: Kind) -> int | None:
    """Return one column's part in cents; None when nothing is estimated there."""
    if (year, kind) in overview.without_estimate:
        return None
    if kind is not Kind.UNSPLIT:
        return overview.by_kind[kind][year]
    plan = overview.inputs.plan
    if plan.unsplit_as or YearColumn(year, kind) not in plan.columns:
        return None
    return overview.planned[year] - sum(totals[year] or 0 for totals in overview.by_kind.values())


def _alt_text(overview: Overview) -> str:
    """Say what the chart shows and every figure in it, for who cannot see it."""
    years = (_year_sentence(overview, year) for year in overview.years)
    return " ".join(
        ("Grafiek van de lasten per jaar (gestapelde kolommen) en het beschikbare bedrag (lijn).", *years)
    )


def _year_sentence(overview: Overview, year: int) -> str:
    amounts = {kind: _planned(overview, year, kind) for kind in _KINDS}
    known = [f"{_KINDS[kind]} {nl.euro(cents)}" for kind, cents in amounts.items() if cents is not None]
    planned = f"zijn de lasten {nl.listing(known)}" if known else "zijn de lasten niet geraamd"
    available = overview.available[Basis.EXACT][year]
    grant = "onbekend" if available is None else nl.euro(available)
    return f"In {year} {planned}; het beschikbare bedrag is {grant}."


def _notes(overview: Overview) -> Iterator[str]:
    plan = overview.inputs.plan
    if plan.assumed_years:
        yield (
            f"In {period(plan.assumed_years)} gelden de lasten, die Tabel 2 daar niet splitst, "
            f"als {plan.unsplit_as}. Dat is een aanname."
        )
    if years := fallback_years(overview):
        yield f"Het beschikbare bedrag voor {period(years)} is afgerond; het exacte is niet bekend."
