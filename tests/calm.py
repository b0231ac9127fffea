"""A plan on which no check finds anything, and ways to ask what the checks say of a change to it."""

from sheets import Book, inputs, put, small

from bdur_xl.checks import run_checks
from bdur_xl.model import Finding
from bdur_xl.nl import NBSP


def found(book: Book) -> dict[str, list[Finding]]:
    """Return the findings per check, of checks that found anything."""
    outcomes = run_checks(inputs(book))
    return {one.check.code: list(one.findings) for one in outcomes if one.findings}


def one(book: Book, code: str) -> Finding:
    findings = found(book)[code]
    assert len(findings) == 1, findings
    return findings[0]


def told(book: Book, code: str) -> list[tuple[str, str]]:
    """Return where and what of the findings of one check, with ordinary spaces."""
    return [(finding.where, finding.message.replace(NBSP, " ")) for finding in found(book).get(code, [])]


def calm() -> Book:
    """Return a plan on which no check finds anything: so every finding below has one cause."""
    book = small()
    book["plan"] = [
        ["regel", "hoofdthema", "blok", "subthema", "afdeling/sector",
         "2031 i", "2031 s", "2032 i", "2032 s"],
        ["L1", "Water", "fte", "dijkwacht", "Oost", None, 120_000, None, 180_000],
        ["L2", "Water", "middelen", "dijkwacht", "Oost", 25_000, None, 0, 30_000],
    ]  # fmt: skip
    book["capacity"] = [*book["capacity"][:2]]
    put(book["capacity"], "H2", 25_000)
    del book["areas"][2]
    put(book["areas"], "D2", "w1 w2")
    book["links"] = book["links"][:3]
    book["goals"][2:3] = []
    book["budget"][1][1:3] = [250_000, 250_000]
    book["budget"][2][4] = "Toegekend"
    put(book["intake"], "B2", "april 2032")
    book["control_totals"][1:3] = [["Tabel 2", "2031 s", 120_000, None], ["Tabel 2", "2032", 210_000, None]]
    put(book["control_totals"], "C4", 2)
    del book["reservations"][1]  # it has no amount yet
    book["premises"] += [["indexering", "geen", None, None], ["overdracht saldo", "mag niet", None, None]]
    return book
