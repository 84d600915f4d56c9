#!/bin/sh
# Has the running service write its JSON files anew from the database, and notes in a log how it went. For cron:
#
#   0 2 * * * ADMIN_TOKEN_FILE=/etc/materials/token /opt/materials/scripts/backup_to_json.sh
#
# Settings, from the environment:
#   MATERIALS_URL      where the service listens (http://127.0.0.1:8000)
#   ADMIN_TOKEN        its token, or ADMIN_TOKEN_FILE, the file it is in
#   BACKUP_LOG         the log (backup.log in the present folder)
#   BACKUP_TIMEOUT     seconds to wait at most (600)
#
# Exit codes: 0 exported, 1 not exported, 2 wrong settings.
set -u

url="${MATERIALS_URL:-http://127.0.0.1:8000}/api/admin/export-to-json"
log="${BACKUP_LOG:-backup.log}"
token="${ADMIN_TOKEN:-}"

note() {
    printf '%s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$2" >>"$log"
    if [ "$1" != OK ]; then
        printf 'backup_to_json: %s\n' "$2" >&2
    fi
}

if [ -z "$token" ] && [ -n "${ADMIN_TOKEN_FILE:-}" ]; then
    token=$(cat "$ADMIN_TOKEN_FILE") || exit 2
fi
if [ -z "$token" ]; then
    note FAILED 'set ADMIN_TOKEN or ADMIN_TOKEN_FILE; the service exports for nobody without its token'
    exit 2
fi
if ! command -v curl >/dev/null 2>&1; then
    note FAILED 'curl is missing'
    exit 2
fi

# The token goes over standard input: arguments can be read by everybody on the machine.
answer=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --silent --show-error --config - --request POST --max-time "${BACKUP_TIMEOUT:-600}" \
        --write-out '\n%{http_code}' "$url" 2>&1)
code=$?
status=$(printf '%s' "$answer" | tail -n 1)
body=$(printf '%s' "$answer" | sed '$d' | tr '\n' ' ')

if [ "$code" -ne 0 ]; then
    note FAILED "$url cannot be reached: $body"
    exit 1
fi
if [ "$status" != 200 ]; then
    note FAILED "$url answered $status: $body"
    exit 1
fi
note OK "$body"
