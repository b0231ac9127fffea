"""What became of an export of the ledger."""

from bdur_xl import nl
from bdur_xl.allocation import Import, Tally
from bdur_xl.model import Finding, Status
from bdur_xl.screen.findings import show_findings
from bdur_xl.screen.paper import Column, Paper, Row, Table

MOST_NAMED = 10
"""Accounts and rows of an export that the screen names; the written report names all."""


def show_import(out: Paper, found: Import, control: Tally) -> None:
    """Print what became of every row of an export, and what asks for attention."""
    groups = ((str(group), tally) for group, tally in found.groups.items())
    rows = [
        Row(((name, ""), (nl.hundredths(tally.rows * 100), ""), (nl.euro(tally.amount, decimals=2), "")))
        for name, tally in (*groups, ("samen", found.total), ("controletotaal, los geteld", control))
    ]
    columns = (Column(""), Column("rijen", right=True), Column("bedrag", right=True))
    out.show(Table(f"Grootboekexport t/m {nl.date(*found.until)}", columns, rows))
    if control != found.total:
        out.say(("De groepen sluiten niet op het controletotaal: meld dit.", "bold red"))
    if found.unmapped:
        out.say(("Niet gekoppeld, de grootste bedragen eerst:", "bold"))
    for code, tally in sorted(found.unmapped.items(), key=lambda one: -abs(one[1].amount))[:MOST_NAMED]:
        named = " ".join(text for text in (code.account, code.cost_centre) if text)
        count = nl.plural(tally.rows, "boeking", "boekingen")
        out.say(f"    {named}: {nl.euro(tally.amount, decimals=2)} in {count}")
    if found.refused:
        out.say(("Niet leesbaar:", "bold"))
    show_findings(out, [Finding("invoer", Status.FAULT, f"rij {one.row}", one.message, one.remedy)
                        for one in found.refused[:MOST_NAMED]])  # fmt: skip
    if max(len(found.unmapped), len(found.refused)) > MOST_NAMED:
        out.say("Alle rekeningen en rijen staan in het resultaat.")
