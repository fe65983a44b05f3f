package org.sluice.fastpath.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Network namespaces and veth pairs for one test, with names that no other run has. What it made it deletes, the latest
 * first. A command that fails or isn't installed fails the test with its output.
 */
final class NetworkRig implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long COMMAND_SECONDS = 60;
    private static final long AWAIT_SECONDS = 20;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final String suffix = Long.toString(ProcessHandle.current().pid() % 1_000_000, 36) + "x"
            + NUMBER.incrementAndGet();
    private final Deque<List<String>> undo = new ArrayDeque<>();

    /** @return the name of a device or namespace, unique on this machine and at most 15 bytes long. */
    String name(String role) {
        return "sl" + role + suffix;
    }

    void addNamespace(String role) {
        run("ip", "netns", "add", name(role));
        undo.push(List.of("ip", "netns", "del", name(role)));
        in(role, "ip", "link", "set", "lo", "up");
    }

    /** A veth pair whose ends are both here. */
    void addPair(String one, String other) {
        run("ip", "link", "add", name(one), "type", "veth", "peer", "name", name(other));
        undo.push(List.of("ip", "link", "del", name(one)));
    }

    /** A veth pair with one end here, up, and the other one in a namespace, called e0, with an address, up. */
    void addPairInto(String device, String namespace, String address) {
        run("ip", "link", "add", name(device), "type", "veth", "peer", "name", "e0", "netns", name(namespace));
        undo.push(List.of("ip", "link", "del", name(device)));
        in(namespace, "ip", "address", "add", address, "dev", "e0");
        in(namespace, "ip", "link", "set", "e0", "up");
        run("ip", "link", "set", name(device), "up");
    }

    /** @return what it printed. */
    String in(String namespace, String... command) {
        return run(prefixed(namespace, command));
    }

    /** @return a process, ended by {@link #close} if not before. */
    Process startIn(String namespace, String... command) {
        try {
            Process process = new ProcessBuilder(prefixed(namespace, command)).redirectErrorStream(true).start();
            undo.push(List.of("kill", Long.toString(process.pid())));
            return process;
        } catch (IOException e) {
            throw new AssertionError("can't run " + List.of(command), e);
        }
    }

    private String[] prefixed(String namespace, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name(namespace)));
        all.addAll(List.of(command));
        return all.toArray(String[]::new);
    }

    /** @return what it printed. */
    String run(String... command) {
        StringBuilder output = new StringBuilder();
        int status = tryRun(output, command);
        assertThat(status).withFailMessage(
                () -> "%s ended with %d: %s(these tests need root and the Debian packages iproute2, iputils-ping, ethtool)"
                        .formatted(String.join(" ", command), status, output))
                .isZero();
        return output.toString();
    }

    /** @return its exit status, 127 when it isn't installed. */
    int tryRun(StringBuilder output, String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return 124;
            }
            return process.exitValue();
        } catch (IOException e) {
            output.append(e.getMessage()).append('\n');
            return 127;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** @return whether an echo request to the address is answered within a second. */
    boolean pings(String namespace, String address) {
        StringBuilder output = new StringBuilder();
        int status = tryRun(output, prefixed(namespace, "ping", "-n", "-c", "1", "-W", "1", address));
        assertThat(status).withFailMessage(() -> "ping can't run: " + output).isLessThan(2);
        return status == 0;
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(AWAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).withFailMessage(() -> "not within 20 s: " + what).isNegative();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            tryRun(new StringBuilder(), undo.pop().toArray(String[]::new));
        }
    }
}
