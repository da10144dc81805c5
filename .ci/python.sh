#!/bin/sh
# Makes .venv with what a lock file names and the project itself: python.sh LOCKFILE
# uv installs in seconds; pip does where uv cannot be had.
set -eu
lock=$1
cd "$(dirname "$0")/.."

interpreter() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed; none was found. Set PYTHON to its path." >&2
    exit 1
}

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(interpreter)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Python's venv module is missing: installing python$version-venv"
        .ci/apt.sh "python$version-venv"
    fi
    echo "Making .venv"
    "$python" -m venv --clear .venv
fi

python=.venv/bin/python
PIP_DISABLE_PIP_VERSION_CHECK=1
UV_SYSTEM_CERTS=1 # as pip does, so that a proxy which the machine trusts is trusted here
export PIP_DISABLE_PIP_VERSION_CHECK UV_SYSTEM_CERTS

with_uv() {
    [ -x .venv/bin/uv ] || $python -m pip install --quiet "uv==0.13.9"
    .venv/bin/uv pip install --quiet --python $python --requirement "$lock"
}

echo "Installing what $lock names"
# uv knows nothing of pip's settings, so where it fails pip may not; what is truly wrong pip tells too.
if with_uv >/dev/null 2>&1; then
    .venv/bin/uv pip install --quiet --python $python --no-deps --no-build-isolation --editable .
else
    echo "uv cannot; pip takes its place"
    $python -m pip install --quiet --requirement "$lock"
    $python -m pip install --quiet --no-deps --no-build-isolation --editable .
fi
