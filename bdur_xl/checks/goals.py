"""Checks of goals, focus areas and what serves them: C21 to C26."""

import re
from collections.abc import Iterator

from bdur_xl import budget, nl
from bdur_xl.budget import Cube
from bdur_xl.checks.check import Observation, per_year, sheet_of
from bdur_xl.goals import coverage, goals_of_lines
from bdur_xl.model import Inputs, Link
from bdur_xl.plan_lines import Lines
from bdur_xl.terms import OWN_LINE, POLICY_PLAN, Level


def areas_without_line(inputs: Inputs) -> Iterator[Observation]:
    """C21: a focus area has no plan line of its own, or shares the one it has."""
    of_area: dict[str | None, list[Link]] = {}
    for link in inputs.links:
        of_area.setdefault(link.area_id, []).append(link)
    for area in inputs.areas:
        links = of_area.get(area.area_id, [])
        if not any(link.level in OWN_LINE for link in links):
            levels = dict.fromkeys(f"{link.level} ({link.line_id})" for link in links)
            yield (
                f"Aandachtsgebied {area.area_id}",
                f"geen eigen planregel: {nl.listing(levels) if levels else Level.NONE}",
                "Oordeel of dit zonder eigen regel kan, of koppel een regel.",
            )
    for areas, lines in _shared(inputs).items():
        named = "de regel" if len(lines) == 1 else "de regels"
        yield (
            f"Aandachtsgebieden {nl.listing(areas)}",
            f"delen {named} {nl.listing(lines)}, zonder uitsplitsing",
            "Oordeel of één regel volstaat, of splits hem.",
        )


def _shared(inputs: Inputs) -> dict[tuple[str, ...], list[str]]:
    """Return per group of areas the lines that they share."""
    served: dict[str, list[str]] = {}
    for link in inputs.links:
        if link.level is Level.SHARED and link.area_id:
            served.setdefault(link.line_id, []).append(link.area_id)
    groups: dict[tuple[str, ...], list[str]] = {}
    for line_id, areas in served.items():
        if len(areas) > 1:
            groups.setdefault(tuple(areas), []).append(line_id)
    return groups


def lines_without_area(inputs: Inputs) -> Iterator[Observation]:
    """C22: planned cost that serves no focus area."""
    served, lines = goals_of_lines(inputs), Lines(inputs.plan)
    loose = [lines.ids[at] for at in lines.loose(served)]
    if not loose:
        return
    supporting = {link.line_id for link in inputs.links if link.level is Level.SUPPORTING}
    shown = nl.listing(f"{one}{' (ondersteunend)' if one in supporting else ''}" for one in loose)
    cube = Cube(inputs.plan, served)
    amounts = {year: cube.total(year=year, goal=budget.UNNAMED) or 0 for year in inputs.plan.years}
    yield (
        sheet_of("links"),
        f"zonder aandachtsgebied: {shown}; {per_year(amounts)}",
        "Koppel de regel, of schrijf op waarom hij past in de bestedingsvoorwaarde.",
    )


def goals_without_line(inputs: Inputs) -> Iterator[Observation]:
    """C23: a goal of the grant without a plan line of its own."""
    for covered in coverage(inputs):
        goal = covered.goal
        if not goal.is_objective and not covered.with_line:
            carried = f"{goal.kind}; regionale inzet blijft nodig" if goal.is_national else "ongedekt"
            message = f"geen eigen planregel (niveau: {covered.level}); {carried}"
            yield f"Doel {goal.goal_id}", message, "Noem wie het doel draagt, of voeg een planregel toe."


def objectives_without_area(inputs: Inputs) -> Iterator[Observation]:
    """C24: objectives of a policy plan that no focus area names."""
    named = {code for area in inputs.areas for code in area.objectives}
    idle: dict[str, list[str]] = {}
    for goal in inputs.goals:
        if goal.is_objective and not goal.is_heading and goal.goal_id not in named:
            idle.setdefault(goal.frame, []).append(goal.goal_id)
    for frame, codes in idle.items():
        yield (
            frame,
            f"geen aandachtsgebied noemt {nl.listing(codes)}",
            "Vul geen koppeling in die de bron niet geeft; vraag de beleidsmaker.",
        )


def unknown_objectives(inputs: Inputs) -> Iterator[Observation]:
    """C25: a focus area names an objective that the list of goals does not have.

    On the sheets that is refused as soon as it is read; this holds where areas come from elsewhere.
    """
    known = {goal.goal_id for goal in inputs.goals}
    for area in inputs.areas:
        for code in area.objectives:
            if code not in known:
                remedy = "Verbeter de code, of voeg het doel toe op het blad Doelen."
                yield f"Aandachtsgebied {area.area_id}", f"RBP-doel {code} staat niet in de lijst", remedy


_SPAN = re.compile(rf"{POLICY_PLAN}[^\d.;]{{0,20}}(\d{{4}})\s*[-–]\s*(\d{{4}})")


def frame_names(inputs: Inputs) -> Iterator[Observation]:
    """C26: one policy plan is named with different years."""
    frames = [_span(goal.frame) for goal in inputs.goals]
    told = {span: goal.source for goal in inputs.goals for span in [_span(goal.source or "")] if span}
    spans = {span: told.get(span) for span in (*frames, *told) if span}
    for span, source in spans.items():
        for other in frames:
            if other and span != other and (span not in frames or span < other) and _same_plan(span, other):
                yield (
                    f"{POLICY_PLAN} {_shown(other)}",
                    f"heet ook {POLICY_PLAN} {_shown(span)}{f' (bron: {source})' if source else ''}",
                    f"Gebruik overal {POLICY_PLAN} {_shown(other)}.",
                )
                break


def _span(text: str) -> tuple[int, int] | None:
    match = _SPAN.search(text)
    return (int(match[1]), int(match[2])) if match else None


def _shown(span: tuple[int, int]) -> str:
    return "-".join(map(str, span))


def _same_plan(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether two names may be of one plan: they begin or end in the same year."""
    return one[0] == other[0] or one[1] == other[1]
