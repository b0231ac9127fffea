"""Figures and findings as plain values for JSON: amounts in euros, fte in fte, null for absent."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from bdur_xl import actuals
from bdur_xl.actuals import Analysis, Comparison
from bdur_xl.answers import Answer
from bdur_xl.checks import Outcome
from bdur_xl.goals import GoalCoverage
from bdur_xl.model import Date, Finding, Scenario
from bdur_xl.nl import round_half_up
from bdur_xl.overview import IntakeVariant, Overview, named
from bdur_xl.scenarios import THE_PLAN, ScenarioFigures, described
from bdur_xl.terms import Basis, Kind

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

Figure = TypeVar("Figure", int, int | None, Fraction | None, Fraction | int | None)

_EXACT_BELOW = 2**53
"""Hundredths below this survive the trip through a JSON number (a double)."""


def number(hundredths: int | Fraction | None) -> int | float | None:
    """Return cents as euros (or hundredths as fte): a whole number where it is one.

    Raises OverflowError for an amount that a JSON number cannot hold to the cent.
    """
    if hundredths is None:
        return None
    whole = round_half_up(hundredths)
    if whole % 100 == 0:
        return whole // 100
    if abs(whole) >= _EXACT_BELOW:
        raise OverflowError("een bedrag is te groot om tot op de cent te bewaren")
    return whole / 100


def by_year(figures: Mapping[int, Figure]) -> Json:
    """Return figures per year with the years as text keys."""
    return {str(year): number(figure) for year, figure in figures.items()}


def overview_json(
    overview: Overview, outcomes: Iterable[Outcome], notes: Iterable[Finding], scenario: Scenario = THE_PLAN
) -> dict[str, Json]:
    """Return the overview as `bdur overzicht --json` prints it; the findings are those of the plan itself."""
    return {
        "scenario": scenario.name,
        "jaren": list(overview.years),
        "jaartotaal": by_year(overview.planned),
        "incidenteel": by_year(overview.by_kind[Kind.INCIDENTAL]),
        "structureel": by_year(overview.by_kind[Kind.STRUCTURAL]),
        "per_blok": _groups(overview.by_block, "blok"),
        "per_hoofdthema": _groups(overview.by_theme, "hoofdthema"),
        "per_afdeling": _groups(overview.by_department, "afdeling"),
        "fte": by_year(overview.fte),
        "beschikbaar": {str(basis): by_year(overview.available[basis]) for basis in Basis},
        "ruimte": {str(basis): by_year(overview.room[basis]) for basis in Basis},
        "ruimte_cumulatief": {str(basis): by_year(overview.cumulative[basis]) for basis in Basis},
        "deeljaar": by_year(overview.phased),
        "ruimte_deeljaar": {str(basis): by_year(overview.phased_room[basis]) for basis in Basis},
        "instroom": [_variant(variant) for variant in overview.intake],
        "kantelpunt_maanden": {
            str(basis): {str(one.year): round(float(one.months), 4) for one in overview.break_even[basis]}
            for basis in Basis
        },
        "doelen": [_goal(covered) for covered in overview.goals],
        "zonder_aandachtsgebied": by_year(overview.without_goal),
        "aannamen": {str(year): list(texts) for year, texts in overview.assumptions.items()},
        "bevindingen": _counts(outcomes),
        "cellen": [finding_json(finding) for finding in notes],
    }


def _groups(groups: Mapping[str, Mapping[int, int]], dimension: str) -> Json:
    return {named(name, dimension): by_year(amounts) for name, amounts in groups.items()}


def _variant(variant: IntakeVariant) -> Json:
    return {
        "start": f"{variant.start[0]}-{variant.start[1]:02d}",
        "fte_in_dienst": number(variant.in_house),
        "lasten": number(variant.planned),
        "ruimte": {str(basis): number(variant.room[basis]) for basis in Basis},
    }


def _goal(covered: GoalCoverage) -> Json:
    return {
        "doel": covered.goal.goal_id,
        "kader": covered.goal.frame,
        "niveau": str(covered.level),
        "niveau_per_jaar": {str(year): str(level) for year, level in covered.level_by_year.items()},
        "aandachtsgebieden": len(covered.areas),
        "met_regel": covered.with_line,
        "drager": covered.carrier,
        "regels": list(covered.lines),
        "bedrag": by_year(covered.amounts),
        "fte": by_year(covered.fte),
    }


def _counts(outcomes: Iterable[Outcome]) -> Json:
    counts: dict[str, Json] = {}
    for outcome in outcomes:
        for word in [str(outcome.check.status), *(finding.verdict for finding in outcome.findings)]:
            counts.setdefault(word, 0)
        for finding in outcome.findings:
            counts[finding.verdict] = int(str(counts[finding.verdict])) + 1
    return counts


def finding_json(finding: Finding) -> dict[str, Json]:
    """Return one finding with its place and remedy."""
    return {
        "code": finding.code,
        "status": str(finding.status),
        "waar": finding.where,
        "melding": finding.message,
        "herstel": finding.remedy,
        "toelichting": finding.explained,
    }


def checks_json(outcomes: Iterable[Outcome], notes: Iterable[Finding]) -> dict[str, Iterable[Json]]:
    """Return the checks as `bdur controleer --json` prints them, must-hold checks first, one by one."""
    return {"controles": map(check_json, outcomes), "cellen": map(finding_json, notes)}


def check_json(outcome: Outcome) -> Json:
    """Return one check with what it found."""
    return {
        "code": outcome.check.code,
        "naam": outcome.check.name,
        "klopt": not outcome.findings,
        "status": str(outcome.check.status),
        "bevindingen": [finding_json(finding) for finding in outcome.findings],
    }


def actuals_json(found: Sequence[Analysis], notes: Iterable[Finding]) -> dict[str, Json]:
    """Return plan against actual as `bdur realisatie --json` prints it; a year without actuals has nulls."""
    last = actuals.latest(found)
    return {
        "analyse": list(actuals.duty(found)),
        "laatste_peildatum": _date(last.until if last else None),
        "jaren": {
            str(one.year): {
                "peildatum": _date(one.until),
                "totaal": _comparison(one.total),
                "toelichting": actuals.year_sentence(one),
                "regels": {
                    line: {**_comparison(compared), "oorzaak": actuals.cause(compared, one.until)}
                    for line, compared in one.lines.items()
                },
            }
            for one in found
        },
        "cellen": [finding_json(finding) for finding in notes],
    }


def _comparison(one: Comparison) -> dict[str, Json]:
    return {
        "raming": number(one.planned),
        "raming_tm_peildatum": number(one.to_date),
        "realisatie": number(one.actual),
        "verschil_tm_peildatum": number(one.left_to_date),
        "verwachting": number(one.expected),
        "verschil": number(one.left),
    }


def _date(date: Date | None) -> str | None:
    return date and "{}-{:02d}-{:02d}".format(*date)


def scenarios_json(found: Iterable[ScenarioFigures]) -> dict[str, Json]:
    """Return the scenarios as `bdur scenarios --json` prints them."""
    return {"scenarios": [_scenario(one) for one in found]}


def _scenario(one: ScenarioFigures) -> Json:
    return {
        "scenario": one.scenario.name,
        "omschrijving": one.scenario.text,
        "verandert": described(one.scenario),
        "lasten": by_year(one.planned),
        "beschikbaar": {str(basis): by_year(one.available[basis]) for basis in Basis},
        "ruimte": {str(basis): by_year(one.room[basis]) for basis in Basis},
        "ruimte_cumulatief": {str(basis): by_year(one.cumulative[basis]) for basis in Basis},
        "verschil_met_basis": {str(basis): by_year(one.difference[basis]) for basis in Basis},
    }


def answers_json(found: Mapping[Basis, Iterable[Answer]]) -> dict[str, Json]:
    """Return the answers as `bdur antwoorden --json` prints them, per basis."""
    return {str(basis): [_answer(one) for one in answers] for basis, answers in found.items()}


def _answer(answer: Answer) -> Json:
    return {
        "onderwerp": answer.key,
        "vraag": answer.question,
        "antwoord": answer.text,
        "cijfers": [
            {
                "wat": point.subject,
                "jaar": point.year,
                "waarde": number(point.value),
                "eenheid": str(point.unit),
            }
            for point in answer.points
        ],
    }
