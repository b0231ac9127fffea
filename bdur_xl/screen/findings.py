"""Findings and checks for people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bdur_xl import nl
from bdur_xl.checks.check import Outcome
from bdur_xl.model import EXPLAINED, Finding, Status, open_ones
from bdur_xl.screen.paper import Paper

MOST_FAULTS = 200
"""Findings printed one by one; the count of the rest follows."""

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


def show_findings(out: Paper, findings: Sequence[Finding]) -> None:
    """Print findings with place and remedy, at most `MOST_FAULTS` and the count of the rest."""
    for finding in findings[:MOST_FAULTS]:
        style = "dim" if finding.explained else _STYLES[finding.status]
        out.say((f"{finding.where}: ", style), finding.message, ".", indent=4)
        out.say((f"→ {finding.advice}", "dim"), indent=6)
    if len(findings) > MOST_FAULTS:
        out.say(f"… en nog {len(findings) - MOST_FAULTS}; --json noemt ze alle.")


def counted(outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    """Return how many findings there are of each verdict."""
    return Counter(finding.verdict for outcome in outcomes for finding in outcome.findings)


def show_counts(out: Paper, counts: Mapping[str, int], notes: Sequence[Finding]) -> None:
    """Print how many findings there are and what the cells gave rise to, so that no figure stands alone."""
    show_findings(out, notes)
    failed, explained = (counts.get(verdict, 0) for verdict in (Status.FAILED, EXPLAINED))
    words = [nl.plural(counts.get(status, 0), one, many) for status, one, many in _NOUNS]
    words += [f"{explained} {EXPLAINED}"] if explained else []
    verdict = f"{nl.plural(failed, 'fout', 'fouten')} (klopt niet)" if failed else "alles klopt"
    text = f"Controles: {verdict}; {nl.listing(words)}. Zie bdur controleer."
    out.say((text, "bold red" if failed else ""))


def show_checks(out: Paper, outcomes: Iterable[Outcome], notes: Sequence[Finding]) -> None:
    """Print every check, must-hold checks first, with its findings."""
    for outcome in outcomes:
        check = outcome.check
        still_open, gravest = open_ones(outcome.findings), outcome.gravest
        bad = ("✗" if gravest in (Status.FAILED, Status.FAULT) else "!", str(gravest))
        good = ("✓", EXPLAINED if outcome.findings else "klopt")
        mark, word = bad if still_open else good
        style = _STYLES[gravest] if still_open else "green"
        out.say((f"{mark} {word:<11}", style), f" {check.code:<6} {check.name}")
        show_findings(out, outcome.findings)
    if notes:
        out.say(("Over de invoer", "bold"))
        show_findings(out, notes)
