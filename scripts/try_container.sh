#!/usr/bin/env bash
# Builds the image of the Containerfile and tries it: who it runs as, its health, its answers, how fast it stops.
#
# No registry is asked: in place of the base image stands a Debian with the same Python, made here. Takes root, Linux
# and Debian's mmdebstrap, podman, crun and slirp4netns; two minutes. Nothing stays.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/debian.sh
needs podman crun slirp4netns curl
[ -n "${APART:-}" ] || APART=1 exec unshare --mount "$0"  # the mounts below are gone when this ends
# crun wants one kind of cgroups, and none is configured in this container.
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi

suite=trixie  # the Debian that brings the Python of the base image
folder=$(mktemp -d -t agora-rest-container.XXXXXX)
export CONTAINERS_CONF="$folder/containers.conf"
echo '[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]' >"$CONTAINERS_CONF"
pod() { podman --log-level error --root "$folder/storage" --runroot "$folder/run" --storage-driver overlay "$@"; }
trap 'pod rm --force --all >"$folder/end" 2>&1 || true; rm -rf "$folder"' EXIT

passed=0 failed=0
must() {
  local what=$1; shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "not so: $what" >&2; fi
}

base=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' Containerfile | tail -1)
echo "==> a stand-in for $base: Debian $suite"
debian "$suite" "$folder/base.tar" python3-pip,python3-venv --variant=minbase \
  --customize-hook='rm "$1"/usr/lib/python3*/EXTERNALLY-MANAGED; ln -s python3 "$1/usr/bin/python"'
pod import --quiet "$folder/base.tar" "$base" >/dev/null 2>"$folder/said" || { cat "$folder/said" >&2; exit 1; }
version=${base#*:}; version=${version%%-*}
must "the stand-in has Python $version" grep -q "^Python $version" <(pod run --rm --cgroups=disabled --network none "$base" python --version)

echo "==> building, as the Containerfile says"
pod build --quiet --pull=never --isolation chroot --format docker --tag agora-emulator . >/dev/null
must "the image knows its health check" test "$(pod image inspect agora-emulator --format '{{len .HealthCheck.Test}}')" -gt 0

echo "==> running"
# Without systemd the health check does not run at intervals, and podman warns about it: it is called below.
pod run --detach --name emulator --cgroups=disabled --network slirp4netns --publish 127.0.0.1::8080 \
  --read-only agora-emulator >"$folder/said" 2>&1 || { cat "$folder/said" >&2; exit 1; }
url="http://$(pod port emulator 8080)"
curl --silent --retry 60 --retry-all-errors --retry-delay 1 --output /dev/null "$url/" || true  # until it is ready
must "it does not run as root" test "$(pod exec emulator id -u)" = 10001
must "the health check is green" pod healthcheck run emulator
must "the page is there" curl --silent --fail --output /dev/null "$url/"
must "the API answers" grep -q '"name":"demo"' <(curl --silent --user emulator:emulator-secret "$url/dev/v1/projects")
curl --silent --no-buffer "$url/_emulator/events" >/dev/null &  # a viewer of the page during the stop
sleep 1
begun=$(date +%s%N)
pod stop --time 10 emulator >/dev/null 2>&1
took=$((($(date +%s%N) - begun) / 1000000))
must "SIGTERM ends it within 3 seconds (it took $took ms)" test $took -lt 3000
must "it ends without an error" test "$(pod inspect emulator --format '{{.State.ExitCode}}')" = 0
size() { pod image inspect "$1" --format '{{.Size}}'; }
echo "==> stopped in $took ms; $((($(size agora-emulator) - $(size "$base")) / 1000000)) MB on top of the base image"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
