#!/usr/bin/env bash
# Installs the Go tools at fixed versions; a tool that is there at its version is used again.
set -euo pipefail
cd "$(dirname "$0")/.."
export GOBIN="$PWD/.ci/tools/bin"
export CGO_ENABLED=0

# install MODULE VERSION PACKAGE
install() {
  local module=$1 version=$2 package=$3
  local tool="$GOBIN/${package##*/}"
  if [ "$(installed "$tool")" != "$module $version" ]; then
    go install "$package@$version"
  fi
  echo "${package##*/} $version"
}

# installed FILE: module and version that a tool was built from, or nothing.
installed() {
  [ -x "$1" ] && go version -m "$1" | awk '$1 == "mod" { print $2, $3 }'
}

command -v go >/dev/null || { echo 'Go is needed for kubeconform, kubectl-validate and actionlint' >&2 && exit 1; }
install github.com/yannh/kubeconform v0.8.0 github.com/yannh/kubeconform/cmd/kubeconform
install sigs.k8s.io/kubectl-validate v0.0.4 sigs.k8s.io/kubectl-validate
install github.com/rhysd/actionlint v1.7.12 github.com/rhysd/actionlint/cmd/actionlint
