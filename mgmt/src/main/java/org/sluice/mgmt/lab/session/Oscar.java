package org.sluice.mgmt.lab.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Frames of OSCAR as ICQ and AIM speak it, field by field. */
final class Oscar {
    private static final byte[] FILE_TRANSFER = HexFormat.of().parseHex("094613434C7F11D18222444553540000");
    private static final long COOKIE = 42;
    /** From the beginning of a frame made here to what the values of a proposal begin with. */
    private static final int PROPOSED = 6 + 10 + 8 + 2 + 6 + 4 + 26;
    private static final int ADVERTISED = 6 + 10 + 4;

    private Oscar() {}

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static byte[] two(int number) {
        return ByteBuffer.allocate(Short.BYTES).putShort((short) number).array();
    }

    private static byte[] four(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private static byte[] inverted(byte[] bytes) {
        byte[] inverted = bytes.clone();
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = (byte) ~inverted[i];
        }
        return inverted;
    }

    private static byte[] tlv(int type, byte[] value) {
        return join(two(type), two(value.length), value);
    }

    private static byte[] frame(int channel, byte[] data) {
        return join(new byte[]{0x2A, (byte) channel}, two(1), two(data.length), data);
    }

    private static byte[] message(int family, int subtype, byte[]... parts) {
        return frame(2, join(two(family), two(subtype), two(0), four(1), join(parts)));
    }

    static byte[] signOn() {
        return frame(1, four(1));
    }

    /** To the user "friend": come and fetch a file. */
    static byte[] proposal(InetAddress address, int port) {
        byte[] ip = address.getAddress();
        byte[] place = join(tlv(0x02, ip), tlv(0x16, inverted(ip)), tlv(0x03, ip), tlv(0x05, two(port)),
                tlv(0x17, inverted(two(port))), tlv(0x0A, two(1)), tlv(0x0F, new byte[0]));
        byte[] proposal = tlv(0x05, join(two(0), ByteBuffer.allocate(8).putLong(COOKIE).array(), FILE_TRANSFER, place));
        return message(4, 6, ByteBuffer.allocate(8).putLong(COOKIE).array(), two(2), new byte[]{6},
                "friend".getBytes(US_ASCII), proposal);
    }

    /** @return where to fetch it; all that is said of it has to agree */
    static InetSocketAddress proposed(byte[] frame) throws MissedException {
        ByteBuffer b = ByteBuffer.wrap(frame).position(PROPOSED + 1);
        byte[] address = value(b, 4);
        byte[] invertedAddress = value(b, 4);
        byte[] internal = value(b, 4);
        byte[] port = value(b, 2);
        byte[] invertedPort = value(b, 2);
        InetSocketAddress place = endpoint(address, ByteBuffer.wrap(port).getShort() & 0xFFFF);
        if (!ByteBuffer.wrap(inverted(invertedAddress)).equals(ByteBuffer.wrap(address))
                || !ByteBuffer.wrap(inverted(invertedPort)).equals(ByteBuffer.wrap(port))
                || !ByteBuffer.wrap(internal).equals(ByteBuffer.wrap(address))) {
            throw new MissedException("the server is told several places, " + place + " among them");
        }
        return place;
    }

    private static byte[] value(ByteBuffer b, int length) {
        byte[] value = new byte[length];
        b.position(b.position() + 4);
        b.get(value);
        return value;
    }

    /** Status, with the place where direct connections are accepted. */
    static byte[] status(InetAddress address, int port) {
        return message(1, 0x1E, tlv(0x0C, join(address.getAddress(), four(port), new byte[]{4}, two(9), new byte[26])));
    }

    /** @return that place */
    static InetSocketAddress advertised(byte[] frame) {
        ByteBuffer b = ByteBuffer.wrap(frame);
        byte[] address = new byte[4];
        b.get(ADVERTISED, address);
        return endpoint(address, b.getInt(ADVERTISED + 4));
    }

    /** The password is right; the service is there. */
    static byte[] loginReply(String place) {
        return message(0x17, 3, tlv(1, "inner".getBytes(US_ASCII)), tlv(5, place.getBytes(US_ASCII)),
                tlv(6, new byte[32]));
    }

    /** @return that place */
    static InetSocketAddress place(byte[] frame) {
        int at = 6 + 10 + 4 + 5;
        int length = ByteBuffer.wrap(frame).getShort(at + 2);
        String[] place = new String(frame, at + 4, length, US_ASCII).split(":");
        return new InetSocketAddress(InetAddress.ofLiteral(place[0]), Integer.parseInt(place[1]));
    }

    private static InetSocketAddress endpoint(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
