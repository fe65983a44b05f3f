# shellcheck shell=bash
# To be sourced: a virtual machine that boots a disk, and three hosts in network namespaces, each on one of its cards: the manager, a
# client inside, a server outside. Needs $work, $TAG (9 letters at most) and fail. The machine's serial console is in $work/console.

readonly HOSTS=(admin client server)
declare -A ADDRESSES=([admin]=10.99.0.1 [client]=192.168.77.10 [server]=198.51.100.1)
readonly MEMORY_MIB=1536 DISK_SIZE=6G FIRST_SIGN_SECONDS=60
machine=''

# on HOST COMMAND...
on() {
    local host=$1
    shift
    ip netns exec "$TAG$host" "$@"
}

# The machine opens a TAP device for each card, and this script moves that to the host of the same name.
make_hosts() {
    local host
    for host in "${HOSTS[@]}"; do
        ip netns add "$TAG$host"
        ip -n "$TAG$host" link set lo up
    done
    {
        printf '#!/bin/sh\nset -e\nip link set "$1" netns "$1"\nip -n "$1" link set "$1" name eth0 up\ncase $1 in\n'
        for host in "${HOSTS[@]}"; do
            printf '    %s) ip -n "$1" address add %s/24 dev eth0 ;;\n' "$TAG$host" "${ADDRESSES[$host]}"
        done
        printf 'esac\nip -n "$1" route add default via 192.168.77.1 2>/dev/null || true\n'
    } >"$work/plug"
    chmod 755 "$work/plug"
}

# With all that runs on them.
remove_hosts() {
    local host process
    for host in "${HOSTS[@]}"; do
        for process in $(ip netns pids "$TAG$host" 2>/dev/null); do
            kill -9 "$process" 2>/dev/null || true
        done
        ip netns del "$TAG$host" 2>/dev/null || true
    done
}

# start_machine IMAGE KEY FIRMWARE: from a copy of the image's disk, which is left as it is. With the machine's own virtualization where
# that carries a whole PC, or else by emulation, which is some ten times slower. KEY is a file with a public key, for root.
start_machine() {
    accelerator=kvm
    if [[ -w /dev/kvm ]]; then
        launch "$@"
        ! gives_first_sign || return 0
        stop_machine
    fi
    accelerator=tcg
    say "no KVM here that boots a PC: the machine is emulated, which takes a good deal longer"
    launch "$@"
    gives_first_sign || fail "the machine does not boot"
}

# One processor where it is emulated: with more, QEMU 7.2 now and then runs machine code of a JIT compiler that has just been changed.
launch() {
    local image=$1 key=$2 firmware=$3 processors=2 model=host options=() host
    if [[ $accelerator == tcg ]]; then
        processors=1 model=max
    fi
    if [[ $firmware == uefi ]]; then
        cp /usr/share/OVMF/OVMF_VARS_4M.fd "$work/variables"
        options+=(-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd
            -drive "if=pflash,format=raw,file=$work/variables")
    fi
    for host in "${HOSTS[@]}"; do
        options+=(-netdev "tap,id=$host,ifname=$TAG$host,script=$work/plug,downscript=no" -device "virtio-net-pci,netdev=$host")
    done
    qemu-img create -q -f qcow2 -F qcow2 -b "$(readlink -f "$image")" "$work/disk" "$DISK_SIZE"
    : >"$work/console"
    qemu-system-x86_64 -machine q35 -accel "$accelerator" -cpu "$model" -smp "$processors" -m "$MEMORY_MIB" \
        -display none -nodefaults -serial "file:$work/console" -drive "file=$work/disk,if=virtio" -device virtio-rng-pci \
        -smbios "type=11,value=io.systemd.credential.binary:ssh.authorized_keys.root=$(base64 -w 0 "$key")" \
        "${options[@]}" </dev/null >"$work/machine.log" 2>&1 &
    machine=$!
    # or the shell would have its say when the machine is killed, or QEMU gives up
    disown "$machine"
}

# The kernel's first line.
gives_first_sign() {
    local end=$((SECONDS + FIRST_SIGN_SECONDS))
    until grep -q 'Linux version' "$work/console"; do
        is_running && ((SECONDS < end)) && ! grep -q 'KVM internal error' "$work/machine.log" || return 1
        sleep 0.2
    done
}

is_running() { kill -0 "$machine" 2>/dev/null; }

stop_machine() {
    [[ $machine ]] || return 0
    kill -9 "$machine" 2>/dev/null || true
    while is_running; do sleep 0.1; done
    machine=''
}
