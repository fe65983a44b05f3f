package org.sluice.slowpath.helper;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.helpers.spi.Transport;

/** A helper as it was configured: its two halves, the ports it watches, what it has counted. */
public final class ActiveHelper {
    /** A helper that makes up event names must not fill the memory. */
    private static final int MAX_EVENTS = 64;

    private final Helper helper;
    private final NatHelper nat;
    private final HelperSpec spec;
    private final Set<Transport> transports;
    private final List<Integer> ports;
    private final Map<String, String> options;
    private final HelperJar jar;
    private final Map<String, AtomicLong> events;

    /** @param jar it came in, or null */
    ActiveHelper(Helper helper, NatHelper nat, List<Integer> ports, Map<String, String> options, HelperJar jar) {
        this(helper, nat, ports, options, jar, new ConcurrentHashMap<>());
    }

    private ActiveHelper(Helper helper, NatHelper nat, List<Integer> ports, Map<String, String> options, HelperJar jar,
            Map<String, AtomicLong> events) {
        this.jar = jar;
        this.events = events;
        this.helper = helper;
        this.nat = nat;
        spec = helper.spec();
        transports = Set.copyOf(helper.transports());
        this.ports = List.copyOf(ports.isEmpty() ? spec.ports() : ports);
        this.options = Map.copyOf(options);
    }

    /** @return this one with the counters of another. */
    ActiveHelper countingOn(Map<String, AtomicLong> before) {
        return new ActiveHelper(helper, nat, ports, options, jar, before);
    }

    /** @return whether its classes go with it. */
    boolean isFromJar() {
        return jar != null;
    }

    /** @return why it is called no longer, or null. Any thread. */
    public String problem() {
        return jar == null ? null : jar.helper().problem();
    }

    public String name() {
        return spec.name();
    }

    Helper helper() {
        return helper;
    }

    /** @return the same, behind the budget of a helper that has one. */
    Function<Control, HelperSession> fenced(Function<Control, HelperSession> reader) {
        return helper instanceof FencedHelper f ? f.fence(reader) : reader;
    }

    /** @return null when there is no NAT half. */
    public NatHelper nat() {
        return nat;
    }

    public HelperSpec spec() {
        return spec;
    }

    /** @return whether control connections of that transport are its business. */
    boolean reads(Transport transport) {
        return transports.contains(transport);
    }

    /** @return names in lower case, in alphabetical order, with a comma between them. */
    public String transportNames() {
        return transports.stream().map(t -> t.name().toLowerCase(Locale.ROOT)).sorted()
                .collect(Collectors.joining(","));
    }

    public List<Integer> ports() {
        return ports;
    }

    Map<String, String> options() {
        return options;
    }

    void count(String event) {
        AtomicLong counter = events.get(event);
        if (counter == null && events.size() < MAX_EVENTS) {
            counter = events.computeIfAbsent(event, e -> new AtomicLong());
        }
        if (counter != null) {
            counter.incrementAndGet();
        }
    }

    /** Any thread. */
    public Map<String, AtomicLong> events() {
        return events;
    }
}
