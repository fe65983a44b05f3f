package org.sluice.helpers.sip;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.DirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * What two SIP hosts say to each other. In all that a translated host says, its own address becomes the one it is seen under; in all
 * that is said to it, the address it is seen under becomes its own again, so that it knows its Via, Contact and dialogs.
 */
final class SipSession implements HelperSession {
    private static final int DEFAULT_PORT = 5060;
    private static final int MAX_CALLS = 64;
    private static final Set<String> WITH_ADDRESSES = Set.of("via", "contact", "record-route", "route", "from", "to");
    /** Where answers and later requests go to (RFC 3261 sections 8.1.1.7 and 8.1.1.8). */
    private static final Set<String> CALLED_BACK = Set.of("via", "contact");
    /** Not within a name or another address: neither "a10.0.0.1" nor "10.0.0.1.example" nor "::10.0.0.1", but "sip:10.0.0.1". */
    private static final Pattern HOST = Pattern.compile(
            "(?i)(?<![\\w.\\[-])(?<!(?<!sips?):)(\\d{1,3}(?:\\.\\d{1,3}){3})(?![\\w.-])(?::(\\d{1,5})(?!\\d))?");
    private static final Pattern RPORT = Pattern.compile("(?i);\\s*rport\\s*=\\s*(\\d{1,5})(?!\\d)");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,5}");

    private final Control control;
    /** Call-IDs of those whose ports were announced. */
    private final Set<String> calls = new HashSet<>();

    SipSession(Control control) {
        this.control = control;
    }

    @Override
    public int onBytes(Direction from, DirectBuffer datagram, int offset, int length) {
        SipMessage message = SipMessage.read(datagram, offset, length);
        if (message == null) {
            control.count("not_understood");
            return length;
        }
        rewriteHosts(message, from, 0, message.startLineEnd(), false);
        for (SipMessage.Field field : message.fields()) {
            if (WITH_ADDRESSES.contains(field.name())) {
                rewriteHosts(message, from, field.start(), field.end(), CALLED_BACK.contains(field.name()));
            }
            if (field.name().equals("via")) {
                restoreRport(message, from, field);
            }
        }
        if (message.value("content-type").regionMatches(true, 0, "application/sdp", 0, "application/sdp".length())) {
            onSdp(message, from);
        }
        if (message.isRequest("BYE") || message.isRequest("CANCEL")) {
            endCall(message.value("call-id"));
        }
        return length;
    }

    /** @param isCalledBack whether the other side is going to send to what stands there */
    private void rewriteHosts(SipMessage message, Direction from, int start, int end, boolean isCalledBack) {
        Matcher found = message.find(HOST, start, end);
        while (found.find()) {
            InetAddress address = addressOf(found.group(1));
            int port = found.group(2) == null ? DEFAULT_PORT : Integer.parseInt(found.group(2));
            if (address != null && port <= 0xFFFF) {
                boolean isPortWritten = found.group(2) != null;
                Endpoint written = new Endpoint(address, port);
                rewriteOwn(from, written, isPortWritten, isCalledBack, found.start(), found.end());
                // received= names a host alone
                boolean isParameter = found.start() > 0 && message.text().charAt(found.start() - 1) == '=';
                rewriteSeen(from.opposite(), written, isPortWritten, isParameter, found.start(), found.end());
            }
        }
    }

    /** The speaker names itself. Where it is called back, a port that is not the one it speaks from is expected. */
    private void rewriteOwn(Direction speaker, Endpoint written, boolean isPortWritten, boolean isCalledBack, int start,
            int end) {
        Endpoint own = control.endpointOf(speaker);
        Endpoint seen = control.seenEndpointOf(speaker);
        if (own.equals(seen) || !written.address().equals(own.address())) {
            return;
        }
        if (written.port() == own.port()) {
            write(written, seen, isPortWritten || seen.port() != DEFAULT_PORT, start, end);
        } else if (isPortWritten && isCalledBack) {
            control.expect(speaker, Peer.OTHER_SIDE, Transport.UDP,
                    new Mention(start, end - start, SipForm.HOST_AND_PORT, written));
        } else {
            write(written, new Endpoint(seen.address(), written.port()), isPortWritten, start, end);
        }
    }

    /** The speaker names the listener as it sees it. */
    private void rewriteSeen(Direction listener, Endpoint written, boolean isPortWritten, boolean isParameter,
            int start,
            int end) {
        Endpoint own = control.endpointOf(listener);
        Endpoint seen = control.seenEndpointOf(listener);
        if (own.equals(seen) || !written.address().equals(seen.address())) {
            return;
        }
        boolean isSamePort = written.port() == seen.port() && !isParameter;
        Endpoint right = isSamePort ? own : new Endpoint(own.address(), written.port());
        write(written, right, isPortWritten || isSamePort && own.port() != DEFAULT_PORT, start, end);
    }

    private void write(Endpoint written, Endpoint right, boolean withPort, int start, int end) {
        SipForm form = withPort ? SipForm.HOST_AND_PORT : SipForm.HOST;
        control.rewrite(new Mention(start, end - start, form, written), right);
    }

    /** In the answer a listener reads the port it was seen under (RFC 3581). */
    private void restoreRport(SipMessage message, Direction from, SipMessage.Field via) {
        Endpoint own = control.endpointOf(from.opposite());
        Endpoint seen = control.seenEndpointOf(from.opposite());
        Matcher found = message.find(RPORT, via.start(), via.end());
        while (own.port() != seen.port() && found.find()) {
            if (Integer.parseInt(found.group(1)) == seen.port()) {
                control.rewrite(new Mention(found.start(1), found.end(1) - found.start(1), SipForm.PORT, seen), own);
            }
        }
    }

    private void onSdp(SipMessage message, Direction from) {
        String call = message.value("call-id");
        if (new Sdp(control, message, from).expectMedia() && calls.size() < MAX_CALLS) {
            calls.add(call);
        }
        for (SipMessage.Field field : message.fields()) {
            Matcher number = message.find(LENGTH, field.start(), field.end());
            if (field.name().equals("content-length") && number.find()) {
                control.rewriteLength(number.start(), number.end() - number.start(), message.body(),
                        message.text().length() - message.body());
                return;
            }
        }
    }

    /** Where several calls share the two ports, those of the others stay; what is left over expires. */
    private void endCall(String call) {
        if (calls.size() < MAX_CALLS && calls.remove(call) && calls.isEmpty()) {
            control.endExpectations();
        }
    }

    /** @return null when it is none. */
    static InetAddress addressOf(String dotted) {
        try {
            return InetAddress.ofLiteral(dotted);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
