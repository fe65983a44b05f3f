# shellcheck shell=bash
# To be sourced: makes a disk out of a directory, in a file and without loop devices. Two partitions: a small FAT one with the kernel
# and the two boot loaders, syslinux for BIOS and systemd-boot for UEFI, and the root file system, which grows on its first boot.
# Times are SOURCE_DATE_EPOCH; all that is usually drawn by lot is fixed here.

readonly MIB=1048576 DISK_MIB=3072 BOOT_AT_MIB=1 BOOT_MIB=256
readonly ROOT_AT_MIB=$((BOOT_AT_MIB + BOOT_MIB)) ROOT_MIB=$((DISK_MIB - BOOT_AT_MIB - BOOT_MIB - 1))
# the same in fstab, syslinux.cfg and sluice.conf
readonly ROOT_UUID=5105e000-0000-4000-8000-000000000002

# make_disk FILE ROOT
make_disk() {
    truncate -s "${DISK_MIB}M" "$1"
    partition "$1"
    make_boot_file_system "$1" "$2"
    make_root_file_system "$1" "$2"
}

# A BIOS starts the partition with this attribute (gptmbr.bin), UEFI the one of this type.
partition() {
    sfdisk --quiet "$1" <<END
label: gpt
label-id: 5105E000-0000-4000-8000-000000000000
start=${BOOT_AT_MIB}MiB, size=${BOOT_MIB}MiB, type=uefi, uuid=5105E000-0000-4000-8000-000000000001, name=boot, attrs=LegacyBIOSBootable
start=${ROOT_AT_MIB}MiB, size=${ROOT_MIB}MiB, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, uuid=$ROOT_UUID, name=root
END
    dd if=/usr/lib/syslinux/mbr/gptmbr.bin of="$1" bs=440 count=1 conv=notrunc status=none
}

make_boot_file_system() {
    local disk=$1 root=$2 offset=$((BOOT_AT_MIB * MIB)) files=$work/boot
    mkdir -p "$files/EFI/BOOT"
    cp -R "$home/packaging/image/boot/." "$files"
    cp "$root"/boot/vmlinuz-* "$files/vmlinuz"
    cp "$root"/boot/initrd.img-* "$files/initrd.img"
    cp "$root/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$files/EFI/BOOT/BOOTX64.EFI"
    find "$files" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
    # -H: BIOS boot code counts from the disk's first sector
    mformat -i "$disk@@$offset" -F -T $((BOOT_MIB * 2048)) -h 64 -s 32 -H $((BOOT_AT_MIB * 2048)) -N 5105e001 -v BOOT ::
    syslinux --install --offset "$offset" "$disk"
    (cd "$files" && mcopy -i "$disk@@$offset" -s -m -Q ./* ::)
}

# mke2fs takes files in the order of their names, but their times of access and change from the building machine.
make_root_file_system() {
    local disk=$1 root=$2 offset=$((ROOT_AT_MIB * MIB)) total free
    export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH
    mke2fs -q -F -t ext4 -L sluice -U "$ROOT_UUID" -d "$root" \
        -E "offset=$offset,hash_seed=$ROOT_UUID,lazy_itable_init=0,lazy_journal_init=0" "$disk" "${ROOT_MIB}M"
    read -r total free < <(debugfs -R stats "$disk?offset=$offset" 2>/dev/null \
        | awk -F ': *' '/^Inode count/ { total = $2 } /^Free inodes/ { free = $2 } END { print total, free }')
    # 2 is the root directory, and 11 the first one that is not reserved; they are given out one after the other
    for inode in 2 $(seq 11 $((total - free))); do
        printf 'sif <%d> atime @%d\nsif <%d> ctime @%d\n' "$inode" "$SOURCE_DATE_EPOCH" "$inode" "$SOURCE_DATE_EPOCH"
        printf 'sif <%d> atime_extra 0\nsif <%d> ctime_extra 0\n' "$inode" "$inode"
    done >"$work/times"
    debugfs -w -f "$work/times" "$disk?offset=$offset" >"$work/times.log" 2>&1 || fail "no times could be set:" "$(tail -n 5 "$work/times.log")"
    e2fsck -f -n "$disk?offset=$offset" >"$work/fsck.log" 2>&1 || fail "the root file system is damaged:" "$(cat "$work/fsck.log")"
}
