package org.sluice.helpers.sip;

import java.net.InetAddress;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;

/**
 * Addresses in start line and header fields. In all that a translated host says, its own address becomes the one it is seen under; in
 * all that is said to it, the endpoint it is seen under becomes its own again, so that it knows its Via, Contact and dialogs.
 */
final class SipHosts {
    private static final int DEFAULT_PORT = 5060;
    private static final Set<String> WITH_ADDRESSES = Set.of("via", "contact", "record-route", "route", "from", "to",
            "path", "service-route", "refer-to", "referred-by", "p-asserted-identity", "p-preferred-identity");
    private static final String IPV4 = "(?<![\\w.\\[-])(?<!(?<!sips?):)(\\d{1,3}(?:\\.\\d{1,3}){3})(?![\\w.-])";
    private static final String IPV6 = "\\[([0-9A-Fa-f:.]{2,45})\\]";
    private static final String BARE_IPV6 = "(?<=received=)([0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,43})(?![\\w.])";
    /** Not within a name or another address: neither "a10.0.0.1" nor "10.0.0.1.example" nor "::10.0.0.1", but "sip:10.0.0.1". */
    private static final Pattern HOST = Pattern
            .compile("(?i)(?:" + IPV4 + "|" + IPV6 + "|" + BARE_IPV6 + ")(?::(\\d{1,5})(?!\\d))?");
    private static final Pattern RPORT = Pattern.compile("(?i);\\s*rport\\s*=\\s*(\\d{1,5})(?![\\d.])");
    private static final Pattern ASKS_FOR_RPORT = Pattern.compile("(?i);\\s*rport\\b");

    private final Control control;
    private final SipRegistrations registrations;

    /** @param registrations open what the other side is going to call */
    SipHosts(Control control, SipRegistrations registrations) {
        this.control = control;
        this.registrations = registrations;
    }

    /** One message from one side. */
    private record Said(SipMessage message, Direction from) {}

    /**
     * An address that was found.
     *
     * @param endpoint with the port that is meant if none is written
     * @param isPortWritten whether it is
     * @param isParameter whether it is a value such as that of {@code received=}, which is a host alone
     * @param isOfListener whether it can only be the listener's own, in an answer to it
     * @param isCalledBack whether the other side is going to send to what stands there (RFC 3261 sections 8.1.1.7, 8.1.1.8)
     */
    private record Found(Endpoint endpoint, int start, int end, boolean isBare, boolean isPortWritten,
            boolean isParameter, boolean isOfListener, boolean isCalledBack) {}

    void rewrite(SipMessage message, Direction from) {
        Said said = new Said(message, from);
        rewrite(said, 0, message.startLineEnd(), false, false);
        boolean isAnswer = message.status() > 0;
        for (SipMessage.Field field : message.fields()) {
            if (WITH_ADDRESSES.contains(field.name())) {
                boolean isOfListener = isAnswer && (field.name().equals("via") || field.name().equals("from"));
                rewrite(said, field.start(), field.end(), isOfListener, isCalledBack(message, field));
            }
            if (field.name().equals("via")) {
                restoreRport(said, field);
            }
        }
    }

    private boolean isCalledBack(SipMessage message, SipMessage.Field field) {
        return field.name().equals("contact") || field.name().equals("via") && message.status() == 0
                && !message.find(ASKS_FOR_RPORT, field.start(), field.end()).find();
    }

    private void rewrite(Said said, int start, int end, boolean isOfListener, boolean isCalledBack) {
        Matcher found = said.message.find(HOST, start, end);
        while (found.find()) {
            boolean isBare = found.group(3) != null;
            String literal = isBare ? found.group(3) : found.group(1) != null ? found.group(1) : found.group(2);
            InetAddress address = SipMessage.address(literal);
            boolean isPortWritten = !isBare && found.group(4) != null;
            int port = isPortWritten ? Integer.parseInt(found.group(4)) : DEFAULT_PORT;
            if (address != null && port > 0 && port <= 0xFFFF) {
                boolean isParameter = found.start() > 0 && said.message.text().charAt(found.start() - 1) == '=';
                rewrite(said, new Found(new Endpoint(address, port), found.start(), found.end(), isBare, isPortWritten,
                        isParameter, isOfListener, isCalledBack));
            }
        }
    }

    private void rewrite(Said said, Found found) {
        Endpoint own = control.endpointOf(said.from);
        Endpoint seen = control.seenEndpointOf(said.from);
        if (found.endpoint.address().equals(own.address())) {
            if (!own.equals(seen)) {
                rewriteOwn(said, found, own, seen);
            }
            return;
        }
        Direction listener = said.from.opposite();
        Endpoint theirs = control.seenEndpointOf(listener);
        if (found.endpoint.address().equals(theirs.address()) && !theirs.equals(control.endpointOf(listener))) {
            restore(said, found, theirs);
        }
    }

    /** The speaker names itself. Where it is called back, a port that is not the one it speaks from is expected. */
    private void rewriteOwn(Said said, Found found, Endpoint own, Endpoint seen) {
        int port = found.endpoint.port();
        if (port == own.port() && !found.isParameter) {
            write(said, found, seen);
            return;
        }
        Endpoint opened = found.isCalledBack && !found.isParameter
                ? registrations.open(said.from, found.endpoint)
                : null;
        write(said, found, opened != null ? opened : new Endpoint(seen.address(), port));
    }

    /**
     * The speaker names an endpoint of the address that the listener is seen under. It is the listener's if the port says so; others
     * may be seen under the same address.
     */
    private void restore(Said said, Found found, Endpoint theirs) {
        Endpoint own = control.endpointOf(said.from.opposite());
        int port = found.endpoint.port();
        int opened = control.ownPort(said.from.opposite(), control.transport(), port);
        if (found.isParameter) {
            if (found.isOfListener) {
                write(said, found, new Endpoint(own.address(), port));
            }
        } else if (port == theirs.port()) {
            write(said, found, own);
        } else if (opened >= 0 || found.isOfListener) {
            write(said, found, new Endpoint(own.address(), opened >= 0 ? opened : port));
        }
    }

    private void write(Said said, Found found, Endpoint right) {
        boolean withPort = !found.isParameter && (found.isPortWritten || right.port() != DEFAULT_PORT);
        SipForm form = found.isBare ? SipForm.ADDRESS : withPort ? SipForm.HOST_AND_PORT : SipForm.HOST;
        control.rewrite(said.message.mention(found.start, found.end, form, found.endpoint), right);
    }

    /** In the answer a listener reads the port it was seen under (RFC 3581). */
    private void restoreRport(Said said, SipMessage.Field via) {
        Endpoint own = control.endpointOf(said.from.opposite());
        Endpoint seen = control.seenEndpointOf(said.from.opposite());
        Matcher found = said.message.find(RPORT, via.start(), via.end());
        while (said.message.status() > 0 && own.port() != seen.port() && found.find()) {
            if (Integer.parseInt(found.group(1)) == seen.port()) {
                control.rewrite(said.message.mention(found.start(1), found.end(1), SipForm.PORT, seen), own);
            }
        }
    }
}
