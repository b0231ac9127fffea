"""Findings that staff have explained: they stay visible, and open again when they say something else."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bdur_xl import nl
from bdur_xl.checks.check import Observation, Outcome
from bdur_xl.model import EXPLAINED, Explanation, Finding, Status

CUT_OFF = "…"
"""How a text ends that a sheet function had to shorten."""

_NEVER = (Status.FAULT, Status.FAILED)


class _Explained(NamedTuple):
    """An explanation, and the findings that it is about."""

    at: int
    explanation: Explanation
    about: list[Finding]

    def fits(self, finding: Finding) -> bool:
        """Tell whether a finding that it is about still says the same."""
        return _same(nl.fold(self.explanation.message), nl.fold(finding.message))


class Explanations:
    """What staff explained, and which findings it turns out to be about as the checks are run."""

    def __init__(self, explanations: Sequence[Explanation]) -> None:
        self.all = [_Explained(at, one, []) for at, one in enumerate(explanations)]
        self._whole: dict[tuple[str, str], list[_Explained]] = {}
        self._cut_off: list[tuple[tuple[str, str], _Explained]] = []
        for one in self.all:
            copied = nl.fold(one.explanation.code), nl.fold(one.explanation.where)
            if any(text.endswith(CUT_OFF) for text in copied):
                self._cut_off.append((copied, one))
            else:
                self._whole.setdefault(copied, []).append(one)

    def marked(self, outcome: Outcome) -> Outcome:
        """Return the outcome with each finding that an explanation fits marked as explained.

        What must hold cannot be explained away.
        """
        if not self.all:
            return outcome
        return Outcome(outcome.check, tuple(map(self._explained, outcome.findings)))

    def _explained(self, finding: Finding) -> Finding:
        about = self._about(finding)
        for one in about:
            one.about.append(finding)
        fitting = [] if finding.status in _NEVER else [one for one in about if one.fits(finding)]
        if not fitting:
            return finding
        said = finding.code, finding.status, finding.where, finding.message, finding.remedy
        return Finding(*said, explained=fitting[0].explanation.reason)

    def _about(self, finding: Finding) -> list[_Explained]:
        """Return the explanations of a finding, in their order on the sheet."""
        code, where = named = nl.fold(finding.code), nl.fold(finding.where)
        cut_off = (one for copied, one in self._cut_off if _same(copied[0], code) and _same(copied[1], where))
        return sorted([*self._whole.get(named, ()), *cut_off], key=lambda one: one.at)


def _same(copied: str, text: str) -> bool:
    """Tell whether a text is what was copied from the sheet: a cut-off end aside. Both are folded."""
    return copied == text or (copied.endswith(CUT_OFF) and text.startswith(copied.removesuffix(CUT_OFF)))


def idle_explanations(explanations: Explanations) -> Iterator[Observation]:
    """N08: an explanation that fits no finding, or one that cannot be explained away."""
    for one in explanations.all:
        fitting = [finding for finding in one.about if one.fits(finding)]
        if not any(finding.status not in _NEVER for finding in fitting):
            named = one.explanation
            yield (f"{named.place}: {named.code}", *_why_idle(one.about, fitting))


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
