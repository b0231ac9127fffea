"""What the entries of the menu BDuR do with the workbook in front.

Addons.xcu names them "service:nl.bdur.Menu?Herbereken". The address of a script would hold the
name of the .oxt file, and a browser that saves it as "BDuR (1).oxt" would break the menu.
"""

from typing import Any


def recalculate(document: Any) -> None:
    """Recalculate every formula of the workbook."""
    document.calculateAll()


ENTRIES = {"Herbereken": recalculate}
