"""The figures of a memo against the workbook."""

from collections.abc import Sequence

from bdur_xl.screen.paper import Paper
from bdur_xl.verify import Outcome, Verdict, summary

_STYLES = {
    Outcome.EQUAL: "green",
    Outcome.STALE: "bold red",
    Outcome.NO_SOURCE: "yellow",
}


def show_verdicts(out: Paper, verdicts: Sequence[Verdict], *, every: bool) -> None:
    """Print what each figure of a memo is against the workbook; those that are equal only on request."""
    for one in verdicts:
        if every or one.outcome is not Outcome.EQUAL:
            out.say((f"{one.outcome}: ", _STYLES[one.outcome]), one.text)
            told = [one.place, f"nu {one.new}" if one.new else "", ", ".join(one.ids), one.note]
            out.say(" · ".join(text for text in told if text), indent=4)
    out.say(summary(verdicts))
