package org.sluice.helpers.icq;

import java.net.InetAddress;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.helpers.icq.Tlvs.Value;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * The server that checks the password sends the client on to another service, as text: {@code 10.77.0.2:5190}. Where that is the
 * server's own host, behind the gateway, the client has to be told what it can reach; another port of it is read as well.
 */
final class Redirect {
    private static final int PLACE = 0x05;
    private static final int MAX_TEXT = 21;
    private static final Pattern TEXT = Pattern.compile("((?:\\d{1,3}\\.){3}\\d{1,3})(?::(\\d{1,5}))?");
    private static final Group GROUP = new Group("redirect", Duration.ofMinutes(1));

    private final Control control;

    Redirect(Control control) {
        this.control = control;
    }

    /** @param at where the frame begins, from the start of the bytes shown */
    void onTlvs(Tlvs tlvs, int shown, int at) {
        Value value = tlvs.find(PLACE);
        if (value == null || value.length() > MAX_TEXT) {
            return;
        }
        Matcher text = TEXT.matcher(tlvs.buffer().getStringWithoutLengthAscii(value.offset(), value.length()));
        Endpoint own = text.matches() ? endpoint(text) : null;
        if (own == null || !own.address().equals(control.endpointOf(Direction.REPLY).address())) {
            return;
        }
        Endpoint seen = own.equals(control.endpointOf(Direction.REPLY))
                ? control.seenEndpointOf(Direction.REPLY)
                : control.expectControl(Direction.REPLY, Peer.OTHER_SIDE, Transport.TCP, own, GROUP, IcqSession::new);
        if (seen == null || seen.equals(own)) {
            return;
        }
        boolean withPort = text.group(2) != null || seen.port() != own.port();
        String told = IcqNat.text(seen, withPort);
        int growth = told.length() - value.length();
        if (growth != 0) {
            int length = Flap.length(tlvs.buffer(), shown + at) - Flap.HEADER_LENGTH + growth;
            control.rewrite(new Mention(at + Flap.LENGTH, 2, new IcqForm.Length(length), own), seen);
        }
        control.rewrite(
                new Mention(value.offset() - 2 - shown, 2 + value.length(), new IcqForm.Text(withPort), own), seen);
    }

    /** @return null when a number is out of range; without a port, the one that this connection goes to. */
    private Endpoint endpoint(Matcher text) {
        try {
            int port = text.group(2) == null
                    ? control.endpointOf(Direction.REPLY).port()
                    : Integer.parseInt(text.group(2));
            return new Endpoint(InetAddress.ofLiteral(text.group(1)), port);
        } catch (IllegalArgumentException e) {
            control.count("not_understood");
            return null;
        }
    }
}
