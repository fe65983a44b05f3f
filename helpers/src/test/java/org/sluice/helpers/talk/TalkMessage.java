package org.sluice.helpers.talk;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.sluice.helpers.spi.Endpoint;

/** Messages field by field, as protocols/talkd.h and 4.2BSD's ctl.h lay them out. */
final class TalkMessage {
    static final int LEAVE_INVITE = 0;
    static final int LOOK_UP = 1;
    static final int DELETE = 2;
    static final int ANNOUNCE = 3;
    static final int SUCCESS = 0;
    static final int NOT_HERE = 1;

    private TalkMessage() {}

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(InetAddress.ofLiteral(address), port);
    }

    /** @return CTL_MSG of ntalk. */
    static byte[] ntalkRequest(int type, Endpoint address, Endpoint controlAddress) {
        ByteBuffer b = ByteBuffer.allocate(84);
        b.put((byte) 1).put((byte) type).put((byte) 0).put((byte) 0).putInt(7);
        putSockaddr(b, address);
        putSockaddr(b, controlAddress);
        b.putInt(4711);
        putText(b, "inner", 12);
        putText(b, "outer", 12);
        putText(b, "pts/3", 16);
        return b.array();
    }

    /** @return CTL_RESPONSE of ntalk. */
    static byte[] ntalkResponse(int type, int answer, Endpoint address) {
        ByteBuffer b = ByteBuffer.allocate(24);
        b.put((byte) 1).put((byte) type).put((byte) answer).put((byte) 0).putInt(7);
        putSockaddr(b, address);
        return b.array();
    }

    /** @return CTL_MSG of 4.2BSD; a byte of padding before the id. */
    static byte[] talkRequest(int type, Endpoint address, Endpoint controlAddress) {
        ByteBuffer b = ByteBuffer.allocate(76);
        b.put((byte) type);
        putText(b, "inner", 9);
        putText(b, "outer", 9);
        b.put((byte) 0).putInt(7).putInt(4711);
        putText(b, "pts/3", 16);
        putSockaddr(b, address);
        putSockaddr(b, controlAddress);
        return b.array();
    }

    /** @return CTL_RESPONSE of 4.2BSD; two bytes of padding before the id. */
    static byte[] talkResponse(int type, int answer, Endpoint address) {
        ByteBuffer b = ByteBuffer.allocate(24);
        b.put((byte) type).put((byte) answer).putShort((short) 0).putInt(7);
        putSockaddr(b, address);
        return b.array();
    }

    private static void putSockaddr(ByteBuffer b, Endpoint endpoint) {
        b.putShort((short) 2).putShort((short) endpoint.port()).put(endpoint.address().getAddress()).putLong(0);
    }

    private static void putText(ByteBuffer b, String text, int length) {
        int end = b.position() + length;
        b.put(text.getBytes(StandardCharsets.US_ASCII)).position(end);
    }
}
