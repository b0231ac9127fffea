"""The ribbon tab BDuR, in the workbook and in the add-in."""

from bdur_xl.files.shipped import shipped

SOURCE = "ribbon.xml"

_WORKBOOK_GROUP = 'label="Deze werkmap"'
_ADDIN_GROUP = 'label="Actieve werkmap"'


def ribbon(*, addin: bool = False) -> str:
    """Return the customUI text.

    With both open the tab is one, with a group each: the add-in's buttons work
    on the workbook in front, those of the workbook on itself.
    """
    text = shipped(SOURCE).read_text("utf-8")
    return text.replace(_WORKBOOK_GROUP, _ADDIN_GROUP) if addin else text
