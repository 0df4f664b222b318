#!/bin/sh
# Install the Debian packages that a target needs, or name those missing and the command that installs them.
# Usage: tooling/system.sh demo|test
set -eu

want="nodejs npm python3-venv gettext"
paper="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"  # receipts and sheets as PDF; the site runs without
media="janus janus-tools coturn baresip-core baresip-ffmpeg sip-tester libopus0 ffmpeg espeak-ng iptables iproute2"
[ "${1:-demo}" = test ] && want="$want $paper chromium postgresql redis-server $media"

present() {
    case "$1" in
        nodejs) command -v node >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] ;;
        npm) command -v npm >/dev/null 2>&1 ;;
        python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
        gettext) command -v msgfmt >/dev/null 2>&1 ;;
        chromium) command -v chromium >/dev/null 2>&1 ;;
        janus) command -v janus >/dev/null 2>&1 ;;
        janus-tools) command -v janus-pp-rec >/dev/null 2>&1 ;;
        coturn) command -v turnserver >/dev/null 2>&1 ;;
        baresip-core) command -v baresip >/dev/null 2>&1 ;;
        baresip-ffmpeg) ls /usr/lib/baresip/modules/avcodec.so >/dev/null 2>&1 ;;
        sip-tester) command -v sipp >/dev/null 2>&1 ;;
        libopus0) ls /usr/lib/*/libopus.so.0 >/dev/null 2>&1 ;;
        iproute2) command -v ip >/dev/null 2>&1 ;;
        ffmpeg | espeak-ng | iptables) command -v "$1" >/dev/null 2>&1 ;;
        libpango-1.0-0) ls /usr/lib/*/libpango-1.0.so.0 >/dev/null 2>&1 ;;
        libpangoft2-1.0-0) ls /usr/lib/*/libpangoft2-1.0.so.0 >/dev/null 2>&1 ;;
        libharfbuzz-subset0) ls /usr/lib/*/libharfbuzz-subset.so.0 >/dev/null 2>&1 ;;
        redis-server) command -v redis-server >/dev/null 2>&1 ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ;;
    esac
}

missing=""
for package in $want; do
    present "$package" || missing="$missing $package"
done
wished=""
for package in $paper; do
    present "$package" || wished="$wished $package"
done
[ -z "$missing$wished" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    [ "${1:-demo}" = test ] || missing="$missing$wished"
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >/dev/null
    # shellcheck disable=SC2086  # a list of words
    apt-get install -y -q --no-install-recommends $missing >/dev/null
elif [ -z "$missing" ]; then
    echo "No PDF without: sudo apt-get install --no-install-recommends$wished" >&2
else
    echo "Missing:$missing" >&2
    echo "Install them with: sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
