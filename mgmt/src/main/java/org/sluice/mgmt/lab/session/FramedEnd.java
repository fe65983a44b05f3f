package org.sluice.mgmt.lab.session;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** One end of a TCP connection that carries frames with their length in the header. One thread at a time. */
final class FramedEnd implements AutoCloseable {
    private final SocketChannel channel;
    private final int header;
    private final int lengthAt;
    private final boolean isWhole;
    private final DataInputStream in;

    private FramedEnd(SocketChannel channel, int header, int lengthAt, boolean isWhole) throws IOException {
        this.channel = channel;
        this.header = header;
        this.lengthAt = lengthAt;
        this.isWhole = isWhole;
        channel.socket().setTcpNoDelay(true);
        channel.socket().setSoTimeout(End.TIMEOUT_MILLIS);
        in = new DataInputStream(channel.socket().getInputStream());
    }

    /** Packets of RFC 1006, whose length counts the header. */
    static FramedEnd tpkt(SocketChannel channel) throws IOException {
        return new FramedEnd(channel, 4, 2, true);
    }

    /** Frames of OSCAR, whose length does not. */
    static FramedEnd flap(SocketChannel channel) throws IOException {
        return new FramedEnd(channel, 6, 4, false);
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
            byte[] begin = new byte[header];
            in.readFully(begin);
            int length = ByteBuffer.wrap(begin).getShort(lengthAt) & 0xFFFF;
            byte[] packet = Arrays.copyOf(begin, isWhole ? length : header + length);
            in.readFully(packet, header, packet.length - header);
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
