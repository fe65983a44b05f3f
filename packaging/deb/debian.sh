# shellcheck shell=bash
# To be sourced: makes a Debian of this machine's release, from where this machine gets its own packages. Needs mmdebstrap and a
# directory $work that others can read.

# debian_root TARGET OPTIONS...: a directory or an archive; what mmdebstrap has to say is in $work/root.log.
debian_root() {
    local target=$1 mirror codename
    shift
    # shellcheck source=/dev/null
    codename=$(source /etc/os-release && printf '%s' "$VERSION_CODENAME")
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $codename" 'Created-By: Packages' | head -n 1)
    apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Check-Date|Retries|https?::Proxy) ' >"$work/apt.conf" || true
    mmdebstrap --variant=minbase --aptopt="$work/apt.conf" --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-include=/usr/share/doc/sluice/*' "$@" \
        "$codename" "$target" "${mirror%/}" >"$work/root.log" 2>&1
}
