# shellcheck shell=bash
# Sourced by scripts that need another Debian than this machine's. Makes one as this machine gets its own packages: as
# lenient about dates (a mirror may stand still), and trusting the same certificates. Takes root and Debian's mmdebstrap.
#     debian SUITE TARGET PACKAGE,PACKAGE [OPTION OF mmdebstrap...]
debian() {
  local suite=$1 target=$2 packages=$3; shift 3
  apt-config dump Acquire | { grep -E '^Acquire::(Check|http)' || true; } >"$folder/apt.conf"
  mmdebstrap --quiet --aptopt="$folder/apt.conf" --include="ca-certificates,$packages" \
    --customize-hook='cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"' "$@" "$suite" "$target"
}

# The first line of what is missing to run such a script, and the end; else nothing.
needs() {
  [ "$(id -u)" -eq 0 ] || { echo "$0: needs root, for it works inside other Debians" >&2; exit 2; }
  local program
  for program in mmdebstrap "$@"; do
    command -v "$program" >/dev/null || { echo "$0: needs $program (apt-get install $program)" >&2; exit 2; }
  done
}
