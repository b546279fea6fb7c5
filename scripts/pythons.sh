#!/usr/bin/env bash
# Runs all tests under newer Pythons than this machine's, each inside the Debian that brings it.
#
#     scripts/pythons.sh                       # all suites below
#     scripts/pythons.sh sid                   # one of them
#     scripts/pythons.sh sid tests/client -x   # one, with arguments for pytest
#
# Takes root, Linux, Debian's mmdebstrap, 3 GB of disk and about a quarter of an hour for each. Nothing stays. The
# browser is Debian's, for the packaged one is tested everywhere else.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/debian.sh
needs

suites=(trixie sid)  # Python 3.13 and 3.14; no Debian brings 3.12
if [ $# -gt 0 ]; then suites=("$1"); shift; fi
folder=$(mktemp -d -t agora-rest-pythons.XXXXXX)
trap 'rm -rf --one-file-system "$folder"' EXIT

# In a mount namespace of its own, so that nothing has to be unmounted, however it ends. The root is a mount as well,
# because network namespaces, which some tests make, want it to be one.
inside() {
  unshare --mount sh -euc '
    root=$1; shift
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount --rbind /dev "$root/dev"
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CI=true \
      SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt "$@"
  ' - "$@"
}

failed=()
for suite in "${suites[@]}"; do
  echo "==> Debian $suite"
  root="$folder/$suite"
  debian "$suite" "$root" git,make,python3-venv,chromium
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  mkdir "$root/project"
  git ls-files -z --cached --others --exclude-standard \
    | tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory "$root/project"
  inside "$root" bash -euc 'cd /project; python3 --version; make --no-print-directory setup rivals
    .venv/bin/python -m pytest -n4 "$@"' - "$@" || failed+=("$suite")
  rm -rf --one-file-system "$root"
done
[ ${#failed[@]} -eq 0 ] || { echo "$0: tests failed in Debian ${failed[*]}" >&2; exit 1; }
