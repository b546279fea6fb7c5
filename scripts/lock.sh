#!/usr/bin/env bash
# Writes the lock files under requirements/: every version with its hashes, no address of any registry.
set -euo pipefail
cd "$(dirname "$0")/.."
uv="${UV:-.venv/bin/uv}"
options=(--quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade)
"$uv" pip compile "${options[@]}" requirements/bootstrap.in --output-file requirements/bootstrap.txt
"$uv" pip compile "${options[@]}" pyproject.toml --all-extras --group dev --no-emit-package agora-rest --output-file requirements/dev.txt
"$uv" pip compile "${options[@]}" benchmarks/rivals.in --output-file benchmarks/rivals.txt
