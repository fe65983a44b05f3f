package org.sluice.mgmt.lab.session;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** One end of a TCP connection that carries packets with the header of RFC 1006. One thread at a time. */
final class TpktEnd implements AutoCloseable {
    private static final int HEADER = 4;
    private static final int LENGTH_AT = 2;

    private final SocketChannel channel;
    private final DataInputStream in;

    TpktEnd(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.socket().setTcpNoDelay(true);
        channel.socket().setSoTimeout(End.TIMEOUT_MILLIS);
        in = new DataInputStream(channel.socket().getInputStream());
    }

    /** @param packet with its header */
    void write(byte[] packet) throws IOException {
        channel.socket().getOutputStream().write(packet);
    }

    /**
     * @param otherwise what is wrong when nothing comes
     * @return the next packet with its header
     */
    byte[] read(String otherwise) throws IOException {
        try {
            byte[] header = new byte[HEADER];
            in.readFully(header);
            byte[] packet = Arrays.copyOf(header, ByteBuffer.wrap(header).getShort(LENGTH_AT) & 0xFFFF);
            in.readFully(packet, HEADER, packet.length - HEADER);
            return packet;
        } catch (SocketTimeoutException e) {
            throw new MissedException(otherwise);
        }
    }

    /** Closes it at once (RST), so that nothing of it is left to be repeated. */
    @Override
    public void close() throws IOException {
        channel.socket().setSoLinger(true, 0);
        channel.close();
    }
}
