# mypy: ignore-errors
# UNO has no types.
"""The half of the harness that speaks UNO: runs under the Python that has `uno`.

Reads one JSON request a line from standard input, {"do": name, ...}, and answers each with
one line: {"answer": ...} or {"refused": message}. `office.py` is the other half.
"""

import json
import subprocess
import sys
import time
import uuid
from pathlib import Path

import uno
import unohelper
from com.sun.star.beans import NamedValue, PropertyValue
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment

PATIENCE = 60
"""Seconds an office may take to start or stop."""

FILTERS = {
    ".csv": "Text - txt - csv (StarCalc)",
    ".ods": "calc8",
    ".pdf": "calc_pdf_Export",
    ".xlsx": "Calc MS Excel 2007 XML",
}
NEVER_EXECUTE, ALWAYS_EXECUTE = 0, 4
"""com.sun.star.document.MacroExecMode: NEVER_EXECUTE and ALWAYS_EXECUTE_NO_WARN."""
ANY_FORMULA = 1 | 2 | 4
"""FormulaResult: VALUE, STRING and ERROR."""


class RefusedError(Exception):
    """A request that cannot be done."""


class Consent(unohelper.Base, XInteractionHandler, XCommandEnvironment):
    """Answers yes to the questions asked while an extension is added."""

    def getInteractionHandler(self):  # noqa: N802
        return self

    def getProgressHandler(self):  # noqa: N802
        return None

    def handle(self, request):
        approve = uno.getTypeByName("com.sun.star.task.XInteractionApprove")
        for choice in request.getContinuations():
            if choice.queryInterface(approve):
                choice.select()
                return


