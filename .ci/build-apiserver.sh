#!/usr/bin/env bash
# Builds the Kubernetes API server that test/apiserver runs, and what test/cel, test/kubernetes-guard and
# test/kubernetes-yaml ask of its libraries. It takes minutes, so it is done again only when the module's files or the
# version of Go have changed.
set -euo pipefail
cd "$(dirname "$0")/.."
tools="$PWD/.ci/tools/bin"
export CGO_ENABLED=0

command -v go >/dev/null || { echo 'Go is needed for the API server of test/apiserver' >&2 && exit 1; }
cd test/apiserver/server

# build NAME PACKAGE
build() {
  local binary="$tools/$1" sources
  sources=$(cat go.mod go.sum "$2"/*.go lines/*.go <(go version) | sha256sum)
  [ -x "$binary" ] && [ "$(cat "$binary.sources" 2>/dev/null)" = "$sources" ] && return
  mkdir -p "$tools"
  # Without symbols the linker needs half the memory.
  go build -mod=readonly -trimpath -ldflags='-s -w' -o "$binary" "$2"
  echo "$sources" >"$binary.sources"
}

build apiserver .
build cel ./cel
build guard ./guard
build yaml ./yaml
go list -m -f '{{ .Path }} {{ .Version }}' k8s.io/kubernetes
