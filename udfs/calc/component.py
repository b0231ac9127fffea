# mypy: ignore-errors
# ruff: noqa: D102, N802, N816
# UNO has no types, and names the methods.
"""The UNO component: the add-in, the job that repairs names, and the menu.

Only what LibreOffice calls by name stands here; the modules beside it do the work.
"""

import unohelper
from com.sun.star.awt.MessageBoxButtons import BUTTONS_OK
from com.sun.star.awt.MessageBoxType import INFOBOX
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
from com.sun.star.table import CellAddress
from com.sun.star.task import XJob, XJobExecutor
from nl.bdur import XSheetFunctions

from bdur_xl import error_log
from udfs.calc import menu
from udfs.calc.repair import repair
from udfs.calc.values import FUNCTIONS, call

SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"


class Component(unohelper.Base, XServiceInfo):
    """What every component tells of itself: `services`, its own name first."""

    services: tuple[str, ...]

    def __init__(self, context):
        self.context = context

    def getImplementationName(self):
        return self.services[0]

    def supportsService(self, name):
        return name in self.services

    def getSupportedServiceNames(self):
        return self.services


class SheetFunctions(Component, XSheetFunctions, XAddIn, XCompatibilityNames, XServiceName):
    """The sheet functions, and what the function wizard says of them."""

    services = ("nl.bdur.SheetFunctions", "com.sun.star.sheet.AddIn")
    locale = Locale("nl", "NL", "")

    def getServiceName(self):
        return self.services[0]

    def getProgrammaticFuntionName(self, shown):  # LibreOffice's spelling
        return shown

    def getDisplayFunctionName(self, name):
        return name

    def getFunctionDescription(self, name):
        function = FUNCTIONS[name]
        return f"{function.help} {function.returns} Voorbeeld: {function.example}"

    def getDisplayArgumentName(self, name, position):
        return FUNCTIONS[name].arguments[position].name

    def getArgumentDescription(self, name, position):
        argument = FUNCTIONS[name].arguments[position]  # Calc calls every `any` optional
        return f"{argument.help}. {'Mag leeg blijven' if argument.optional else 'Verplicht'}."

    def getProgrammaticCategoryName(self, name):
        return "Add-In"

    def getDisplayCategoryName(self, name):
        return "BDuR"

    def getCompatibilityNames(self, name):
        return (LocalizedName(Locale("en", "US", ""), name),)

    def setLocale(self, locale):
        self.locale = locale

    def getLocale(self):
        return self.locale


def method(name):
    """Return the method for a sheet function: Calc adds the calling document at the end."""

    def called(self, *given):
        *cells, document = given
        return call(FUNCTIONS[name], cells, document)

    return called


for each in FUNCTIONS:
    setattr(SheetFunctions, each, method(each))


class RepairNames(Component, XJob):
    """Runs when a document has been loaded, in a window or not; see Jobs.xcu."""

    services = ("nl.bdur.RepairNames", "com.sun.star.task.Job")

    def execute(self, arguments):
        given = {part.Name: part.Value for argument in arguments for part in argument.Value}
        document = given.get("Model")
        if document is not None and document.supportsService(SPREADSHEET):
            try:
                repair(document, CellAddress())
            except Exception as error:
                error_log.told("herstel van de functienamen", error)
                raise


class Menu(Component, XJobExecutor):
    """Runs an entry of the menu on the workbook in front."""

    services = ("nl.bdur.Menu",)

    def trigger(self, entry):
        desktop = self.context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
        document = desktop.getCurrentComponent()
        told = menu.run(entry, document)
        if told:
            tell(document, told)


def tell(document, text):
    """Show a message; a headless office shows nothing and goes on."""
    window = document.CurrentController.Frame.ContainerWindow
    window.Toolkit.createMessageBox(window, INFOBOX, BUTTONS_OK, "BDuR", text).execute()


g_ImplementationHelper = unohelper.ImplementationHelper()
for component in (SheetFunctions, RepairNames, Menu):
    g_ImplementationHelper.addImplementation(component, component.services[0], component.services)
