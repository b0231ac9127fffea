"""What a message box, and the log, say of checks and of what went wrong: the same in Excel and in Calc."""

from collections.abc import Iterable, Sequence

from bdur_xl import error_log, nl
from bdur_xl.book import BookError
from bdur_xl.checks import Outcome
from bdur_xl.model import Finding, Status, open_ones
from bdur_xl.origins import CHECK_SHEET
from bdur_xl.refresh import Refused

MOST_FINDINGS = 5
"""Findings that fit in a message box; the sheet Controles has them all."""

_NOUNS = {
    Status.DEVIATION: ("afwijking", "afwijkingen"),
    Status.SIGNAL: ("signaal", "signalen"),
    Status.QUESTION: ("vraag", "vragen"),
}


def why(error: Exception, doing: str) -> str:
    """Return why something failed and what to do; a traceback helps nobody here.

    What nobody foresaw is logged; `doing` names there what failed, in our own words.
    """
    match error:
        case BookError():
            return f"{error.message}.\n{error.remedy}"
        case Refused():
            return with_findings(error.verdict, error.findings)
    text = f"Dit is niet gelukt ({type(error).__name__}: {error})."
    return f"{text}\nMeld het met deze tekst aan de beheerder ({error_log.told(doing, error)})."


def verdict(outcomes: Iterable[Outcome]) -> str:
    """Return in a sentence or two how many checks fail, and how many other findings there are."""
    statuses = [finding.status for outcome in outcomes for finding in open_ones(outcome.findings)]
    failed = statuses.count(Status.FAILED)
    text = f"{nl.plural(failed, 'controle klopt', 'controles kloppen')} niet." if failed else "Alles klopt."
    rest = [nl.plural(count, *words) for status, words in _NOUNS.items() if (count := statuses.count(status))]
    return f"{text} Verder {nl.listing(rest)}." if rest else text


def with_findings(text: str, findings: Sequence[Finding]) -> str:
    """Return a verdict with the first findings under it."""
    rest = len(findings) - MOST_FINDINGS
    more = (
        f"En nog {rest}: zie het blad {CHECK_SHEET}." if rest > 0 else f"Het blad {CHECK_SHEET} noemt alles."
    )
    return "\n\n".join([text, *lines(findings), more])


def lines(findings: Sequence[Finding]) -> list[str]:
    """Return the first findings, each with its place and its remedy."""
    return [f"{one.where}: {one.message}.\n→ {one.remedy}" for one in findings[:MOST_FINDINGS]]


def log_text(outcomes: Iterable[Outcome], memo: str) -> str:
    """Return what the log says of a refresh: the verdict and the memo's name, without its folder."""
    return f"{verdict(outcomes)} Memo: {memo}"
