"""The add-in with a counter in it, for tests that count work; see counter.py."""

import io
import json
import zipfile
from pathlib import Path
from typing import NamedTuple

from bdur_xl.build.calc_addin import calc_addin

COUNTER = Path(__file__).with_name("counter.py")
COMPONENT = "component.py"


class Call(NamedTuple):
    """One call of a function of ours: what it was handed, and the seconds it took."""

    function: str
    cells: int
    computing: float
    whole: float


def counting_addin(log: Path) -> bytes:
    """Return the add-in as it is built, but for one more module and its import, which log each call."""
    counter = COUNTER.read_text(encoding="utf-8").replace('"<LOG>"', repr(str(log)))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(calc_addin())) as product, zipfile.ZipFile(made, "w") as counting:
        for name in product.namelist():
            text = product.read(name)
            counting.writestr(name, b"import counter\n" + text if name == COMPONENT else text)
        counting.writestr("pythonpath/counter.py", counter)
    return made.getvalue()


def calls(log: Path) -> list[Call]:
    """Return the calls written down so far."""
    return [Call(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]
