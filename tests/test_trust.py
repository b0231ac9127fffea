"""docs/BETROUWBAARHEID.md names only tests that exist, and the counts it gives are those of the tests."""

import re
from pathlib import Path

import pytest
import test_bad_files
import test_fuzz
import test_killed
import test_paths
import test_staff
import test_two_refreshes
from hostile import EVERYTHING, PAYLOADS, hostile

from bdur_xl.build.locks import DEVELOPMENT, RUNTIME, locked
from bdur_xl.checks import CHECKS
from bdur_xl.files import package_guard
from bdur_xl.registry import SHEET_FUNCTIONS

TESTS = Path(__file__).parent
TEXT = " ".join((TESTS.parent / "docs" / "BETROUWBAARHEID.md").read_text("utf-8").split())

MACHINE, WITH_FILES = test_staff.TestStaff.settings, test_staff.TestStaffWithFiles.settings
ONE_IN_CALC = 1
COUNTED = [
    f"elk van de {len(CHECKS)} controles",
    f"Elk van de {len(SHEET_FUNCTIONS)} functies",
    f"{len(CHECKS)} controles en {len(SHEET_FUNCTIONS)} functies",
    f"{MACHINE.max_examples} reeksen van {MACHINE.stateful_step_count} handelingen",
    f"{WITH_FILES.max_examples} van {WITH_FILES.stateful_step_count} met echte bestanden",
    f"| {len(test_bad_files.REFUSED)}, alle geweigerd |",
    f"| {len(test_bad_files.SAME)}, alle gelijk gelezen |",
    f"| {len(test_bad_files.BOMBS)}, en één bij vijf opdrachten |",
    f"{sum(test_fuzz.RUNS.values()):,} invoeren per testronde".replace(",", "."),
    f"{len(EVERYTHING)} teksten van {len(PAYLOADS)} soorten",
    f"in {len(hostile(['woord'])[1])} kolommen tegelijk",
    f"{len(EVERYTHING)} schadelijke teksten in {len(hostile(['woord'])[1])} kolommen tegelijk",
    f"| {test_killed.KILLS}, waarvan de helft tijdens het schrijven |",
    f"| {test_two_refreshes.PAIRS + test_two_refreshes.REAL_PAIRS + ONE_IN_CALC} paren |",
    f"{len(test_paths.NAMES)} namen",
    f"({len(locked(RUNTIME))} om te draaien, {len(locked(DEVELOPMENT))} met ontwikkelen)",
    f"{package_guard.MOST_FILE // package_guard.MEGABYTE} MB per bestand en uitgepakt",
    f"{package_guard.MOST_PART // package_guard.MEGABYTE} MB per blad",
    f"{package_guard.MOST_SNAPSHOT // package_guard.MEGABYTE} MB per momentopname",
]


@pytest.mark.parametrize("told", COUNTED)
def test_a_count_is_that_of_the_tests(told: str) -> None:
    assert told in TEXT


def test_limits_told_in_words() -> None:
    assert package_guard.MOST_FILE == package_guard.MOST_UNPACKED
    assert (package_guard.MOST_CELLS, "tien miljoen cellen per blad" in TEXT) == (10_000_000, True)
    assert (test_bad_files.MEMORY // 2**20, "1,5 GB" in TEXT) == (1_500, True)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:calc/)?(?:test_\w+|naive)\.py)`", TEXT))))
def test_every_test_that_is_named_exists(name: str) -> None:
    assert (TESTS / name).is_file()
