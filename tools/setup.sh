#!/usr/bin/env bash
# Makes sure that the programs named as arguments are there:
#   tools/setup.sh go node npm chromium
# As root on a Debian-like system what is missing is installed; elsewhere one
# sentence says what to install. After --try a program that is missing and cannot
# be installed is no failure: one sentence says that what needs it is skipped.
# Go itself is never installed: distributions' packages are often too old to
# fetch the toolchain that go.mod names.
set -euo pipefail

# present NAME: whether one of the commands that NAME may go by exists.
present() {
  local command commands=$1
  case $1 in
    chromium) commands="chromium chromium-browser google-chrome google-chrome-stable" ;;
    firefox-esr) commands="firefox-esr firefox" ;;
  esac
  for command in $commands; do
    if command -v "$command" >/dev/null; then return 0; fi
  done
  return 1
}

# package NAME: Debian's package that holds it.
package() {
  case $1 in
    node) echo nodejs ;;
    qemu-aarch64-static) echo qemu-user-static ;;
    WebKitWebDriver) echo webkit2gtk-driver ;;
    Xvfb) echo xvfb ;;
    dbus-run-session) echo dbus-daemon ;;
    *) echo "$1" ;;
  esac
}

try=no
if [[ ${1-} == --try ]]; then try=yes; shift; fi
missing=() packages=()
for name in "$@"; do
  if [[ $name == go ]] && ! present go; then
    echo "setup: please install Go 1.21 or newer from https://go.dev/dl and run make again." >&2
    exit 1
  elif ! present "$name"; then
    missing+=("$name")
    packages+=("$(package "$name")")
  fi
done
if ((${#missing[@]} == 0)); then exit 0; fi

if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
  if [[ $try == yes ]]; then
    echo "setup: what needs ${missing[*]} is skipped (on Debian: sudo apt-get install ${packages[*]})."
    exit 0
  fi
  echo "setup: please install ${missing[*]} and run make again (on Debian: sudo apt-get install ${packages[*]})." >&2
  exit 1
fi

# install PACKAGE...: installs all of them or fails.
install() {
  apt-get -qq install --yes --no-install-recommends "$@" </dev/null
}

echo "setup: installing ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
if [[ $try == no ]]; then
  apt-get -qq update
  install "${packages[@]}"
  exit 0
fi
# One by one: a package that this system does not have must not keep it from the
# others. Old lists may do where there is no network for new ones.
apt-get -qq update || true
failed=()
for i in "${!missing[@]}"; do
  if ! install "${packages[i]}"; then failed+=("${missing[i]}"); fi
done
if ((${#failed[@]} > 0)); then
  echo "setup: what needs ${failed[*]} is skipped, since it could not be installed."
fi
