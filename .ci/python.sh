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
echo "Installing what $lock names"
if [ ! -x .venv/bin/uv ]; then
    $python -m pip install --quiet --disable-pip-version-check "uv==0.13.9" 2>/dev/null || echo "uv cannot be installed; going on with pip"
fi
if [ -x .venv/bin/uv ] && .venv/bin/uv pip install --quiet --python $python --requirement "$lock"; then
    .venv/bin/uv pip install --quiet --python $python --no-deps --no-build-isolation --editable .
else
    $python -m pip install --quiet --requirement "$lock"
    $python -m pip install --quiet --no-deps --no-build-isolation --editable .
fi
