# shellcheck shell=bash
# To be sourced: finds the JDK for the programs beside this file.

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
