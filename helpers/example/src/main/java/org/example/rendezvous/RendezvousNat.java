package org.example.rendezvous;

import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;

/** NAT half: writes it anew. */
public final class RendezvousNat implements NatHelper {

    @Override
    public String name() {
        return "rendezvous";
    }

    @Override
    public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
        return out.putStringWithoutLengthAscii(offset, seen.address().getHostAddress() + " " + seen.port());
    }
}
