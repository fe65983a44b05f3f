# shellcheck shell=bash
# To be sourced by what starts Sluice, from a checkout and installed: the flags of the JVM for each kind of command.

# heap_mib: how large Java's heap may become: a quarter of the memory, and no less than a GiB. ZGC collects its first three times at a tenth, two
# and three of that, so that with a small heap a start that brings many flows back does little else.
heap_mib() {
    local memory limit
    memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
    # of a container
    limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null) || limit=max
    [[ $limit == max ]] || ((limit / 1048576 >= memory)) || memory=$((limit / 1048576))
    printf '%d\n' $((memory / 4 > 1024 ? memory / 4 : 1024))
}

# share_classes FILE: adds to the flags that the classes come from FILE, in which they are as they lay in memory; with it a start takes two
# thirds of the processor's time. A gateway that had none makes it when it is stopped (ClassArchive). It is trusted like a program, so only
# one's own will do.
share_classes() {
    if [[ -O $1 ]]; then
        flags+=("-XX:SharedArchiveFile=$1")
    elif [[ ! -e $1 && -O ${1%/*} && -w ${1%/*} ]]; then
        flags+=(-XX:+RecordDynamicDumpInfo "-Dsluice.archive=$1")
    fi
    # one that is of no use after all is passed over without a word
    flags+=('-Xlog:cds*=off' '-Xlog:aot*=off')
}

# archive_of LIBRARIES: the name of the file for share_classes, of the classes in a folder that is another, or has another time, with each version.
archive_of() {
    printf 'classes-%s.jsa\n' "$(stat -c %Y "$1")"
}

# start_sluice JAVA OPTIONS CLASSPATH ARCHIVE ARGUMENTS...: becomes the Java process, so that signals and the exit status are Java's own.
# OPTIONS is the file with the flags that every command needs; compiler.json is beside it. ARCHIVE is the file for share_classes, which has
# another name with each version (archive_of), or empty for none.
start_sluice() {
    local java=$1 options=$2 classes=$3 archive=$4 flags
    shift 4
    case ${1:-} in
        run | lab | gen | bench)
            # ZGC's pauses are under a millisecond: a collection in management does not hold the worker up. What is forwarded was
            # proved to be within its frame once (Ipv4Parser), so the buffers' own checks of every access can go.
            flags=(-XX:+UseZGC -Xms256m "-Xmx$(heap_mib)m" -Dagrona.disable.bounds.checks=true
                -XX:+ExitOnOutOfMemoryError)
            # or else what code that is not yet compiled leaves behind stays until all of the heap is full. Not more often: after each, all
            # code looks again where its objects are, and a new flow that comes before WarmUp has seen to that waits a millisecond
            flags+=(-XX:ZCollectionIntervalMinor=60)
            # what only a start does is not compiled for a long life. The JVM says so itself, and is to say it where the log goes
            flags+=(-XX:+UnlockDiagnosticVMOptions "-XX:CompilerDirectivesFile=$(dirname "$options")/compiler.json"
                -XX:+DisplayVMOutputToStderr)
            # the worker's thread goes before the others, which only root may say (packaging/deb/build says it for the service)
            ((EUID != 0)) || flags+=(-XX:ThreadPriorityPolicy=1)
            # or else the compilers' go before the conductor's
            flags+=(-XX:CompilerThreadPriority=0)
            [[ $1 != run || -z $archive ]] || share_classes "$archive"
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
