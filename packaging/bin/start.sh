# shellcheck shell=bash
# To be sourced by what starts Sluice, from a checkout and installed: the flags of the JVM for each kind of command.

# start_sluice JAVA OPTIONS CLASSPATH ARGUMENTS...: becomes the Java process, so that signals and the exit status are Java's own.
# OPTIONS is the file with the flags that every command needs; compiler.json is beside it.
start_sluice() {
    local java=$1 options=$2 classes=$3 flags
    shift 3
    case ${1:-} in
        run | lab | gen | bench)
            # ZGC's pauses are under a millisecond: a collection in management does not hold the worker up. What is forwarded was
            # proved to be within its frame once (Ipv4Parser), so the buffers' own checks of every access can go.
            flags=(-XX:+UseZGC -Xms256m -Xmx1g -Dagrona.disable.bounds.checks=true
                -XX:+ExitOnOutOfMemoryError)
            # what only a start does is not compiled for a long life. The JVM says so itself, and is to say it where the log goes
            flags+=(-XX:+UnlockDiagnosticVMOptions "-XX:CompilerDirectivesFile=$(dirname "$options")/compiler.json"
                -XX:+DisplayVMOutputToStderr)
            # the worker's thread goes before the others, which only root may say
            ((EUID != 0)) || flags+=(-XX:ThreadPriorityPolicy=1)
            ;;
        *)
            # short commands: start quickly, on one thread, without compiling for a long life
            flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1)
            ;;
    esac
    # SLUICE_JAVA_OPTS is split into words on purpose
    # shellcheck disable=SC2086
    exec "$java" "@$options" "${flags[@]}" ${SLUICE_JAVA_OPTS:-} -cp "$classes" org.sluice.mgmt.Sluice "$@"
}
