"""Plan against actual, per year and per plan line."""

from collections.abc import Mapping, Sequence

from bdur_xl import actuals, nl
from bdur_xl.actuals import Analysis, Comparison
from bdur_xl.screen.paper import Column, Paper, Row, Styled, Table, red

_COMPARED = ("raming", "raming t/m", "realisatie", "verschil", "verwachting", "verschil jaar")


def show_actuals(out: Paper, found: Sequence[Analysis]) -> None:
    """Print the promise of a yearly analysis, every year, and the lines of years with actuals."""
    for text in actuals.duty(found):
        out.say(text)
    years = {str(one.year): (one.total, actuals.year_note(one)) for one in found}
    out.say()
    out.show(_comparisons("Plan en realisatie per jaar (verschil: raming min realisatie)", years))
    for one in found:
        if one.until:
            lines = {line: (each, actuals.cause(each, one.until)) for line, each in one.lines.items()}
            lines["totaal"] = one.total, ""
            out.show(_comparisons(f"{one.year} t/m {nl.date(*one.until)}, per planregel", lines))


def _comparisons(title: str, rows: Mapping[str, tuple[Comparison, str]]) -> Table:
    columns = (
        Column("", whole=False),
        *(Column(head, right=True) for head in _COMPARED),
        Column("toelichting", whole=False),
    )
    shown = []
    for name, (one, text) in rows.items():
        figures = (one.planned, one.to_date, one.actual, one.left_to_date, one.expected, one.left)
        cells: tuple[Styled, ...] = ((name, ""), *((nl.euro(cents), red(cents)) for cents in figures))
        shown.append(Row((*cells, (text, "")), "bold" if name == "totaal" else ""))
    return Table(title, columns, shown)
