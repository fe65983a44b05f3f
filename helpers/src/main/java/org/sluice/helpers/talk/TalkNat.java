package org.sluice.helpers.talk;

import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;

/** NAT half of the talk helper: port and address in the place of those that stand there. */
public final class TalkNat implements NatHelper {

    @Override
    public String name() {
        return "talk";
    }

    @Override
    public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
        return TalkAddress.write(seen, out, offset);
    }
}
