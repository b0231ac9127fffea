"""Every style of the workbook, in one place. Colours meet WCAG AA on their ground."""

from xlsxwriter import Workbook
from xlsxwriter.format import Format

FONT = "Calibri"
INK = "#1F2933"
MUTED = "#52606D"
ACCENT = "#1B4F72"
ON_ACCENT = "#FFFFFF"
INPUT_INK = "#12398A"
INPUT_GROUND = "#FFF9DB"
WORKING_GROUND = "#F3F5F7"
RULE = "#C3CBD4"
ALARM_INK = "#9B1C1C"
ALARM_GROUND = "#FDECEA"
CALM_INK = "#1E5631"
CALM_GROUND = "#E6F4EA"

INCIDENTAL_FILL = "#D9822B"
STRUCTURAL_FILL = ACCENT
BUDGET_LINE = "#1E5631"

EURO = "[$€-413] #,##0;[$€-413] -#,##0;[$€-413] 0"
EURO_CENTS = "[$€-413] #,##0.00;[$€-413] -#,##0.00"
TEXT = "@"
FTE = "0.00"
NUMBER = "#,##0"
YEAR = "0"
MONTH = "[$-413]mmmm yyyy"
DATE = "[$-413]d mmmm yyyy"
SHORT_DATE = "[$-413]d-m-yyyy"
MOMENT = "[$-413]d mmmm yyyy hh:mm"
SHARE = "0.0%"
DEVIATIONS = '[=0]"gelijk";[=1]0" afwijking";0" afwijkingen"'


class Styles:
    """The named formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._inputs: dict[tuple[str, bool], Format] = {}
        heading = {"bold": True, "font_color": ON_ACCENT, "bg_color": ACCENT, "text_wrap": True,
                   "valign": "vcenter", "border": 1, "border_color": RULE}  # fmt: skip
        working = {"bg_color": WORKING_GROUND, "font_color": MUTED, "font_size": 9}
        self.title = self._make(bold=True, font_size=16, font_color=ACCENT)
        self.subtitle = self._make(font_color=MUTED, italic=True)
        self.verdict = self._make(bold=True)
        self.heading = self._make(**heading, align="left", indent=1)
        self.number_heading = self._make(**heading, align="right", num_format=YEAR)
        self.group = self._make(bold=True, font_color=ACCENT, bottom=1, bottom_color=ACCENT)
        self.label = self._make(valign="top")
        self.strong = self._make(bold=True)
        self.text = self._make(text_wrap=True, valign="top")
        self.note = self._make(font_color=MUTED, font_size=9, text_wrap=True, valign="top")
        self.right_note = self._make(font_color=MUTED, font_size=9, align="right")
        self.amount = self._make(num_format=EURO, align="right", valign="top")
        self.strong_amount = self._make(num_format=EURO, align="right", bold=True, top=1, top_color=ACCENT)
        self.fte = self._make(num_format=FTE, align="right", valign="top")
        self.moment = self._make(num_format=MOMENT, align="left")
        self.date = self._make(num_format=DATE, align="left")
        self.count = self._make(num_format="0", align="right", valign="top")
        self.strong_count = self._make(num_format="0", align="right", bold=True, top=1, top_color=ACCENT)
        self.deviation = self._make(num_format=DEVIATIONS, align="right", valign="top")
        self.working = self._make(**working)
        self.working_heading = self._make(**working, bold=True, text_wrap=True)
        self.working_number = self._make(**working, num_format="General", align="right")
        self.working_month = self._make(**working, num_format=MONTH, align="right")
        self.working_date = self._make(**working, num_format=SHORT_DATE, align="right")
        self.working_amount = self._make(**working, num_format="#,##0.00", align="right")
        self.decimals = book.add_format({"num_format": "#,##0.##"})
        self.cents = book.add_format({"num_format": EURO_CENTS})
        self.negative_cents = book.add_format({"font_color": ALARM_INK, "num_format": EURO_CENTS})
        self.negative = book.add_format({"font_color": ALARM_INK})
        self.alarm = book.add_format({"font_color": ALARM_INK, "bg_color": ALARM_GROUND})
        self.calm = book.add_format({"font_color": CALM_INK, "bg_color": CALM_GROUND})
        self.working_count = self._make(**working, num_format="0", align="right")
        self.example = self._make(quote_prefix=True, text_wrap=True, valign="top")
        self.strong_text = self._make(bold=True, text_wrap=True, valign="top")
        self.indented = self._make(align="left", text_wrap=True, valign="top", indent=1)
        self.indented_line = self._make(align="left", valign="top", indent=1)
        self.indented_strong = self._make(bold=True, align="left", indent=1)
        self.indented_year = self._make(num_format=YEAR, align="left", valign="top", indent=1)
        self.indented_date = self._make(num_format=DATE, align="left", valign="top", indent=1)
        self.working_index = self._make(**working, num_format="0", align="center")
        self.plain = self._make(num_format=TEXT, align="left", indent=1, valign="top")
        self.number_text = self._make(num_format="#,##0.00", align="right", valign="top")
        self.left_count = self._make(num_format="0", align="left", bold=True)
        self.short_date = self._make(num_format=SHORT_DATE, align="right", valign="top")

    def _make(self, **properties: object) -> Format:
        return self._book.add_format({"font_name": FONT, "font_color": INK, **properties})

    def input(self, num_format: str = TEXT, *, wrap: bool = False) -> Format:
        """Return the style of a cell that staff fill in; text and mixed cells stand left."""
        left = {"align": "left", "indent": 1} if num_format in (TEXT, "General") else {}
        if (num_format, wrap) not in self._inputs:
            self._inputs[num_format, wrap] = self._make(
                num_format=num_format, font_color=INPUT_INK, bg_color=INPUT_GROUND, border=1,
                border_color=RULE, locked=False, text_wrap=wrap, valign="top", **left,
            )  # fmt: skip
        return self._inputs[num_format, wrap]
