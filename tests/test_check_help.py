"""docs/CONTROLES.md is what the checks say now, and leaves none of them out."""

import re
from pathlib import Path

from bdur_xl.build.check_help import markdown
from bdur_xl.checks import CHECKS, INPUT_CHECK

DOCUMENT = Path(__file__).parents[1] / "docs" / "CONTROLES.md"


def test_the_document_is_current() -> None:
    """Made by `make functies`."""
    assert DOCUMENT.read_text(encoding="utf-8") == markdown()


def test_every_check_has_class_example_and_remedy() -> None:
    sections = re.split(r"^## ", markdown(), flags=re.MULTILINE)[1:]
    assert [section.partition(" ")[0] for section in sections] == [
        check.code for check in (INPUT_CHECK, *CHECKS)
    ]
    for section in sections:
        assert re.search(r"^Klasse: [a-z ]+\. .+\.$", section, flags=re.MULTILINE)
        assert re.search(r"^> .+: .+[.?]$", section, flags=re.MULTILINE)
        assert re.search(r"^Wat te doen: .+[.?]$", section, flags=re.MULTILINE)
