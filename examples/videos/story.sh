#!/bin/sh
# The whole way in one go: both processes through all phases and back, a kill, an accident, a deployment. Says what it does and
# ends non-zero at the first thing that is not as it should be.
#
#   sh examples/videos/story.sh          (the jar has to be built: see README.md)
#
# Everything happens in a folder of its own, which is removed unless KEEP is set. VIDEOS says how the program is called.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
program=${VIDEOS:-java -jar "$here/target/videos.jar"}
web=
DATA_DIR=$root/data
PORT=${PORT:-8123}
ADMIN_TOKEN=secret
export DATA_DIR PORT ADMIN_TOKEN

videos() {
    # Not quoted: the program and its options.
    $program --embedded-database "$@" 2>> "$root/videos.log"
}

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    echo "WRONG: $*. Files and logs are in $root" >&2
    exit 1
}

stop() {
    if [ -n "$web" ]; then
        kill "$web" 2> /dev/null || true
        wait "$web" || true
        web=
    fi
}

finish() {
    code=$?
    stop
    # What a killed web process left running; the next command stops it.
    if [ -f "$DATA_DIR/postgres/postmaster.pid" ]; then
        kill -INT "$(head -n 1 "$DATA_DIR/postgres/postmaster.pid")" 2> /dev/null || true
    fi
    if [ "$code" = 0 ] && [ -z "${KEEP:-}" ]; then
        rm -rf "$root"
    fi
}
trap finish EXIT

# phase NAME DATABASE_LEADS BOTH: starts the web process anew
phase() {
    stop
    say "$1"
    export FF_USE_DATABASE_STORAGE="$2" FF_DUAL_WRITE_ENABLED="$3"
    $program --embedded-database serve > "$root/web.out" 2>> "$root/videos.log" &
    web=$!
    for _ in $(seq 600); do
        if grep -q Listening "$root/web.out"; then
            return
        fi
        kill -0 "$web" 2> /dev/null || fail "the web process ended"
        sleep 0.2
    done
    fail "the web process does not listen"
}

# transcripts PREFIX COUNT: writes some, and prints their names
transcripts() {
    for number in $(seq "$2"); do
        printf 'title: %s\n[00:10] John 3:16, Psalm 23 and Mark\n' "$1-$number" > "$root/$1-$number.txt"
        echo "$root/$1-$number.txt"
    done
}

# expect COUNT: so many videos are there, and soon also in the file of the static site
expect() {
    there=$(curl -sf "http://127.0.0.1:$PORT/api/videos" | grep -o '"video_id"' | wc -l)
    [ "$there" = "$1" ] || fail "$there videos are there, not $1"
    for _ in $(seq 150); do
        file=$(curl -s "http://127.0.0.1:$PORT/results.json" | grep -o '"video_id"' | wc -l)
        if [ "$file" = "$1" ]; then
            echo "$1 videos, and as many in results.json"
            return
        fi
        sleep 0.2
    done
    fail "$file videos are in results.json, not $1"
}

phase "JSON_ONLY: the web process writes results.json, the command line through it" false false
videos process "$here"/transcripts/*.txt
expect 3

phase "JSON_PRIMARY: PostgreSQL follows" false true
videos process $(transcripts json-primary 2)
expect 5

say "kill -9 of the web process, while the command line writes through it"
: > "$root/process.out"
videos process $(transcripts killed 200) > "$root/process.out" &
line=$!
while [ "$(grep -c stored "$root/process.out")" -lt 10 ] && kill -0 "$line" 2> /dev/null; do
    sleep 0.05
done
kill -9 "$web"
wait "$web" 2> /dev/null || true
web=
wait "$line" || echo "the command line says which videos were not stored, and ends with $?"
echo "$(grep -c stored "$root/process.out") videos were acknowledged"
phase "JSON_PRIMARY again: every one of them is there" false true
for id in $(sed -n 's/^stored //p' "$root/process.out"); do
    curl -sf "http://127.0.0.1:$PORT/api/videos/$id" > "$root/answer" || fail "$id was acknowledged and is not there"
done
say "the same once more: what is there is left out"
videos process $(transcripts killed 200) | cut -d ' ' -f 1 | sort | uniq -c
expect 205

phase "DB_PRIMARY: PostgreSQL leads, the command line writes to it by itself, the file follows" true true
videos process $(transcripts db-primary 2)
expect 207

phase "DB_ONLY: an export follows each write" true false
videos process $(transcripts db-only 2)
expect 209

say "a backup, then somebody deletes two videos"
videos storage backup create
for id in db-only-1 harvest-talk; do
    curl -sf -X DELETE -H "Authorization: Bearer $ADMIN_TOKEN" "http://127.0.0.1:$PORT/api/videos/$id"
done
echo
expect 207
say "recover: what is lost, and where is it? (the exit code 1 says that something was found)"
if videos recover --scan; then
    fail "nothing was found"
fi
videos recover --restore --yes
expect 209

say "deploy.sh: backup, export, commit, push"
git init -q --bare -b main "$root/site.git"
git clone -q "$root/site.git" "$root/site" 2> /dev/null
export GIT_AUTHOR_NAME=story GIT_AUTHOR_EMAIL=story@example.org GIT_COMMITTER_NAME=story GIT_COMMITTER_EMAIL=story@example.org
VIDEOS="$program --embedded-database" sh "$here/deploy.sh" "$root/site" 2>> "$root/videos.log"

phase "JSON_ONLY: straight back; JSON is caught up before the first request" false false
expect 209
videos storage backup verify
stop
say "Nothing was lost."
