"""Answers to what-if questions."""

from collections.abc import Iterable

from bdur_xl import nl
from bdur_xl.answers import Answer, Point
from bdur_xl.figures import Unit
from bdur_xl.model import Inputs
from bdur_xl.screen.paper import Figure, Paper, title
from bdur_xl.terms import Basis


def show_answers(out: Paper, inputs: Inputs, basis: Basis, answers: Iterable[Answer]) -> None:
    """Print each question with its answer, and under it the figures."""
    out.say((f"{title(inputs)}, {basis}", "bold"))
    out.say()
    for answer in answers:
        out.say((answer.question, "bold"))
        out.say(answer.text, indent=2)
        for subject in dict.fromkeys(point.subject for point in answer.points):
            shown = ", ".join(_point(one) for one in answer.points if one.subject == subject)
            out.say((f"{subject}: {shown}", "dim"), indent=4)
        out.say()


def _point(point: Point) -> str:
    shown = nl.euro(point.value) if point.unit is Unit.EURO else f"{_plain(point.value)} {point.unit}"
    return shown if point.year is None else f"{point.year} {shown}"


def _plain(value: Figure) -> str:
    return nl.ABSENT if value is None else nl.hundredths(value, decimals=2)
