@echo off
rem Opent een venster waarin de opdracht bdur werkt. Gebruik: opdrachtvenster.cmd [MAP], dezelfde als bij installeer.cmd
setlocal EnableExtensions DisableDelayedExpansion
set "DOEL=%LOCALAPPDATA%\bdur_xl\python"
if not "%~1"=="" set "DOEL=%~f1\bdur_xl\python"
if not exist "%DOEL%\Scripts\bdur.exe" (
    echo bdur is nog niet geinstalleerd: start eerst installeer.cmd.
    pause
    exit /b 1
)
chcp 65001 >nul
set "PATH=%DOEL%\Scripts;%PATH%"
cd /d "%USERPROFILE%"
cmd /k "title BDuR & bdur --help"
