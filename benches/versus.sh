#!/usr/bin/env bash
# keytrail beside other programs on the same files: wall time, CPU, memory, findings, in one run.
#
#   benches/versus.sh FOLDER [NAME=COMMAND...]
#   benches/versus.sh --history REPOSITORY [NAME=COMMAND...]
#   benches/versus.sh --home [HOME]
#
# With --history the whole history of a repository is scanned instead of files; beside it stands the floor:
# git cat-file writing every object to nowhere.
#
# Beside keytrail stands `text`: the same scan with --as-text, so that it is seen what opening archives and
# reading structure cost. With --home the places of tools below a home directory are read, by default below
# the tests' own, testdata/home.
#
# Each COMMAND gets the folder as its last argument, for example
#   benches/versus.sh ~/linux 'rg=rg --no-ignore --hidden --text -c ghp_zzzzz' \
#       'kingfisher=kingfisher scan --no-validate'
# The first run of each warms the caches and is not counted; RUNS (default 5) are, and the median is
# printed, with the least and the most wall time. Findings are lines of output, as a rough guide.
set -euo pipefail
history=
home=
here=$(cd "$(dirname "$0")/.." && pwd)
[ "${1:-}" != --history ] || { history=1; shift; }
[ "${1:-}" != --home ] || { home=1; shift; set -- "${1:-$here/testdata/home}"; }
folder=${1:?usage: benches/versus.sh [--history|--home] FOLDER [NAME=COMMAND...]}
shift
runs=${RUNS:-5}
cargo build --quiet --release --manifest-path "$here/Cargo.toml"
times=$(mktemp)
lines=$(mktemp)
trap 'rm -f "$times" "$lines"' EXIT

measure() {
    local name=$1
    shift
    : > "$times"
    for run in $(seq 0 "$runs"); do
        /usr/bin/time -o "$times.one" -f '%e %U %S %M' "$@" "$folder" > "$lines" 2> /dev/null || true
        [ "$run" -eq 0 ] || tail -n 1 "$times.one" >> "$times"
    done
    rm -f "$times.one"
    sort -n "$times" | awk -v name="$name" -v lines="$(wc -l < "$lines")" '
        { wall[NR] = $1; cpu[NR] = $2 + $3; if ($4 > memory) memory = $4 }
        END {
            middle = int((NR + 1) / 2)
            printf "%-14s wall %7.2f s (%.2f-%.2f)  cpu %7.2f s  memory %5d MB  lines %d\n",
                name, wall[middle], wall[1], wall[NR], cpu[middle], memory / 1024, lines
        }'
}

if [ -n "$home" ]; then
    measure home "$here/target/release/keytrail" scan --quiet --format jsonl --home
    exit
fi
if [ -n "$history" ]; then
    git -C "$folder" count-objects -v | tr '\n' ' '
    echo
    measure cat-file sh -c 'git -C "$0" cat-file --batch-all-objects --unordered --batch > /dev/null'
    measure keytrail "$here/target/release/keytrail" scan --quiet --history-only --format jsonl
    measure whole "$here/target/release/keytrail" scan --quiet --history-only --whole-objects \
        --format jsonl
    for peer in "$@"; do
        read -r -a command <<< "${peer#*=}"
        measure "${peer%%=*}" "${command[@]}"
    done
    exit
fi
find "$folder" -type f -print0 | xargs -0 cat | wc -c | awk '{ printf "%.1f MB in ", $1 / 1e6 }'
find "$folder" -type f | wc -l | awk '{ print $1 " files" }'
measure keytrail "$here/target/release/keytrail" scan --quiet --no-history --format jsonl
measure text "$here/target/release/keytrail" scan --quiet --no-history --as-text --format jsonl
for peer in "$@"; do
    read -r -a command <<< "${peer#*=}"
    measure "${peer%%=*}" "${command[@]}"
done
