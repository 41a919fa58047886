#!/usr/bin/env bash
# Installs the browser that test/report/browser opens pages in, as Debian packages it; one that is there is used.
set -euo pipefail
browser=${CHROMIUM:-/usr/bin/chromium}

if [ ! -x "$browser" ]; then
  [ "$(id -u)" = 0 ] || { echo "$browser is missing: apt-get install chromium, or say where it is in CHROMIUM" >&2 && exit 1; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
fi
"$browser" --version
