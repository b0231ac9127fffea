"""What every sheet shares: title, verdict, paper, header and footer, cents where there are any."""

import math
from collections.abc import Iterable, Sequence

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl.build.styles import Styles

A4 = 9
LINE_HEIGHT = 15
HEADING_HEIGHT = 2 * LINE_HEIGHT

BUTTON_WIDTH, BUTTON_HEIGHT, BUTTON_GAP = 190, 30, 10

VERDICT_ROW = 2
"""Where every sheet shows the master check; the row under it tells whether the refresh is current."""

FIRST_ROW = 5
"""Where a sheet's own content begins, counted from 0."""

HOLDS = "Alles klopt"
CURRENT = "Actueel"


def height_for(texts: Iterable[str], width: float) -> float:
    """Return the row height that shows the longest text, wrapped in a column of this width in characters."""
    lines = max((math.ceil(len(text) / (width * 1.1)) for text in texts), default=1)
    return LINE_HEIGHT * max(1, lines) + 1


def set_up(
    sheet: Worksheet, style: Styles, title: str, explanation: str, frozen: tuple[int, int] = (FIRST_ROW, 1)
) -> None:
    """Give a sheet its title, its one line of explanation, its verdict and its paper."""
    sheet.write_string(0, 0, title, style.title)
    sheet.write_string(1, 0, explanation, style.subtitle)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(*frozen)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.set_header("&L&F&R&A")
    sheet.set_footer("&LVoorlopig&RBlad &P van &N")


def print_apart(sheet: Worksheet, lefts: Sequence[int]) -> None:
    """Print tables side by side on pages of their own; `lefts` are where all but the first begin."""
    sheet.fit_to_pages(0, 0)
    sheet.set_print_scale(60)
    sheet.set_v_pagebreaks(lefts)
    sheet.repeat_rows(0, FIRST_ROW)


def protect(sheet: Worksheet) -> None:
    """Guard the cells that are not input, without a password; nothing is hidden."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


def show_verdict(sheet: Worksheet, style: Styles, verdict: str, currency: str) -> None:
    """Show the master check and the age of the refresh under the title."""
    for row, name, calm, value in (
        (VERDICT_ROW, "hoofdcontrole", HOLDS, verdict),
        (VERDICT_ROW + 1, "actualiteit", CURRENT, currency),
    ):
        sheet.write_formula(row, 0, f"={name}", style.verdict, value)
        cell = xl_rowcol_to_cell(row, 0)
        for criteria, form in ((f'{cell}="{calm}"', style.calm), (f'{cell}<>"{calm}"', style.alarm)):
            sheet.conditional_format(cell, {"type": "formula", "criteria": f"={criteria}", "format": form})


def show_cents(
    sheet: Worksheet, style: Styles, top: int, left: int, bottom: int, right: int, *, euros: bool = True
) -> None:
    """Show the decimals of amounts that have them; a whole amount stays short."""
    form = style.cents if euros else style.decimals
    _where(sheet, (top, left, bottom, right), "{cell}<>ROUND({cell},0)", form)


def mark_negative(sheet: Worksheet, style: Styles, top: int, left: int, bottom: int, right: int) -> None:
    """Show amounts below nil in the alarm colour; the minus sign says it too. Call it before `show_cents`.

    Calc applies only the first rule that holds, so red with cents is a rule of its own.
    """
    area = (top, left, bottom, right)
    _where(sheet, area, "{cell}<0,{cell}<>ROUND({cell},0)", style.negative_cents)
    _where(sheet, area, "{cell}<0", style.negative)


def _where(sheet: Worksheet, area: tuple[int, int, int, int], condition: str, form: Format) -> None:
    cell = xl_rowcol_to_cell(*area[:2])
    criteria = f"=AND(ISNUMBER({cell}),{condition.format(cell=cell)})"
    sheet.conditional_format(*area, {"type": "formula", "criteria": criteria, "format": form})


def add_buttons(sheet: Worksheet, row: int, column: int, buttons: Sequence[tuple[str, str]]) -> None:
    """Place buttons side by side, from a cell on; each is a caption and the macro it starts."""
    for number, (caption, macro) in enumerate(buttons):
        options = {
            "macro": macro, "caption": caption, "description": f"Knop: {caption}",
            "width": BUTTON_WIDTH, "height": BUTTON_HEIGHT, "x_offset": number * (BUTTON_WIDTH + BUTTON_GAP),
        }  # fmt: skip
        sheet.insert_button(row, column, options)
