"""`bdur installeer`: tell Excel where Python is, or LibreOffice where the extension is; and undo it."""

import argparse
import sys
from pathlib import Path

from bdur_xl.commands import OK
from bdur_xl.commands.shared import add_json, made_json, print_json, refusals, say

EXAMPLES = {
    "bdur installeer": "Excel weet waar Python staat",
    "bdur installeer --calc": "LibreOffice Calc krijgt de extensie BDuR",
    "bdur installeer --verwijder": "alles weer zoals het was",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--calc", action="store_true", help="de extensie voor LibreOffice Calc, in plaats van Excel"
    )
    parser.add_argument("--verwijder", action="store_true", help="maak ongedaan wat installeer deed")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Do it and say line by line what was done."""
    with refusals():
        told = _calc(options.verwijder) if options.calc else _excel(options.verwijder)
    if options.json:
        print_json(made_json([], [line.strip() for line in told]))
    else:
        say("\n".join(told))
    return OK


def _excel(undo: bool) -> list[str]:
    from bdur_xl.files import xlwings_conf
    from bdur_xl.files.machine import WINDOWS, this_system

    system = this_system()
    if undo:
        return xlwings_conf.remove(system.conf)
    told = [f"Python: {sys.executable}"]
    told += xlwings_conf.install(system.conf, Path(sys.executable), system.variables)
    if system.name != WINDOWS:
        told.append(
            "Excel roept Python-functies alleen op Windows aan; hier is dit om te proberen. "
            "Voor LibreOffice: bdur installeer --calc"
        )
    return [*told, "Start Excel opnieuw. Kijk daarna na of alles werkt: bdur gezond WERKMAP"]


def _calc(undo: bool) -> list[str]:
    from bdur_xl.files import calc_extension

    if undo:
        return calc_extension.unregister()
    from bdur_xl.build.calc_addin import calc_addin

    return calc_extension.register(calc_addin())
