# The bookkeeping of .ci/run: named steps, what they count, and the last line. To be sourced from there.

passed=0
failed=0
failures=()
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# A step that checks many things adds a line here for them: how many passed, how many failed.
export COUNTS="$scratch/counts"
touch "$COUNTS"

# step NAME COMMAND...: runs the command and counts it as one. Its status is the command's.
step() {
  local name=$1 status=0 start=$SECONDS
  shift
  printf '\n==> %s\n' "$name"
  "$@" </dev/null || status=$?
  if [ "$status" = 0 ]; then
    passed=$((passed + 1))
    printf '<== %s: passed (%d s)\n' "$name" "$((SECONDS - start))"
  else
    failed=$((failed + 1))
    failures+=("$name")
    printf '<== %s: FAILED (%d s)\n' "$name" "$((SECONDS - start))"
  fi
  return "$status"
}

# worktree: the id of all that git does not ignore, committed or not, so that it serves in the middle of work too.
worktree() {
  rm -f "$scratch/index"
  GIT_INDEX_FILE="$scratch/index" git add --all && GIT_INDEX_FILE="$scratch/index" git write-tree
}

# same_worktree ID: fails, and names the files, when the work tree is no longer what it was at that id.
same_worktree() {
  local now
  now=$(worktree) || return
  [ "$now" = "$1" ] || { git --no-pager diff --name-status "$1" "$now" && return 1; }
}

# unchanged COMMAND...: runs it and fails when it fails or when the work tree is another one afterwards.
unchanged() {
  local id
  id=$(worktree) && "$@" && same_worktree "$id"
}

# finish: the closing line, and the exit code of the whole run.
finish() {
  local more_passed more_failed
  while read -r more_passed more_failed; do
    passed=$((passed + more_passed))
    failed=$((failed + more_failed))
  done <"$COUNTS"
  printf '\n'
  for name in ${failures[@]+"${failures[@]}"}; do printf 'failed: %s\n' "$name"; done
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
  exit
}
