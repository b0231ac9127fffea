"""`bdur installeer`: tell Excel where Python is, or LibreOffice where the extension is; and undo it."""

import argparse
import sys
from pathlib import Path
from typing import Any

from bdur_xl.commands.refused import refused

OK = 0

TEXT = "stel Excel in voor de BDuR-functies (met --calc: LibreOffice), alleen voor u"
EXAMPLES = """voorbeelden:
  bdur installeer               Excel weet waar Python staat
  bdur installeer --calc        LibreOffice Calc krijgt de extensie BDuR
  bdur installeer --verwijder   alles weer zoals het was"""


def add(commands: Any) -> None:
    """Add the command to the subparsers of argparse."""
    parser = commands.add_parser(
        "installeer", help=TEXT, description=TEXT, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "--calc", action="store_true", help="de extensie voor LibreOffice Calc, in plaats van Excel"
    )
    parser.add_argument("--verwijder", action="store_true", help="maak ongedaan wat installeer deed")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it and say line by line what was done."""
    from bdur_xl.book import BookError

    try:
        told = _calc(options.verwijder) if options.calc else _excel(options.verwijder)
    except BookError as error:
        return refused(error)
    print("\n".join(told))
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
