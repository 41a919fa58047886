#!/usr/bin/env bash
# Builds the Kubernetes API server that test/apiserver runs. It takes minutes, so it is done again only when the module's
# files or the version of Go have changed.
set -euo pipefail
cd "$(dirname "$0")/.."
binary="$PWD/.ci/tools/bin/apiserver"
export CGO_ENABLED=0

command -v go >/dev/null || { echo 'Go is needed for the API server of test/apiserver' >&2 && exit 1; }
cd test/apiserver/server
sources=$(cat go.mod go.sum ./*.go <(go version) | sha256sum)
if [ ! -x "$binary" ] || [ "$(cat "$binary.sources" 2>/dev/null)" != "$sources" ]; then
  mkdir -p "${binary%/*}"
  # Without symbols the linker needs half the memory.
  go build -mod=readonly -trimpath -ldflags='-s -w' -o "$binary" .
  echo "$sources" >"$binary.sources"
fi
go list -m -f '{{ .Path }} {{ .Version }}' k8s.io/kubernetes
