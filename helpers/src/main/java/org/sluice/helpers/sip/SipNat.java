package org.sluice.helpers.sip;

import java.net.Inet6Address;
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
        boolean isIpv6 = seen.address() instanceof Inet6Address;
        // IP4 or IP6 stands before an address in a session description, and stays
        if (isIpv6 != mention.endpoint().address() instanceof Inet6Address) {
            return -1;
        }
        String address = seen.address().getHostAddress();
        String host = isIpv6 ? "[" + address + "]" : address;
        return out.putStringWithoutLengthAscii(offset, switch ((SipForm) mention.form()) {
            case HOST -> host;
            case HOST_AND_PORT -> host + ":" + seen.port();
            case ADDRESS -> address;
            case PORT -> Integer.toString(seen.port());
        });
    }
}
