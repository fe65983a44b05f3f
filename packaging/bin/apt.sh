# shellcheck shell=bash
# To be sourced, in the top directory of a checkout: installing what Debian packages, without starting any service.

say() {
    printf '== %s\n' "$*" >&2
}

fail() {
    printf '%s\n' "${@/#/${0##*/}: }" >&2
    exit 1
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 -qq "$@" >&2
}

# The packages of the arguments that are not installed.
missing() {
    local package
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
    done
}

# Debian starts a service as soon as its package is installed, unless this file says no (invoke-rc.d(8)).
install_without_starting() {
    local policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    apt install --no-install-recommends "$@"
}

unpack_package() {
    local target=packaging/target/debian/$1 download
    download=$(mktemp -d)
    # apt gives up root for the download
    chmod 777 "$download"
    (cd "$download" && apt download "$1")
    mkdir -p packaging/target/debian
    dpkg -x "$download"/*.deb "$target.new"
    mv "$target.new" "$target"
    rm -r "$download"
}
