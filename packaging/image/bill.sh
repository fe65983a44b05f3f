# shellcheck shell=bash
# To be sourced: says what is in the directory of a Debian with Sluice in it, and under which licences.

# bill_of_materials ROOT NAME: CycloneDX, of Debian's packages and of what Sluice's own package holds.
bill_of_materials() {
    # shellcheck disable=SC2016
    local filter='
        def component($release): split("\t") | {
            type: "library", name: .[0], version: .[1],
            purl: "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])&distro=debian-\($release)",
            licenses: (.[3] | split("|") | map({license: {name: .}}))} | ."bom-ref" = .purl;
        $sluice[0] as $own
        | [inputs | component($release) | select(.name != "sluice")] as $debian
        | {
            bomFormat: "CycloneDX", specVersion: $own.specVersion, version: 1,
            metadata: {timestamp: $created, component: {type: "operating-system", "bom-ref": $name, name: "sluice-image", version: $version}},
            components: ($debian + [$own.metadata.component] + $own.components),
            dependencies: ([{ref: $name, dependsOn: ([$own.metadata.component."bom-ref"] + ($debian | map(."bom-ref")))}] + $own.dependencies)}'
    debian_packages "$1" | jq -n -R --arg name "$2" --arg version "$(cut -d _ -f 2 <<<"$2")" \
        --arg created "$(date +%Y-%m-%dT%H:%M:%SZ --date="@$SOURCE_DATE_EPOCH")" --arg release "$(cut -d . -f 1 "$1/etc/debian_version")" \
        --slurpfile sluice "$1/usr/share/doc/sluice/bom.json" "$filter"
}

# licenses ROOT: a package a line; the texts are in the image, as /usr/share/doc/PACKAGE/copyright.
licenses() {
    debian_packages "$1" | awk -F '\t' '{ gsub(/\|/, ", ", $4); printf "%s %s: %s\n", $1, $2, $4 }'
    printf '\nWhat is in the package sluice:\n'
    sed -n 's/^  //p' "$1/usr/share/doc/sluice/copyright"
}

# Name, version, architecture, and the licences by the names that Debian gives them, with | between.
debian_packages() {
    local name version architecture
    dpkg-query --admindir="$1/var/lib/dpkg" -W -f '${Package}\t${Version}\t${Architecture}\n' | sort \
        | while IFS=$'\t' read -r name version architecture; do
            printf '%s\t%s\t%s\t%s\n' "$name" "$version" "$architecture" "$(names_of_licenses "$1/usr/share/doc/$name/copyright")"
        done
}

# Older packages tell in prose.
names_of_licenses() {
    local names
    names=$(sed -nE 's/^License:[[:space:]]*([^[:space:]].*)$/\1/p' "$1" | sort -u | paste -s -d '|')
    printf '%s' "${names:-as told in its copyright file}"
}
