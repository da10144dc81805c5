#!/bin/sh
# Lock files name versions, never registries.
set -eu
cd "$(dirname "$0")/.."
if grep -nE 'https?://|index-url|find-links' requirements.lock requirements-dev.lock; then
    echo "a lock file of Python names a registry" >&2
    exit 1
fi
if grep -nE '"resolved"' web/package-lock.json; then
    echo "web/package-lock.json names a registry; see web/.npmrc" >&2
    exit 1
fi
