package org.sluice.helpers.icq;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;

/** NAT half of the ICQ helper. */
public final class IcqNat implements NatHelper {

    @Override
    public String name() {
        return "icq";
    }

    @Override
    public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
        if (!(seen.address() instanceof Inet4Address)) {
            return -1;
        }
        int address = ByteBuffer.wrap(seen.address().getAddress()).getInt();
        switch (mention.form()) {
            case IcqForm.Length length -> out.putShort(offset, (short) length.value(), BIG_ENDIAN);
            case IcqForm.Text text -> {
                return encode(text(seen, text.withPort()), out, offset);
            }
            case IcqForm form -> {
                switch (form) {
                    case ADDRESS -> out.putInt(offset, address, BIG_ENDIAN);
                    case INVERTED_ADDRESS -> out.putInt(offset, ~address, BIG_ENDIAN);
                    case PORT -> out.putShort(offset, (short) seen.port(), BIG_ENDIAN);
                    case INVERTED_PORT -> out.putShort(offset, (short) ~seen.port(), BIG_ENDIAN);
                    case LONG_PORT -> out.putInt(offset, seen.port(), BIG_ENDIAN);
                }
            }
            default -> throw new IllegalArgumentException(mention.form().toString());
        }
        return mention.length();
    }

    private static int encode(String text, MutableDirectBuffer out, int offset) {
        out.putShort(offset, (short) text.length(), BIG_ENDIAN);
        return Short.BYTES + out.putStringWithoutLengthAscii(offset + Short.BYTES, text);
    }

    /** @return an endpoint as this protocol writes it. */
    static String text(Endpoint endpoint, boolean withPort) {
        return endpoint.address().getHostAddress() + (withPort ? ":" + endpoint.port() : "");
    }
}
