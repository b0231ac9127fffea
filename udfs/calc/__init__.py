"""The add-in for LibreOffice Calc; `bdur_xl/build/calc_addin.py` packs it."""

import sys

NEEDED = (3, 11)

if sys.version_info < NEEDED:  # said before an import of the core fails less clearly
    raise RuntimeError(
        "BDuR vraagt Python {}.{} of nieuwer; deze LibreOffice heeft {}.{}. "
        "Installeer een nieuwere LibreOffice.".format(*NEEDED, *sys.version_info[:2])
    )
