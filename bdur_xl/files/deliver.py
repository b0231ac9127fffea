"""What a refresh leaves beside a workbook: a snapshot, the memo in Word, and its PDF."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bdur_xl.files.atomic import place_text, reason, write_new
from bdur_xl.files.memo_docx import TemplateError, memo_bytes
from bdur_xl.files.memo_template import NAME, template
from bdur_xl.files.package_guard import MOST_TEMPLATE, read_bytes
from bdur_xl.files.shelf import FOLDER
from bdur_xl.refresh import Examined


class Delivered(NamedTuple):
    """The files that a refresh made, and what staff must know of them."""

    memo: Path
    pdf: Path | None
    remarks: tuple[str, ...]


def deliver(
    examined: Examined,
    folder: Path,
    stem: str,
    *,
    home: Path | None = None,
    chosen: Path | None = None,
    keep: bool = True,
    pdf: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> Delivered:
    """Write the memo of a plan in a folder, new files only, and keep its state first.

    `stem` names the workbook and `home` is its folder, where that is another one; the
    template is the chosen one, else the one of `NAME` beside the workbook, else ours.
    `keep` is False for a state that is kept already. Raises TemplateError, or BookError
    when the snapshot cannot be kept, or OSError when the memo cannot be written:
    nothing is made then, but for the snapshot.
    """
    tell("Memo opmaken")
    own = (home or folder) / NAME
    used = chosen or (own if own.is_file() else None)
    content, left_out = memo_bytes(examined.facts, _read(used) if used else template())
    moment = examined.snapshot.moment
    if keep:
        from bdur_xl.files.snapshots import write_snapshot  # of a memo alone nothing is kept

        write_snapshot(folder / FOLDER, stem, examined.snapshot)
    memo = write_new(folder, f"Bestuursmemo BDuR {moment:%Y-%m-%d}", ".docx", content, ".pdf")
    remarks = [*examined.facts.left_out]
    remarks += [f"Gemaakt met de sjabloon {used.name}."] if used else []
    if left_out:
        remarks.append(
            f"De sjabloon heeft geen veld voor: {', '.join(left_out)}; dat staat dus niet in de memo."
        )
    if not pdf:
        return Delivered(memo, None, tuple(remarks))
    from bdur_xl.files.pdf import BY_HAND, make_pdf  # most memos are Word files only

    tell("PDF maken")
    target = memo.with_suffix(".pdf")
    try:
        outcome = make_pdf(memo, target)
    except OSError as error:
        remarks.append(f"De PDF kan niet worden geschreven ({reason(error)}). {BY_HAND}")
        return Delivered(memo, None, tuple(remarks))
    return Delivered(memo, target if outcome.made else None, (*remarks, *filter(None, [outcome.message])))


def _read(chosen: Path) -> bytes:
    try:
        return read_bytes(chosen, MOST_TEMPLATE)
    except OSError as error:
        raise TemplateError(
            f"De sjabloon {chosen} kan niet worden gelezen ({reason(error)})",
            "Sluit de sjabloon in Word, of controleer de naam en de map.",
        ) from error


def delivered_text(delivered: Delivered) -> str:
    """Return what staff read afterwards."""
    pdf = [f"De PDF staat in {place_text(delivered.pdf)}"] if delivered.pdf else []
    return "\n".join((f"De memo staat in {place_text(delivered.memo)}", *pdf, *delivered.remarks))
