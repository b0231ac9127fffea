"""The overview of a plan: yearly table, room, start of staff, goals."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from bdur_xl import nl
from bdur_xl.goals import GoalCoverage
from bdur_xl.model import Scenario
from bdur_xl.overview import Overview, intake_label, named
from bdur_xl.scenarios import described
from bdur_xl.screen.paper import Column, Figure, Paper, Row, Styled, Table, Years, red, show_by_year, title
from bdur_xl.terms import Basis, Kind


def show_overview(
    out: Paper, overview: Overview, bases: Sequence[Basis], scenario: Scenario | None = None
) -> None:
    """Print the yearly table, the room and the goals, of the plan or under a scenario. Amounts in euros."""
    out.say((title(overview.inputs), "bold"))
    if scenario:
        out.say((f"Scenario {scenario.name}: {described(scenario)}.", "bold cyan"))
    out.say()
    show_by_year(out, overview.years, "Lasten per jaar", list(_lasten(overview)))
    show_by_year(out, overview.years, "Structurele fte", [Years("fte", overview.fte)], nl.fte)
    room = list(_ruimte(overview, bases))
    show_by_year(out, overview.years, "Begrotingsruimte (nog niet bestemd; cumulatief is indicatief)", room)
    if overview.intake or overview.inputs.intake:
        out.show(_instroom(overview, bases))
    _show_goals(out, overview)
    for year, texts in overview.assumptions.items():
        out.say((f"{year}: {'; '.join(texts)}.", "dim"))
    for year, kind in sorted(overview.without_estimate):
        out.say((f"{year}: geen enkele regel heeft een raming {kind}; € 0 is dus geen raming.", "dim"))


def _lasten(overview: Overview) -> Iterator[Years]:
    yield Years("jaartotaal", overview.planned, "bold")
    for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL):
        yield Years(f"waarvan {kind}", overview.by_kind[kind])
    groups = (("blok", overview.by_block), ("hoofdthema", overview.by_theme),
              ("afdeling", overview.by_department))  # fmt: skip
    for dimension, amounts in groups:
        yield Years(f"per {dimension}", style="italic")
        for name, figures in amounts.items():
            yield Years(f"  {named(name, dimension)}", figures)


def _ruimte(overview: Overview, bases: Sequence[Basis]) -> Iterator[Years]:
    for basis in bases:
        yield Years(f"{basis}", style="italic")
        yield Years("  beschikbaar", overview.available[basis])
        yield Years("  ruimte", overview.room[basis], "bold")
        yield Years("  cumulatief", overview.cumulative[basis])


def _instroom(overview: Overview, bases: Sequence[Basis]) -> Table:
    heads = ("lasten", *(f"ruimte, {basis}" for basis in bases))
    rows = []
    for variant in overview.intake:
        rooms = (_whole(variant.room[basis]) for basis in bases)
        rows.append(Row(((intake_label(variant), ""), _whole(variant.planned), *rooms)))
    for year in overview.years:
        if overview.inputs.intake and overview.phased[year] != overview.planned[year]:
            rooms = (_whole(overview.phased_room[basis][year]) for basis in bases)
            rows.append(
                Row(((f"{year} volgens het blad Instroom", ""), _whole(overview.phased[year]), *rooms))
            )
    for basis in bases:
        for point in overview.break_even[basis]:
            months = nl.hundredths(nl.round_half_up(point.months * 100), decimals=2)
            rows.append(Row(((f"kantelpunt {point.year}, {basis}: {months} maanden formatie", "dim"),)))
    return Table(
        "Als de formatie later begint (afgerond op hele euro's)",
        (Column("", whole=False), *(Column(head, right=True) for head in heads)),
        rows,
    )


def _whole(figure: Figure) -> Styled:
    return nl.euro(figure, decimals=0), red(figure)


def _show_goals(out: Paper, overview: Overview) -> None:
    """Print per kader its levels and its amounts; goals that nothing is linked to share one line."""
    for frame in dict.fromkeys(covered.goal.frame for covered in overview.goals):
        covered = [one for one in overview.goals if one.goal.frame == frame]
        linked = [one for one in covered if one.areas or not one.goal.is_objective]
        if linked:
            out.show(_level_table(overview, f"Doelbereik {frame}", linked))
            overlap = "; bedragen overlappen, niet optelbaar" if linked[0].goal.is_objective else ""
            amounts = [Years(one.goal.goal_id, one.amounts if one.lines else _ABSENT) for one in linked]
            show_by_year(out, overview.years, f"Lasten per doel {frame}{overlap}", amounts)
        if rest := [one.goal.goal_id for one in covered if one not in linked]:
            out.say((f"{frame}: aan {nl.listing(rest)} is niets gekoppeld.", "dim"))
            out.say()
    rows = [Years("zonder aandachtsgebied", overview.without_goal)]
    show_by_year(out, overview.years, "Lasten buiten de aandachtsgebieden", rows)


_ABSENT: Mapping[int, Figure] = MappingProxyType({0: None})
"""Figures of a goal without a line of its own: a dash in every year."""


def _level_table(overview: Overview, title: str, goals: Sequence[GoalCoverage]) -> Table:
    heads = ("doel", "niveau", "gebieden", "fte", "drager")
    rows = []
    for covered in goals:
        areas = f"{covered.with_line} van {len(covered.areas)}" if covered.areas else "geen"
        fte = dict.fromkeys(nl.fte(covered.fte[year]) for year in overview.years)
        shown = " → ".join(fte) if covered.lines else nl.ABSENT
        texts = (covered.goal.goal_id, str(covered.level), areas, shown, covered.carrier)
        rows.append(Row(tuple((text, "") for text in texts)))
    return Table(title, tuple(Column(head, whole=head != "drager") for head in heads), rows)
