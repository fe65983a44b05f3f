package org.sluice.helpers.sip;

import java.net.Inet4Address;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;

/** NAT half of the SIP helper: a host, a port, or both with a colon between them. */
public final class SipNat implements NatHelper {

    @Override
    public String name() {
        return "sip";
    }

    @Override
    public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
        if (!(seen.address() instanceof Inet4Address)) {
            return -1;
        }
        String host = seen.address().getHostAddress();
        return out.putStringWithoutLengthAscii(offset, switch ((SipForm) mention.form()) {
            case HOST -> host;
            case PORT -> Integer.toString(seen.port());
            case HOST_AND_PORT -> host + ":" + seen.port();
        });
    }
}
