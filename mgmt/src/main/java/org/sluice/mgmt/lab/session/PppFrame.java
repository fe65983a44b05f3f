package org.sluice.mgmt.lab.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A PPP frame on an asynchronous line, RFC 1662. */
public final class PppFrame {
    private static final int FLAG = 0x7E;
    private static final int ESCAPE = 0x7D;
    /** Every station, unnumbered information, IPv4: though what follows is a text. */
    private static final byte[] HEADER = {(byte) 0xFF, 3, 0, 0x21};
    private static final int POLYNOMIAL = 0x8408;

    private PppFrame() {}

    /** @param text ASCII, which no byte of is escaped. @return flag, header, text, check sequence, flag */
    public static byte[] of(String text) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(HEADER);
        frame.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        int check = ~check(frame.toByteArray());
        frame.write(check);
        frame.write(check >>> 8);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.write(FLAG);
        for (byte b : frame.toByteArray()) {
            boolean escaped = (b & 0xFF) < ' ' || b == FLAG || b == ESCAPE;
            if (escaped) {
                line.write(ESCAPE);
            }
            line.write(escaped ? b ^ ' ' : b);
        }
        line.write(FLAG);
        return line.toByteArray();
    }

    /** RFC 1662 appendix C.2, bit by bit. */
    private static int check(byte[] bytes) {
        int check = 0xFFFF;
        for (byte b : bytes) {
            check ^= b & 0xFF;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                check = (check & 1) == 0 ? check >>> 1 : check >>> 1 ^ POLYNOMIAL;
            }
        }
        return check;
    }
}
