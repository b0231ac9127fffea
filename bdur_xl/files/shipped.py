"""The files that travel with the package: the workbook, the memo's template, the plan's data, VBA and ribbon.

They stand in workbook/ of the checkout; the wheel carries that folder inside the package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "workbook", _PACKAGE.parent / "workbook")
"""As installed; in the checkout."""

WORKBOOK = "BDuR_plan.xlsm"
TEMPLATE = "Bestuursmemo sjabloon.docx"
PLAN = "plan"
"""The plan of the memo that this product began with, as CSV."""


class IncompleteError(Exception):
    """A file that belongs to the package is not there: what, and what to do."""


def shipped(name: str) -> Path:
    """Return where a file or folder of workbook/ stands.

    Raises IncompleteError, for instance when a virus scanner took it away.
    """
    for place in _PLACES:
        path = place / name
        if path.exists():
            return path
    raise IncompleteError(
        f"Het bestand {name} van het pakket bdur_xl ontbreekt ({_PLACES[0] / name}).\n"
        "    → Installeer bdur_xl opnieuw; verdwijnt het weer, meld dit dan aan de beheerder."
    )
