"""The office that the tests use: one that dies while it starts is started once more, not twice."""

import sys
from pathlib import Path

import pytest

from calc import office
from calc.office import Office, OfficeError

DRIVER = """
import sys
from pathlib import Path

started = Path(__file__).with_name("started")
started.write_text(started.read_text() + "*" if started.exists() else "*")
for _ in sys.stdin:
    if len(started.read_text()) <= {deaths}:
        sys.exit(1)
    print('{{"answer": null}}', flush=True)
"""

ANEW = "started anew: start: no answer but an end"


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(office, "UNO_PYTHON", sys.executable)
    return tmp_path / "driver.py"


def test_one_that_dies_is_started_once_more_and_said(driver: Path) -> None:
    driver.write_text(DRIVER.format(deaths=1))
    with pytest.warns(UserWarning, match=ANEW), Office(driver=driver):
        pass
    assert driver.with_name("started").read_text() == "**"


def test_one_that_dies_again_is_an_error(driver: Path) -> None:
    driver.write_text(DRIVER.format(deaths=2))
    with pytest.warns(UserWarning, match=ANEW), pytest.raises(OfficeError), Office(driver=driver):
        pass
    assert driver.with_name("started").read_text() == "**"
