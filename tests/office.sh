#!/bin/sh
# Install LibreOffice and the fonts of the workbook, on Debian and its kin, where we may.
set -eu
if command -v soffice >/dev/null && [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import uno' 2>/dev/null &&
    command -v pdftoppm >/dev/null; then
    exit 0
fi
packages='libreoffice-calc libreoffice-writer libreoffice-script-provider-python python3-uno
    fonts-crosextra-carlito fonts-liberation poppler-utils'
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of words is meant
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
elif [ -n "${CI:-}" ]; then
    echo 'LibreOffice is needed in CI and cannot be installed here.' >&2
    exit 1
else
    echo '*** LibreOffice (with python3-uno) is missing: everything that needs it is NOT CHECKED.' >&2
    echo "*** On Debian: sudo apt-get install" $packages >&2
fi
