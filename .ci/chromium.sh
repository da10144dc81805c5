#!/bin/sh
# Sees to it that the tests find a Chromium: Debian's, or Playwright's where apt has none.
set -eu
cd "$(dirname "$0")/.."
for name in chromium chromium-browser google-chrome; do
    # Ubuntu's package of this name is a stub for a snap, which does not start everywhere.
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then
        exit 0
    fi
done
if .venv/bin/python -c 'from playwright.sync_api import sync_playwright as p; import os, sys
with p() as it: sys.exit(not os.path.exists(it.chromium.executable_path))' 2>/dev/null; then
    exit 0
fi
echo "Chromium is missing: installing it"
if [ -e /etc/debian_version ] && ! grep -qi ubuntu /etc/os-release; then
    .ci/apt.sh chromium
else
    .venv/bin/playwright install --with-deps chromium
fi
