#!/bin/sh
# Builds sdist and wheel into dist/, and proves the wheel: in an empty environment, without Node, the demo runs.
# Needs `make web` before it. Packages come from uv's cache where they are; a registry is asked only for what is not.
set -eu
cd "$(dirname "$0")/.."
root=$PWD python=$PWD/.venv/bin/python uv=$PWD/.venv/bin/uv
PIP_DISABLE_PIP_VERSION_CHECK=1
UV_SYSTEM_CERTS=1 # as in python.sh
export PIP_DISABLE_PIP_VERSION_CHECK UV_SYSTEM_CERTS

fail() {
    echo "package: $*" >&2
    exit 1
}

build() { # build SOURCE FOLDER TARGET...
    (cd "$1" && shift && folder=$1 && shift && for target in "$@"; do
        "$python" -m hatchling build --target "$target" --directory "$folder" >"$scratch/log" 2>&1 || {
            cat "$scratch/log" >&2
            exit 1
        }
    done)
}

[ -e server/static/index.html ] || fail "server/static holds no page; run make web"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
build . "$scratch/dist" sdist wheel
wheel=$(echo "$scratch"/dist/*.whl) sdist=$(echo "$scratch"/dist/*.tar.gz)

mkdir "$scratch/unpacked"
tar -xzf "$sdist" -C "$scratch/unpacked"
build "$scratch"/unpacked/* "$scratch/again" wheel
cmp "$wheel" "$scratch/again/$(basename "$wheel")" || fail "the sdist builds another wheel than the tree"

env=$scratch/env
"$python" -m venv --without-pip "$env"
with_uv() {
    "$uv" pip install --quiet "$@" --python "$env/bin/python" --constraint requirements.lock "$wheel" 2>/dev/null
}
with_uv --offline || with_uv ||
    "$python" -m pip --python "$env/bin/python" install --quiet --constraint requirements.lock "$wheel"

cd "$scratch" # so that no checkout can stand in for what was installed
env -i HOME="$scratch" PATH="$env/bin" "$env/bin/python" "$root/.ci/installed.py" "$wheel" "$sdist"
rm -rf "$root/dist"
mv "$scratch/dist" "$root/dist"
echo "dist/$(basename "$wheel") and dist/$(basename "$sdist") are good"
