#!/bin/sh
# Backs everything up, exports the static site and pushes it:
#
#   deploy.sh SITE
#
# SITE is a clone of the repository that the static site is served from. VIDEOS says how the program is called, by default
# "java -jar target/videos.jar" beside this script; it may hold options, as --embedded-database. Flags and settings are
# those of the web process, which may be running. The exit code is 0 if everything that was stored when this began is pushed.
set -eu

site=${1:?"usage: deploy.sh SITE, a clone of the site's repository"}
videos=${VIDEOS:-java -jar "$(dirname "$0")/target/videos.jar"}

git -C "$site" rev-parse --git-dir > /dev/null

# Not quoted: the program and its options. Removes old backups only after the new one was found to be sound.
$videos storage backup create --kind scheduled --clean
$videos publish "$site"

cd "$site"
git add -- index.html results.json results.json.b64
if git diff --cached --quiet -- index.html results.json results.json.b64; then
    echo "nothing new"
else
    # Names the files that an export may replace, for the next clone.
    git add -- .switchover-export.json
    git commit -q -m "Publish the results" -- index.html results.json results.json.b64 .switchover-export.json
fi
# Also what an earlier run could commit, but not push.
git push -q origin HEAD
echo "pushed $(git rev-parse --short HEAD)"
