package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;

/** A UDP socket of a host. One thread at a time. */
final class DatagramEnd implements AutoCloseable {
    private static final int MAX = 65_535;

    private final DatagramChannel channel;
    private final DatagramPacket packet = new DatagramPacket(new byte[MAX], MAX);

    /** @param port 0 for a free one */
    DatagramEnd(Party host, String address, int port) throws IOException {
        channel = host.datagrams(address, port);
    }

    void send(byte[] bytes, InetSocketAddress to) throws IOException {
        channel.socket().send(new DatagramPacket(bytes, bytes.length, to));
    }

    /** @param otherwise what is wrong when nothing comes */
    byte[] receive(String otherwise) throws IOException {
        packet.setLength(MAX);
        try {
            channel.socket().receive(packet);
            return Arrays.copyOf(packet.getData(), packet.getLength());
        } catch (SocketTimeoutException e) {
            throw new MissedException(otherwise);
        }
    }

    /** @return who sent what was received last. */
    InetSocketAddress sender() {
        return (InetSocketAddress) packet.getSocketAddress();
    }

    int port() {
        return channel.socket().getLocalPort();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
