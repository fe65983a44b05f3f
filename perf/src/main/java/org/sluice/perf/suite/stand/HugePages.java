package org.sluice.perf.suite.stand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Huge pages of 2 MiB that are reserved for DPDK as long as this is open; then the machine has as many as before.
 */
final class HugePages implements AutoCloseable {
    private static final Path COUNT = Path.of("/proc/sys/vm/nr_hugepages");
    private static final Path FREE = Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages");

    private final String before;
    private final Thread hook = new Thread(this::restore, "hugepages-cleanup");

    private HugePages(String before) {
        this.before = before;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** @throws IllegalStateException when the machine hasn't that much memory in one piece */
    static HugePages reserve(int pages) throws IOException {
        HugePages reserved = new HugePages(Files.readString(COUNT).strip());
        long free = Long.parseLong(Files.readString(FREE).strip());
        if (free < pages) {
            Files.writeString(COUNT, Long.toString(Long.parseLong(reserved.before) + pages - free));
            if (Long.parseLong(Files.readString(FREE).strip()) < pages) {
                reserved.close();
                throw new IllegalStateException("no memory for " + pages + " huge pages of 2 MiB");
            }
        }
        return reserved;
    }

    private void restore() {
        try {
            Files.writeString(COUNT, before);
        } catch (IOException e) {
            throw new IllegalStateException("can't set " + COUNT + " back to " + before + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        restore();
    }
}
