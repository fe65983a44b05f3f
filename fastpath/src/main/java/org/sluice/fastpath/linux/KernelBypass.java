package org.sluice.fastpath.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Keeps the kernel's own stack from handling the frames of a device that the gateway owns. Packet sockets see a frame before
 * the ingress hook of traffic control does, so a filter there that drops everything leaves the gateway as the only taker
 * (tc-bpf(8), tc-matchall(8)). IPv6 is switched off on the device, so that the kernel sends no frames of its own.
 *
 * <p>Where traffic control can't do it, settings of the device must: the kernel then answers no ARP request and forwards
 * nothing from it, but still takes packets for its own addresses; {@link #isComplete} tells.
 *
 * <p>What a crashed process left behind is replaced at the next start. Belongs to one thread at a time; starting and closing
 * run commands and take some milliseconds.
 */
public final class KernelBypass implements AutoCloseable {
    /** Precedence of our filter among those of the device; tells it from filters of others. */
    private static final String PRECEDENCE = "7";
    private static final long COMMAND_SECONDS = 10;
    private static final Pattern BATCH_FAILURE = Pattern.compile("(?m)^Command failed -:(\\d+)$");
    /** Exit status of tc when it ran all commands of a batch and some of them failed. */
    private static final int BATCH_FAILED = 1;
    private static final Path SETTINGS = Path.of("/proc/sys/net");

    /** Ways to drop everything; which classifiers there are depends on the kernel's configuration. */
    private static final List<List<String>> DROPS = List.of(
            List.of("bpf", "direct-action", "bytecode", "1,6 0 0 2"), List.of("matchall", "action", "drop"),
            List.of("u32", "match", "u32", "0", "0", "action", "drop"), List.of("flower", "action", "drop"));

    private final String device;
    private final Map<Path, String> changed = new LinkedHashMap<>();
    private boolean ownsHook;
    private String filter;
    private String output = "";
    private int status;
    private String failure = "";

    private KernelBypass(String device) {
        this.device = device;
    }

    /** Starts keeping the kernel out; never fails, see {@link #isComplete}. */
    public static KernelBypass start(String device) {
        KernelBypass bypass = new KernelBypass(device);
        bypass.set("ipv6/conf", "disable_ipv6", "1");
        if (!bypass.addFilter()) {
            bypass.set("ipv4/conf", "forwarding", "0");
            bypass.set("ipv4/conf", "arp_ignore", "8");
        }
        return bypass;
    }

    /** @return whether the kernel handles no frame of the device at all. */
    public boolean isComplete() {
        return filter != null;
    }

    /** @return how it is done, and when it is incomplete, why; for the log. */
    public String description() {
        return filter != null
                ? "tc ingress filter (" + filter + ") on " + device
                : "settings of " + device + " only, because no tc ingress filter could be added: " + failure;
    }

    private boolean addFilter() {
        List<String> hook = List.of("qdisc", "add", "dev", device, "clsact");
        List<String> leftover = List.of("filter", "del", "dev", device, "ingress", "pref", PRECEDENCE);
        // all in one process, because a gateway that was killed is waited for
        Set<Integer> failed = batch(List.of(hook, leftover, add(DROPS.getFirst())));
        ownsHook = !failed.containsAll(Set.of(1, 2));
        if (!failed.contains(3)) {
            filter = DROPS.getFirst().getFirst();
            return true;
        }
        ownsHook |= tc(hook);
        ownsHook |= tc(leftover);
        for (List<String> drop : DROPS) {
            if (tc(add(drop))) {
                filter = drop.getFirst();
                return true;
            }
        }
        removeHook();
        return false;
    }

    private List<String> add(List<String> drop) {
        List<String> command = new ArrayList<>(
                List.of("filter", "add", "dev", device, "ingress", "pref", PRECEDENCE, "protocol", "all"));
        command.addAll(drop);
        return command;
    }

    /** Runs commands of tc one after the other. @return numbers of those that failed, from 1 on; all when it could not be run */
    private Set<Integer> batch(List<List<String>> commands) {
        String lines = commands.stream().map(c -> "\"" + String.join("\" \"", c) + "\"\n")
                .collect(Collectors.joining());
        Set<Integer> failed = new HashSet<>();
        if (!run(List.of("tc", "-force", "-batch", "-"), lines)) {
            BATCH_FAILURE.matcher(output).results().forEach(m -> failed.add(Integer.valueOf(m.group(1))));
            if (failed.isEmpty() || status != BATCH_FAILED) {
                // it did not come to its end
                IntStream.rangeClosed(1, commands.size()).forEach(failed::add);
            }
        }
        return failed;
    }

    /** Filters of others may have come to the hook meanwhile; then it stays. */
    private void removeHook() {
        if (ownsHook && hasNoFilter("ingress") && hasNoFilter("egress")) {
            tc(List.of("qdisc", "del", "dev", device, "clsact"));
        }
        ownsHook = false;
    }

    private boolean hasNoFilter(String direction) {
        return tc(List.of("filter", "show", "dev", device, direction)) && output.isEmpty();
    }

    private boolean tc(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add("tc");
        command.addAll(arguments);
        return run(command, "");
    }

    private boolean run(List<String> command, String input) {
        status = -1;
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                try (OutputStream to = process.getOutputStream()) {
                    to.write(input.getBytes(StandardCharsets.UTF_8));
                }
                output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                    failure = String.join(" ", command) + " did not end";
                    return false;
                }
                status = process.exitValue();
                if (status != 0) {
                    failure = String.join(" ", command) + ": " + output.replace('\n', ' ');
                    return false;
                }
                return true;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            failure = "tc can't be run (Debian package iproute2): " + e.getMessage();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
            return false;
        }
    }

    private void set(String family, String name, String value) {
        Path setting = SETTINGS.resolve(family).resolve(device).resolve(name);
        try {
            String before = Files.readString(setting).strip();
            if (!before.equals(value)) {
                Files.writeString(setting, value);
                changed.put(setting, before);
            }
        } catch (IOException e) {
            failure = "can't write " + setting + ": " + e.getMessage();
        }
    }

    /** Gives the device back to the kernel. A device that is gone is no error. */
    @Override
    public void close() {
        if (filter != null) {
            tc(List.of("filter", "del", "dev", device, "ingress", "pref", PRECEDENCE));
            filter = null;
        }
        removeHook();
        changed.forEach(KernelBypass::restore);
        changed.clear();
    }

    private static void restore(Path setting, String value) {
        try {
            Files.writeString(setting, value);
        } catch (IOException e) {
            // the device was deleted, and its settings with it
        }
    }
}
