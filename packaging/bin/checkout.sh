# shellcheck shell=bash
# To be sourced: what the programs beside this file need in a checkout, whose top is $home. Finds the JDK, builds when needed.

readonly JAVA_VERSION=25

fail() {
    printf '%s\n' "${@/#/${0##*/}: }" >&2
    exit 1
}

is_right_jdk() {
    [[ -n ${1:-} && -x $1/bin/java && -r $1/release ]] && grep -q "^JAVA_VERSION=\"$JAVA_VERSION[.\"+-]" "$1/release"
}

# The JDK that java on the PATH belongs to.
jdk_of_path() {
    local java
    java=$(command -v java) && java=$(readlink -f "$java") && printf '%s\n' "${java%/bin/java}"
}

find_jdk() {
    local candidate
    if [[ -n ${SLUICE_JAVA_HOME:-} ]]; then
        is_right_jdk "$SLUICE_JAVA_HOME" || fail "SLUICE_JAVA_HOME is $SLUICE_JAVA_HOME, but there is no JDK $JAVA_VERSION there"
        printf '%s\n' "$SLUICE_JAVA_HOME"
        return
    fi
    for candidate in "${JAVA_HOME:-}" "$(jdk_of_path || true)" /usr/lib/jvm/*; do
        if is_right_jdk "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    fail "no JDK $JAVA_VERSION was found in SLUICE_JAVA_HOME, JAVA_HOME, PATH or /usr/lib/jvm" \
        "install one, for example Eclipse Temurin: https://adoptium.net/installation (Debian package temurin-$JAVA_VERSION-jdk)"
}

# build_if_stale MODULE MODULES...: builds MODULE and what it needs, unless it is newer than the sources of MODULES. Two at once:
# the second one waits and finds the build done.
build_if_stale() {
    local module=$1 stamp
    shift
    stamp=$home/$module/target/built
    is_newer "$stamp" "$@" && return
    (
        mkdir -p "$home/$module/target"
        exec 9>"$home/$module/target/lock"
        flock 9
        is_newer "$stamp" "$@" || build "$module" "$stamp"
    )
}

is_newer() {
    local stamp=$1
    shift
    [[ -f $stamp ]] && [[ -z $(cd "$home" && find pom.xml "${@/%//pom.xml}" $(ls -d "${@/%//src/main}" 2>/dev/null) \
        -newer "$stamp" -print -quit) ]]
}

build() {
    command -v mvn >/dev/null || fail "this checkout has to be built first, and that needs Maven: apt-get install maven"
    printf '%s: building (the first time takes a minute or two) ...\n' "${0##*/}" >&2
    rm -rf "$home/$1/target/lib"
    # Maven ends even quiet output with an escape sequence
    (cd "$home" && mvn -B -q -DskipTests -pl "$1" -am package) 2>&1 | sed $'s/\033\\[0m//g' >&2 \
        || fail "the build failed; see above"
    touch "$2"
}

# Puts the programs of packages that were unpacked beside the build, because installing them would start a service, after those of the
# machine.
add_unpacked_programs() {
    local programs
    for programs in "$home"/packaging/target/debian/*/usr/{sbin,bin,lib/openvswitch-switch,lib/openvswitch-switch-dpdk}; do
        [[ ! -d $programs ]] || PATH+=:$programs
    done
}
