"""How the memo looks: its styles, settings and bullets as WordprocessingML.

Elements stand in the order that the schema (ECMA-376, part 1) prescribes.
"""

LANGUAGE = "nl-NL"

TYPEFACE = "Calibri"
"""Carlito, of the same widths, takes its place where Calibri is not installed."""

INK, RULE = "1F3864", "8A94A6"
HEAD_FILL, TOTAL_FILL, OPEN_FILL = "DCE3EF", "F1F3F8", "FFF2CC"

_FACE = "".join(f' w:{script}="{TYPEFACE}"' for script in ("ascii", "hAnsi", "cs", "eastAsia"))


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _spacing(before: float, after: float, lines: float = 1) -> str:
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
        f'w:line="{round(lines * 240)}" w:lineRule="auto"/>'
    )


def _style(style_id: str, name: str, paragraph: str, run: str, *, based: str = "Normal") -> str:
    default = ' w:default="1"' if style_id == based else ""
    parent = "" if default else f'<w:basedOn w:val="{based}"/>'
    following = '<w:next w:val="Normal"/>' if "keepNext" in paragraph else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"{default}><w:name w:val="{name}"/>{parent}'
        f"{following}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _heading(level: int, points: float, before: float, after: float) -> str:
    paragraph = f'<w:keepNext/><w:keepLines/>{_spacing(before, after)}<w:outlineLvl w:val="{level - 1}"/>'
    run = f'<w:b/><w:color w:val="{INK}"/>{_size(points)}'
    return _style(f"Heading{level}", f"heading {level}", paragraph, run)


def _rule(side: str, eighths: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{RULE}"/>'


STYLES = "".join(
    (
        f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{_FACE}/>{_size(10)}"
        f'<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>",
        _style("Normal", "Normal", f"<w:widowControl/>{_spacing(0, 6, 1.05)}", ""),
        _style(
            "Title",
            "Title",
            f"<w:keepNext/>{_spacing(20, 8)}",
            f'<w:b/><w:color w:val="{INK}"/>{_size(18)}',
        ),
        _heading(1, 13.5, 14, 4),
        _heading(2, 11.5, 10, 3),
        _style(
            "Memohead",
            "Memohead",
            f'<w:tabs><w:tab w:val="left" w:pos="1134"/></w:tabs>{_spacing(0, 2)}'
            '<w:ind w:left="1134" w:hanging="1134"/>',
            "",
        ),
        _style(
            "ListBullet",
            "List Bullet",
            f'<w:numPr><w:numId w:val="1"/></w:numPr>{_spacing(0, 3, 1.05)}',
            "",
        ),
        _style(
            "Invulveld",
            "Invulveld",
            f'<w:shd w:val="clear" w:color="auto" w:fill="{OPEN_FILL}"/>{_spacing(4, 6, 1.05)}',
            "",
        ),
        _style(
            "Caption",
            "caption",
            f"<w:keepNext/><w:keepLines/>{_spacing(8, 3)}",
            f'<w:b/><w:color w:val="{INK}"/>{_size(9.5)}',
        ),
        _style("Tabeltekst", "Tabeltekst", f"<w:widowControl/>{_spacing(0, 0)}", _size(9)),
        _style("Tabelgetal", "Tabelgetal", '<w:jc w:val="right"/>', "", based="Tabeltekst"),
        _style("Tabelnoot", "Tabelnoot", _spacing(2, 2), _size(8.5)),
        _style("Tabelslotnoot", "Tabelslotnoot", _spacing(2, 10), "", based="Tabelnoot"),
        _style("Sectie-einde", "Sectie-einde", _spacing(0, 0), _size(1)),
        _style("Footer", "footer", f'{_spacing(0, 0)}<w:jc w:val="right"/>', _size(8.5)),
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/></w:style>',
        '<w:style w:type="table" w:styleId="BDuRtabel"><w:name w:val="BDuR-tabel"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{_rule("top", 8)}'
        f"{_rule('bottom', 8)}{_rule('insideH', 2)}</w:tblBorders>"
        '<w:tblCellMar><w:top w:w="34" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
        '<w:bottom w:w="34" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style>",
    )
)

SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    f'<w:themeFontLang w:val="{LANGUAGE}"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
)

NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/>'
    '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="340" w:hanging="255"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
