#!/usr/bin/env bash
# Finds a Python that can run the scripts (installing Debian's where there is none) and hands over to it.
set -euo pipefail

library="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)"

usable() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

# Without a question where sudo wants no password; otherwise once, and only where somebody is there to type it.
may_sudo() {
    command -v sudo >/dev/null 2>&1 || return 1
    sudo -n true 2>/dev/null && return
    [ -t 0 ] && [ -t 1 ] || return 1
    echo "Python is installed by sudo, which may ask for your password."
    sudo -v
}

install_python() {
    local packages line as_root=()
    packages="$(awk '$2 == "start" { printf "%s ", $1 }' "$library/../apt-packages.txt")"
    line="apt-get -qq update && apt-get -qq install -y --no-install-recommends ${packages% }"
    if [ "$(id -u)" != 0 ]; then
        if may_sudo; then
            as_root=(sudo -n)
        else
            echo "Python 3.11 or later with venv is missing. Install it with this line, then start again:" >&2
            echo "  sudo sh -c '$line'" >&2
            exit 3
        fi
    fi
    echo "Installing $packages" >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c "$line" </dev/null >/dev/null
}

python="$(find_python)"
if [ -z "$python" ]; then
    install_python
    python="$(find_python)"
fi
if [ -z "$python" ]; then
    echo "Python 3.11 or later with venv is needed, and this system's packages do not offer it." >&2
    exit 3
fi
exec "$python" -B -u "$library/entry.py" "$@"
