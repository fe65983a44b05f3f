# shellcheck shell=bash
# To be sourced: makes a Debian of this machine's release, from where this machine gets its own packages. Needs mmdebstrap and a
# directory $work that others can read.

# debian_root TARGET OPTIONS...: a directory or an archive; what mmdebstrap has to say is in $work/root.log.
debian_root() {
    local target=$1 codename sources
    shift
    # shellcheck source=/dev/null
    codename=$(source /etc/os-release && printf '%s' "$VERSION_CODENAME")
    # with the updates for security where this machine has them
    # shellcheck disable=SC2016
    mapfile -t sources < <(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' \
        | grep -E " $codename(-updates|-security)? ")
    apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Check-Date|Retries|https?::Proxy) ' >"$work/apt.conf" || true
    # in a mount namespace of its own: of the mounts it makes, nothing is left when it fails
    unshare --mount mmdebstrap --variant=minbase --aptopt="$work/apt.conf" --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-include=/usr/share/doc/sluice/*' "$@" \
        "$codename" "$target" "${sources[@]}" >"$work/root.log" 2>&1
}
