#!/usr/bin/env bash
# Prints as Markdown what differs from the base. A step of action.yml, which sets ESO_ABAC, SERVICES, DIST and BASE.
#
# Without a base it is what the pull request would be merged into: the first parent of the merge that GitHub checks out.
set -euo pipefail

base=$BASE
if [ -z "$base" ]; then
  # A checkout has one commit unless told otherwise. Where it has more, --depth would cut off the others.
  git rev-parse --quiet --verify "$GITHUB_SHA^1" >/dev/null || git fetch --quiet --no-tags --depth=2 origin "$GITHUB_SHA"
  base=$(git rev-parse --short=12 "$GITHUB_SHA^1")
fi
# The command may be several words.
# shellcheck disable=SC2086
$ESO_ABAC diff -f "$SERVICES" -o "$DIST" --base "$base" --format markdown
