package org.sluice.helpers.icq;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.time.Duration;
import org.sluice.helpers.icq.Tlvs.Value;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Group;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;

/**
 * Where a client of ICQ listens for direct connections of other users, for as long as it is online: address and port, four bytes
 * each, at the beginning of one value. Port 0, or one that is not the host's, says that it does not.
 */
final class Advertisement {
    private static final int DIRECT_CONNECTION = 0x0C;
    private static final int PORT = 4;
    private static final int LENGTH = 8;
    private static final Group GROUP = new Group("direct connections", Duration.ofDays(1));

    private final Control control;
    private int port;

    Advertisement(Control control) {
        this.control = control;
    }

    void onTlvs(Tlvs tlvs, int shown) {
        Value value = tlvs.find(DIRECT_CONNECTION);
        if (value == null) {
            return;
        }
        if (value.length() < LENGTH) {
            control.count("not_understood");
            return;
        }
        int announced = tlvs.buffer().getInt(value.offset() + PORT, BIG_ENDIAN);
        if (announced != port) {
            control.endExpectations(GROUP.name());
            port = 0;
        }
        if (announced <= 0 || announced > 0xFFFF) {
            return;
        }
        Endpoint own = new Endpoint(Rendezvous.address(tlvs.buffer(), value.offset(), false), announced);
        Endpoint seen = control.expect(Direction.ORIGINAL, Peer.ANYONE, Transport.TCP, own, GROUP);
        if (seen != null) {
            port = announced;
            if (!seen.equals(own)) {
                int at = value.offset() - shown;
                control.rewrite(new Mention(at, PORT, IcqForm.ADDRESS, own), seen);
                control.rewrite(new Mention(at + PORT, PORT, IcqForm.LONG_PORT, own), seen);
            }
        }
    }
}
