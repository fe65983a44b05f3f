package org.sluice.slowpath.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Everything that packets are treated by.
 *
 * @param interfaces in the order of the configuration; the position is the port's index
 * @param routes static ones; links are added by themselves
 * @param nat rules, first match decides
 * @param policy zones and rules
 * @param helpers that are active
 * @param capacity of the flow table; both directions of a flow count once
 * @param timeouts those that differ from the default
 * @param tcp how TCP connections may begin
 * @param host what one host may take
 */
public record GatewaySettings(List<InterfaceSettings> interfaces, List<RouteSettings> routes, List<NatSettings> nat,
        PolicySettings policy, List<HelperSettings> helpers, int capacity, Map<Timeout, Duration> timeouts,
        TcpSettings tcp, HostLimits host) {

    /** A host may have the whole table. */
    public GatewaySettings(List<InterfaceSettings> interfaces, List<RouteSettings> routes, List<NatSettings> nat,
            PolicySettings policy, List<HelperSettings> helpers, int capacity, Map<Timeout, Duration> timeouts,
            TcpSettings tcp) {
        this(interfaces, routes, nat, policy, helpers, capacity, timeouts, tcp, HostLimits.NONE);
    }

    /** TCP connections begin as they do by default. */
    public GatewaySettings(List<InterfaceSettings> interfaces, List<RouteSettings> routes, List<NatSettings> nat,
            PolicySettings policy, List<HelperSettings> helpers, int capacity, Map<Timeout, Duration> timeouts) {
        this(interfaces, routes, nat, policy, helpers, capacity, timeouts, TcpSettings.byDefault(capacity));
    }

    /** @return the timeout in nanoseconds. */
    public long timeoutNs(Timeout timeout) {
        return timeouts.getOrDefault(timeout, timeout.byDefault()).toNanos();
    }
}
