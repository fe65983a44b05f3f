package org.sluice.helpers.sip;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.Peer;

/**
 * Where the phones of one flow want to be called. For as long as a registrar remembers them (RFC 3261 section 10), their ports stay
 * their own, and calls from it are let in.
 */
final class SipRegistrations {
    private static final String NAME = "contact";
    private static final int DEFAULT_SECONDS = 3_600;
    private static final int MAX_SECONDS = 86_400;
    private static final int MAX_REGISTRATIONS = 64;
    private static final Pattern EXPIRES = Pattern.compile("(?i);\\s*expires\\s*=\\s*(\\d{1,9})(?!\\d)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final Control control;
    /** Seconds by Call-ID; 0 as long as the registrar has not answered. */
    private final Map<String, Integer> registrations = new HashMap<>();
    /** Ports that were named, beside the one that is spoken from. */
    private final Set<Integer> ports = new HashSet<>();

    SipRegistrations(Control control) {
        this.control = control;
    }

    /** A phone names a port that it is called at. @return the endpoint that the other side has to be told, or null */
    Endpoint open(Direction phone, Endpoint to) {
        Endpoint seen = control.expect(phone, Peer.OTHER_SIDE, control.transport(), to, group());
        if (seen != null && ports.size() < MAX_REGISTRATIONS) {
            ports.add(to.port());
        }
        return seen;
    }

    private Group group() {
        int longest = registrations.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return new Group(NAME, Duration.ofSeconds(Math.max(longest, DEFAULT_SECONDS)));
    }

    void ask(String callId) {
        if (registrations.size() < MAX_REGISTRATIONS) {
            registrations.putIfAbsent(callId, 0);
        }
    }

    /** The registrar says yes. */
    void accept(SipMessage answer, Direction registrar, String callId) {
        if (!registrations.containsKey(callId)) {
            return;
        }
        int seconds = seconds(answer);
        if (seconds > 0) {
            registrations.put(callId, seconds);
            Direction phone = registrar.opposite();
            Endpoint own = control.endpointOf(phone);
            open(phone, own);
            Set.copyOf(ports).forEach(port -> open(phone, new Endpoint(own.address(), port)));
            return;
        }
        registrations.remove(callId);
        if (registrations.isEmpty()) {
            ports.clear();
            control.endExpectations(NAME);
        }
    }

    /** @return how long the longest registration lasts; none is left when no contact is listed. */
    private static int seconds(SipMessage answer) {
        int longest = -1;
        boolean isBound = false;
        for (SipMessage.Field field : answer.fields()) {
            Matcher expires = answer.find(EXPIRES, field.start(), field.end());
            isBound |= field.name().equals("contact");
            while (field.name().equals("contact") && expires.find()) {
                longest = Math.max(longest, Integer.parseInt(expires.group(1)));
            }
        }
        Matcher ofAll = NUMBER.matcher(answer.value("expires"));
        int byHeader = ofAll.matches() ? Integer.parseInt(ofAll.group()) : DEFAULT_SECONDS;
        return isBound ? Math.min(longest >= 0 ? longest : byHeader, MAX_SECONDS) : 0;
    }
}
