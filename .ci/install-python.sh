#!/usr/bin/env bash
# Installs .ci/requirements.txt into a virtual environment; one with the same requirements is used again.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.ci/tools/python

if ! "$venv/bin/python3" --version 2>/dev/null || ! cmp -s .ci/requirements.txt "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement .ci/requirements.txt
  cp .ci/requirements.txt "$venv/requirements.txt"
fi
"$venv/bin/pip" freeze --disable-pip-version-check
