package org.sluice.helpers.irc;

import java.net.Inet4Address;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;

/** NAT half of the IRC helper: address and port in the notation of the offer, or the port alone. */
public final class IrcNat implements NatHelper {

    @Override
    public String name() {
        return "irc";
    }

    @Override
    public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
        if (mention.form() == DccForm.PORT) {
            return out.putIntAscii(offset, seen.port());
        }
        boolean decimal = mention.form() == DccForm.DECIMAL && seen.address() instanceof Inet4Address;
        String address = decimal ? DccAddress.decimal(seen.address()) : seen.address().getHostAddress();
        return out.putStringWithoutLengthAscii(offset, address + " " + seen.port());
    }
}