class Driver:
    """One office and the documents open in it, by number."""

    def __init__(self):
        self._documents = {}
        self._opened = 0

    # --- the office

    def start(self, profile, program):
        pipe = f"bdur{uuid.uuid4().hex}"
        self._process = subprocess.Popen(
            [
                program,
                f"-env:UserInstallation={Path(profile).as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._context = self._connect(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self._desktop = self._service("com.sun.star.frame.Desktop")

    def _connect(self, url):
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return resolver.resolve(url)
            except uno.getClass("com.sun.star.connection.NoConnectException"):
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RefusedError("LibreOffice did not start") from None
                time.sleep(0.05)

    def stop(self):
        for number in list(self._documents):
            self.close(number)
        try:
            self._desktop.terminate()
        except uno.getClass("com.sun.star.lang.DisposedException"):
            pass  # it went before it could answer
        self._process.wait(PATIENCE)

    def add_extension(self, path):
        manager = self._context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        quiet = (NamedValue("SUPPRESS_LICENSE", "1"),)
        manager.addExtension(_url(path), quiet, "user", manager.createAbortChannel(), Consent())

    def functions(self):
        described = self._service("com.sun.star.sheet.FunctionDescriptions")
        return [
            {
                "name": values["Name"],
                "help": values["Description"],
                "category": values["Category"],
                "arguments": [
                    {"name": part.Name, "help": part.Description, "optional": part.IsOptional}
                    for part in values["Arguments"] or ()
                ],
            }
            for function in described
            for values in [{part.Name: part.Value for part in function}]
        ]

    def menus(self):
        """Return the menus that extensions add: {title: [(title, command)]}."""
        provider = self._service("com.sun.star.configuration.ConfigurationProvider")
        bar = provider.createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationAccess",
            _properties(nodepath="/org.openoffice.Office.Addons/AddonUI/OfficeMenuBar"),
        )
        return {
            menu.Title: [
                [entry.Title, entry.URL] for entry in map(menu.Submenu.getByName, menu.Submenu.ElementNames)
            ]
            for menu in map(bar.getByName, bar.ElementNames)
        }

    def dispatch(self, document, command):
        helper = self._service("com.sun.star.frame.DispatchHelper")
        frame = self._documents[document].CurrentController.Frame
        frame.activate()
        result = helper.executeDispatch(frame, command, "_self", 0, ())
        return result.State == 1

    # --- documents

    def open(self, path, visible, macros):
        url = _url(path) if path else "private:factory/scalc"
        how = _properties(Hidden=not visible, MacroExecutionMode=ALWAYS_EXECUTE if macros else NEVER_EXECUTE)
        document = self._desktop.loadComponentFromURL(url, "_blank", 0, how)
        if document is None:
            raise RefusedError(f"LibreOffice cannot open {path} (does a lock file stand beside it?)")
        self._opened += 1
        self._documents[self._opened] = document
        return self._opened

    def close(self, document):
        self._documents.pop(document).close(True)

    def sheets(self, document):
        return list(self._documents[document].Sheets.ElementNames)

    def add_sheet(self, document, name):
        sheets = self._documents[document].Sheets
        sheets.insertNewByName(name, sheets.Count)

    def names(self, document):
        names = self._documents[document].NamedRanges
        return {name: names.getByName(name).Content for name in names.ElementNames}

    def modified(self, document):
        return self._documents[document].isModified()

    def undo(self, document):
        return list(self._documents[document].UndoManager.getAllUndoActionTitles())

    def recalculate(self, document):
        self._documents[document].calculateAll()

    def export(self, document, path):
        suffix = Path(path).suffix.lower()
        if suffix not in FILTERS:
            raise RefusedError(f"cannot export {suffix}, only {', '.join(FILTERS)}")
        self._documents[document].storeToURL(_url(path), _properties(FilterName=FILTERS[suffix]))

    # --- cells

    def read(self, document, where):
        return _values(self._cells(document, where))

    def texts(self, document, where):
        cells = self._cells(document, where)
        size = cells.RangeAddress
        return [
            [
                cells.getCellByPosition(column, row).String
                for column in range(size.EndColumn - size.StartColumn + 1)
            ]
            for row in range(size.EndRow - size.StartRow + 1)
        ]

    def formulas(self, document, where):
        return self._cells(document, where).getFormulaArray()

    def formula_cells(self, document):
        """Return [sheet, address, formula, value] of every formula cell."""
        found = []
        for sheet in self._documents[document].Sheets:
            for place in sheet.queryFormulaCells(ANY_FORMULA).RangeAddresses:
                area = sheet.getCellRangeByPosition(
                    place.StartColumn, place.StartRow, place.EndColumn, place.EndRow
                )
                values, formulas = _values(area), area.getFormulaArray()
                found += [
                    [sheet.Name, _address(place.StartColumn + column, place.StartRow + row), formula, value]
                    for row, line in enumerate(formulas)
                    for column, formula in enumerate(line)
                    for value in [values[row][column]]
                ]
        return found

    def write(self, document, where, rows):
        cells = self._cells(document, where)
        cells.setDataArray(tuple(tuple("" if value is None else value for value in row) for row in rows))

    def fill(self, document, where, formulas):
        self._cells(document, where).setFormulaArray(tuple(map(tuple, formulas)))

    def write_array(self, document, where, formula):
        self._cells(document, where).setArrayFormula(formula)

    def set_format(self, document, where, code):
        formats = self._documents[document].NumberFormats
        locale = uno.createUnoStruct("com.sun.star.lang.Locale")
        key = formats.queryKey(code, locale, False)
        self._cells(document, where).NumberFormat = key if key >= 0 else formats.addNew(code, locale)

    def _cells(self, document, where):
        model = self._documents[document]
        if "!" not in where:
            if not model.NamedRanges.hasByName(where):
                raise RefusedError(f"no name {where} in this workbook")
            return model.NamedRanges.getByName(where).getReferredCells()
        sheet, _, address = where.rpartition("!")
        sheet = sheet.strip("'")
        if not model.Sheets.hasByName(sheet):
            raise RefusedError(f"no sheet {sheet}; there are {', '.join(model.Sheets.ElementNames)}")
        return model.Sheets.getByName(sheet).getCellRangeByName(address)

    def _service(self, name):
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)


def _values(cells):
    """Return the cells' values: float, text, None when empty, {"error": code}."""
    return [
        [
            {"error": cells.getCellByPosition(column, row).getError()}
            if value is None
            else None
            if value == ""
            else value
            for column, value in enumerate(line)
        ]
        for row, line in enumerate(cells.getDataArray())
    ]


def _address(column, row):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _url(path):
    return Path(path).resolve().as_uri()


def _properties(**values):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def main():
    driver = Driver()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"answer": getattr(driver, request.pop("do"))(**request)}
        except Exception as error:  # whatever it was, the other half must hear of it
            answer = {"refused": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
