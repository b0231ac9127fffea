"""Help on the checks, from their registry: docs/CONTROLES.md.

`python -m bdur_xl.build.check_help` prints it. Each example is what the check says of the
plan in workbook/plan; where it finds nothing there, of that plan with one thing changed.
"""

from collections.abc import Iterator, Mapping

from bdur_xl import cells
from bdur_xl.checks import CHECKS, INPUT_CHECK, Check, run_checks
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.files.shipped import PLAN, shipped
from bdur_xl.model import EXPLAINED, Explanation, Finding, Inputs, Status, faults
from bdur_xl.nl import NBSP
from bdur_xl.parse import parse_inputs
from bdur_xl.tables import RawTable

Tables = Mapping[str, RawTable]

_CHANGES: Mapping[str, tuple[str, str, str, object]] = {
    "INVOER": ("plan", "P02", "2023 s", "150.000"),
    "C01": ("plan", "P17", "2024 s", 210_000),
    "C03": ("capacity", "T05", "capaciteit structureel 2023 (fte)", 2),
    "C04": ("plan", "P05", "2023 s", 150_000),
    "C34": ("plan", "P02", "opmerking", "overlegd met mevr. Voorbeeld"),
    "N01": ("budget", "2025", "beschikbaar Tabel 2", None),
    "N02": ("plan", "P11", "2024 i", 5_000),
    "N03": ("intake", "P02", "fte al in dienst", 2),
    "N04": ("premises", "instroommaand", "waarde", "2040-05"),
    "N05": ("plan", "P05", "hoofdthema", "versterken IM"),
    "N07": ("plan", "P13", "2023 i", 15_000),
}
"""Per check the cell that makes it speak: table, row, column, and what is typed there."""

_INTRODUCTION = f"""\
# Controles

Gemaakt uit `bdur_xl/checks` met het plan in `workbook/plan`; wijzig dit bestand niet met de hand.

`bdur controleer`, het blad Controles, `=BDUR_CONTROLES(…)` en bijlage C van de memo tonen dezelfde controles.
Een bevinding noemt de regel, het jaar, het bedrag, de oorzaak en wat u kunt doen. De codes C zijn die van de
lijst bij de memo; de codes N zijn van deze werkmap. De voorbeelden komen uit het plan van die memo, zo nodig
met één cel veranderd.

| klasse | wat een bevinding betekent |
|---|---|
| {Status.FAULT} | een cel is niet zeker te lezen: er komen geen cijfers |
| {Status.FAILED} | wat moet kloppen, klopt niet: `bdur controleer` eindigt met 1 |
| {Status.DEVIATION} | twee gegevens spreken elkaar tegen: herstel het, of licht het toe |
| {Status.SIGNAL} | iets om te weten of te beoordelen |
| {Status.QUESTION} | de bron zegt het niet: wie weet het antwoord? |

**Toelichten.** Een {Status.DEVIATION}, {Status.SIGNAL} of {Status.QUESTION} kunt u toelichten op het blad
Toelichtingen: neem code, waar en bevinding over van het blad Controles en typ de reden ernaast. De bevinding
blijft staan als *{EXPLAINED}*, met de reden. Zegt zij later iets anders, bijvoorbeeld een ander bedrag, dan
staat zij weer open. Een {Status.FAULT} en wat niet klopt kunt u niet toelichten: herstel de oorzaak.
"""


def markdown() -> str:
    """Return docs/CONTROLES.md for the plan in a folder."""
    raw, _ = read_folder(shipped(PLAN))
    sections = (_section(check, _example(check, raw)) for check in (INPUT_CHECK, *CHECKS))
    return "\n".join((_INTRODUCTION, *sections))


def _section(check: Check, finding: Finding | None) -> str:
    assert finding, f"no example of {check.code}"
    where, message, remedy = (
        text.replace(NBSP, " ") for text in (finding.where, finding.message, finding.remedy)
    )
    return "\n".join(
        (
            f"## {check.code} {check.name}", "",
            f"Klasse: {check.status}. {check.looks_at}", "",
            f"> {where}: {message}.", "",
            f"Wat te doen: {remedy}", "",
        )
    )  # fmt: skip


def _example(check: Check, raw: Tables) -> Finding | None:
    """Return the first thing a check says of the plan, or of the plan with its change."""
    inputs, notes = parse_inputs(_changed(raw, check.code))
    if check.code == INPUT_CHECK.code:
        return faults(notes)[0]
    if check.code in _OTHER_PLANS:
        inputs = _OTHER_PLANS[check.code](inputs)
    return next(_findings(inputs, check.code), None)


def _findings(inputs: Inputs, code: str) -> Iterator[Finding]:
    for outcome in run_checks(inputs):
        if outcome.check.code == code:
            yield from outcome.findings


def _changed(raw: Tables, code: str) -> Tables:
    if code not in _CHANGES:
        return raw
    key, row_id, heading, value = _CHANGES[code]
    table = raw[key]
    column = table.headings.index(heading)
    number = next(number for number, row in table.rows if cells.text(row[0]) == row_id)
    rows = tuple(
        (one, (*row[:column], value, *row[column + 1 :]) if one == number else row) for one, row in table.rows
    )
    return {**raw, key: table._replace(rows=rows)}


def _without_a_goal(inputs: Inputs) -> Inputs:
    code = inputs.areas[0].objectives[0]
    return inputs._replace(goals=tuple(goal for goal in inputs.goals if goal.goal_id != code))


def _with_a_double(inputs: Inputs) -> Inputs:
    lines = inputs.plan.lines
    double = lines[0]._replace(line_id=f"{lines[0].line_id}b")
    return inputs._replace(plan=inputs.plan._replace(lines=(*lines, double)))


def _with_an_old_explanation(inputs: Inputs) -> Inputs:
    outcome = next(one for one in run_checks(inputs) if one.findings)
    first = outcome.findings[0]
    old = Explanation(first.code, first.where, "een eerder bedrag", "zo afgesproken", "Toelichtingen, rij 7")
    return inputs._replace(explanations=(old,))


_OTHER_PLANS = {"C25": _without_a_goal, "N06": _with_a_double, "N08": _with_an_old_explanation}
"""Per check what one cell cannot change."""


if __name__ == "__main__":
    print(markdown(), end="")
