package org.sluice.helpers.h323;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;

/** NAT half of the H.323 helper: the bytes of the address and behind them the port, as many as before. */
public final class H323Nat implements NatHelper {

    @Override
    public String name() {
        return "h323";
    }

    @Override
    public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
        byte[] address = seen.address().getAddress();
        if (address.length + Short.BYTES != mention.length()) {
            return -1;
        }
        out.putBytes(offset, address);
        out.putShort(offset + address.length, (short) seen.port(), BIG_ENDIAN);
        return mention.length();
    }
}
