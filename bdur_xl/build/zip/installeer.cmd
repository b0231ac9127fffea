@echo off
rem Installeert bdur_xl uit de map wielen, zonder internet en zonder beheerdersrechten.
rem Gebruik: installeer.cmd [MAP]    MAP: waar de map bdur_xl komt, als dat niet LOCALAPPDATA is
rem Alleen ASCII: een .cmd wordt gelezen in de tekenset van het venster.
setlocal EnableExtensions DisableDelayedExpansion
for /f "tokens=2 delims=:." %%c in ('chcp') do set "TEKENSET=%%c"
chcp 65001 >nul

rem Wat van een andere Python of pip op deze pc is ingesteld, telt hier niet.
set "PYTHONHOME="
set "PYTHONPATH="
set "PYLAUNCHER_ALLOW_INSTALL="
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
set "NoDefaultCurrentDirectoryInExePath=1"

set "WIELEN=%~dp0wielen"
set "DOEL=%LOCALAPPDATA%\bdur_xl\python"
if not "%~1"=="" set "DOEL=%~f1\bdur_xl\python"

if not exist "%WIELEN%\vereisten.txt" (
    echo De map wielen staat niet naast installeer.cmd.
    echo     Pak eerst de hele zip uit: klik er met rechts op, Alles uitpakken. Start dan daar installeer.cmd.
    goto mislukt
)

set "PASSEND=import sys, sysconfig; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13) and sysconfig.get_platform() == 'win-amd64'))"
set "PYTHON="
for %%v in ("py -3.13" "py -3.12" "py -3.11" python) do call :probeer %%~v
if not defined PYTHON (
    echo Er is geen Python 3.11, 3.12 of 3.13 van 64 bits gevonden.
    echo     Installeer die van python.org, of vraag uw beheerder erom, en start installeer.cmd opnieuw.
    goto mislukt
)

echo BDuR @VERSIE@ komt in "%DOEL%"
if not exist "%DOEL%\Scripts\python.exe" goto maak
"%DOEL%\Scripts\python.exe" -c "%PASSEND%" >nul 2>nul
if "%ERRORLEVEL%"=="0" goto vul

:maak
call %PYTHON% -m venv --clear "%DOEL%"
if not "%ERRORLEVEL%"=="0" (
    echo De map "%DOEL%" kan niet worden gemaakt.
    echo     Sluit Excel en probeer het opnieuw, of noem een andere map: installeer.cmd MAP
    goto mislukt
)
if not exist "%DOEL%\Scripts\python.exe" (
    echo Deze Python zet zijn bestanden op een plaats die Excel niet ziet; die uit de Microsoft Store doet dat.
    echo     Installeer Python van python.org, of noem een map buiten AppData: installeer.cmd MAP
    goto mislukt
)

:vul
echo Een paar minuten geduld ...
"%DOEL%\Scripts\python.exe" -m pip install --isolated --disable-pip-version-check --no-cache-dir --quiet ^
    --no-index --find-links "%WIELEN%" --no-deps --force-reinstall --require-hashes --requirement "%WIELEN%\vereisten.txt"
if not "%ERRORLEVEL%"=="0" (
    echo Het installeren is niet gelukt; hierboven staat waarom.
    echo     Sluit Excel en probeer het opnieuw. Blijft het misgaan, pak de zip dan opnieuw uit of bel uw beheerder.
    goto mislukt
)

"%DOEL%\Scripts\python.exe" -m bdur_xl.cli installeer
if not "%ERRORLEVEL%"=="0" (
    echo bdur staat er, maar Excel is nog niet ingesteld; hierboven staat waarom.
    goto mislukt
)

echo.
echo Klaar. Open BDuR_plan.xlsm; LEESMIJ.txt zegt hoe verder.
set "UITKOMST=0"
goto einde

:mislukt
set "UITKOMST=1"

:einde
chcp %TEKENSET% >nul
if not defined BDUR_STIL pause
exit /b %UITKOMST%

:probeer
rem Onthoudt de eerste opdracht die een passende Python start.
if defined PYTHON exit /b
call %* -c "%PASSEND%" >nul 2>nul
if "%ERRORLEVEL%"=="0" set "PYTHON=%*"
exit /b
