"""Findings that staff have explained: they stay visible, and open again when they say something else."""

from collections.abc import Iterator, Sequence

from bdur_xl import nl
from bdur_xl.checks.check import Observation, Outcome
from bdur_xl.model import EXPLAINED, Explanation, Finding, Inputs, Status

CUT_OFF = "…"
"""How a text ends that a sheet function had to shorten."""

_NEVER = (Status.FAULT, Status.FAILED)


def explain(outcomes: Sequence[Outcome], inputs: Inputs) -> tuple[Outcome, ...]:
    """Return the outcomes with each finding that an explanation fits marked as explained.

    What must hold cannot be explained away.
    """
    return tuple(
        Outcome(one.check, tuple(_explained(finding, inputs) for finding in one.findings)) for one in outcomes
    )


def _explained(finding: Finding, inputs: Inputs) -> Finding:
    if finding.status in _NEVER:
        return finding
    fitting = (one.reason for one in inputs.explanations if _fits(one, finding))
    return finding._replace(explained=next(fitting, None))


def _fits(explanation: Explanation, finding: Finding) -> bool:
    return _is_about(explanation, finding) and _same(explanation.message, finding.message)


def _is_about(explanation: Explanation, finding: Finding) -> bool:
    return _same(explanation.code, finding.code) and _same(explanation.where, finding.where)


def _same(copied: str, text: str) -> bool:
    """Tell whether a text is what was copied from the sheet: spaces, case and a cut-off end aside."""
    one, other = nl.fold(copied), nl.fold(text)
    return one == other or (one.endswith(CUT_OFF) and other.startswith(one.removesuffix(CUT_OFF)))


def idle_explanations(outcomes: Sequence[Outcome], inputs: Inputs) -> Iterator[Observation]:
    """N08: an explanation that fits no finding, or one that cannot be explained away."""
    found = [finding for one in outcomes for finding in one.findings]
    for explanation in inputs.explanations:
        about = [finding for finding in found if _is_about(explanation, finding)]
        fitting = [finding for finding in about if _same(explanation.message, finding.message)]
        if not any(finding.status not in _NEVER for finding in fitting):
            yield (f"{explanation.place}: {explanation.code}", *_why_idle(about, fitting))


def _why_idle(about: list[Finding], fitting: list[Finding]) -> tuple[str, str]:
    if fitting:
        return (
            f"wat moet kloppen kan niet worden {EXPLAINED}; de bevinding telt gewoon mee",
            "Herstel de oorzaak en haal de toelichting weg.",
        )
    if about:
        now = nl.listing(f"“{finding.message}”" for finding in about)
        return (
            f"de bevinding zegt nu iets anders en staat weer open: {now}",
            "Lees de bevinding opnieuw, en werk bevinding en toelichting bij.",
        )
    return "deze bevinding is er niet (meer)", "Haal de toelichting weg, of verbeter code of plaats."
