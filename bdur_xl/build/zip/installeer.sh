#!/bin/sh
# Installeert bdur_xl @VERSIE@ uit de map wielen, zonder internet, om het uit te proberen.
# Gebruik: sh installeer.sh [MAP]    MAP: waar de map bdur_xl komt
set -eu
hier=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
doel=${1:-${XDG_DATA_HOME:-$HOME/.local/share}}/bdur_xl/python
python=python@PYTHON@

if [ ! -f "$hier/wielen/vereisten.txt" ]; then
    echo "De map wielen staat niet naast installeer.sh. Pak de hele zip uit." >&2
    exit 1
fi
if ! "$python" -c '' 2>/dev/null; then
    echo "$python ontbreekt; de wielen in deze zip zijn daarvoor gemaakt. Installeer die Python." >&2
    exit 1
fi
unset PYTHONHOME PYTHONPATH
[ -x "$doel/bin/python" ] || "$python" -m venv --clear "$doel"
"$doel/bin/python" -m pip install --isolated --disable-pip-version-check --no-cache-dir --quiet \
    --no-index --find-links "$hier/wielen" --no-deps --force-reinstall \
    --require-hashes --requirement "$hier/wielen/vereisten.txt"
echo "Klaar. De opdracht is $doel/bin/bdur; met installeer --calc zet hij de functies in LibreOffice."
