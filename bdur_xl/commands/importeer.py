"""`bdur importeer`: an export of the ledger as the table of actuals, in a workbook beside the plan."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bdur_xl.commands import FOUND, OK
from bdur_xl.commands.shared import (
    add_json,
    add_workbook,
    made_json,
    paper,
    print_json,
    progress,
    read_inputs,
    refusals,
    say,
    stop_writing,
    tell_open,
)

if TYPE_CHECKING:
    from bdur_xl.allocation import Import, Tally
    from bdur_xl.model import Date

EXAMPLES = {
    "bdur importeer grootboek.csv BDuR_plan.xlsm --peildatum 30-6-2027": "wat t/m 30 juni is geboekt",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("export", type=Path, metavar="EXPORT", help="de grootboekexport (.csv of .xlsx)")
    add_workbook(parser, "de planwerkmap, met de tabel rekeningen")
    parser.add_argument("--peildatum", type=_day, required=True, metavar="DATUM",
                        help="de laatste dag die telt, zoals 30-6-2027")  # fmt: skip
    parser.add_argument("-o", "--map", type=Path, metavar="MAP",
                        help="map voor het resultaat (anders die van de werkmap)")  # fmt: skip
    add_json(parser, "als JSON, bedragen in euro's")


def _day(text: str) -> "Date":
    from bdur_xl import cells

    try:
        found = cells.day(text)
    except cells.CellError as error:
        raise argparse.ArgumentTypeError(f"{text} is geen datum. {error.remedy}") from error
    if found is None:
        raise argparse.ArgumentTypeError("de datum is leeg")
    return found


def run(options: argparse.Namespace) -> int:
    """Write the result and show what became of every row."""
    from bdur_xl.allocation import Group, actual_rows, allocate
    from bdur_xl.files.atomic import place_text, write_new
    from bdur_xl.files.ledger_export import read_export
    from bdur_xl.files.ledger_report import report_bytes

    tell_open(options.export)
    with progress("Grootboekexport inlezen", as_json=options.json):
        inputs, _ = read_inputs(options.werkmap, as_json=options.json)
        with refusals(as_json=options.json):
            export = read_export(options.export)
        until, years = options.peildatum, inputs.plan.years
        found = allocate(export.rows(), export.columns, inputs.ledger_map, years, until)
        control, rows = export.control_total(), actual_rows(found, inputs.actuals)
        folder = options.map or options.werkmap.parent
        report = report_bytes(found, control, rows, options.export.name)
        try:
            path = write_new(folder, "Realisatie t-m {}-{:02d}-{:02d}".format(*until), ".xlsx", report)
        except OSError as error:
            stop_writing("Het resultaat", folder, error)
    next_step = (
        "Vervang met het blad Realisatie daaruit de rijen van tblRealisatie, op het blad Realisatie van "
        f"{options.werkmap.name}."
    )
    if options.json:
        print_json(made_json([path], [next_step], **_groups(found, control)))
    else:
        from bdur_xl.screen.ledger import show_import

        show_import(paper(sys.stdout), found, control)
        say(f"Het resultaat staat in {place_text(path)}\n{next_step}")
    return FOUND if found.groups[Group.UNREADABLE].rows or control != found.total else OK


def _groups(found: "Import", control: "Tally") -> dict[str, object]:
    """Return what became of every row, as JSON holds it."""
    from bdur_xl.as_json import number

    def tally(one: "Tally") -> dict[str, object]:
        return {"rijen": one.rows, "bedrag": number(one.amount)}

    return {
        "groepen": {str(group): tally(one) for group, one in found.groups.items()},
        "samen": tally(found.total),
        "controletotaal": tally(control),
    }
