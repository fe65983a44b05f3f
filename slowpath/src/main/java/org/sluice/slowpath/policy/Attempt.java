package org.sluice.slowpath.policy;

import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.PolicySettings.State;

/**
 * A flow that wants to begin.
 *
 * @param from zone it comes from
 * @param to zone it goes to, or {@link org.sluice.slowpath.settings.PolicySettings#SELF}
 * @param source before translation
 * @param destination after translation
 * @param protocol IP protocol number
 * @param port of the destination after translation; 0 when the protocol has none
 * @param state whether a helper has announced it
 */
public record Attempt(String from, String to, IpAddress source, IpAddress destination, int protocol, int port,
        State state) {}
