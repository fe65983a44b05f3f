package org.sluice.helpers.pptp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;

/** NAT half of the PPTP helper: a call ID is two bytes, and no address stands beside it. */
public final class PptpNat implements NatHelper {

    @Override
    public String name() {
        return "pptp";
    }

    @Override
    public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
        out.putShort(offset, (short) seen.port(), BIG_ENDIAN);
        return Short.BYTES;
    }
}
