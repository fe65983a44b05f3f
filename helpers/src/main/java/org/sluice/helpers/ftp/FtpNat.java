package org.sluice.helpers.ftp;

import java.net.Inet4Address;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;

/** NAT half of the FTP helper: writes an endpoint in the notation that stands there. */
public final class FtpNat implements NatHelper {

    @Override
    public String name() {
        return "ftp";
    }

    @Override
    public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
        boolean ipv4 = seen.address() instanceof Inet4Address;
        String address = seen.address().getHostAddress();
        int port = seen.port();
        String text = switch ((FtpForm) mention.form()) {
            case FtpForm.Numbers n -> ipv4 ? address.replace('.', ',') + "," + (port >> 8) + "," + (port & 0xFF) : null;
            case FtpForm.Extended(char d) -> d + (ipv4 ? "1" : "2") + d + address + d + port + d;
            case FtpForm.PortOnly p -> Integer.toString(port);
        };
        return text == null ? -1 : out.putStringWithoutLengthAscii(offset, text);
    }
}
