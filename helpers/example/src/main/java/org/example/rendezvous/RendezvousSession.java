package org.example.rendezvous;

import java.net.InetAddress;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.text.Line;
import org.sluice.helpers.text.LineSession;

/** One control connection, in which the client may say {@code MEET address port}. */
final class RendezvousSession extends LineSession {
    private final Control control;

    RendezvousSession(Control control) {
        super(200);
        this.control = control;
    }

    @Override
    protected boolean mayMatter(Direction from, Line beginning) {
        return from == Direction.ORIGINAL && beginning.couldBeWordAt(0, "MEET ");
    }

    @Override
    protected void onLine(Direction from, Line line) {
        if (from != Direction.ORIGINAL || !line.isWordAt(0, "MEET ") || !isWritable()) {
            return;
        }
        int blank = line.indexOf(' ', 5);
        long port = blank < 0 ? -1 : line.number(blank + 1, line.length(), 0xFFFF);
        if (port < 0) {
            control.count("not_understood");
            return;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(line.text(5, blank));
            control.expect(Direction.ORIGINAL, Peer.OTHER_SIDE, Transport.TCP,
                    mention(5, line.length(), "", new Endpoint(address, (int) port)));
        } catch (IllegalArgumentException e) {
            control.count("not_understood");
        }
    }
}
