package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.sluice.mgmt.lab.Namespace;

/**
 * A host that takes part.
 *
 * @param name for messages
 * @param namespace it is
 * @param sockets made there
 */
record Party(String name, Namespace namespace, NamespaceSockets sockets) {

    /** @param port 0 for a free one */
    ServerSocketChannel listen(String address, int port) throws IOException {
        ServerSocketChannel listener = sockets.listener();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            listener.socket().setSoTimeout(End.TIMEOUT_MILLIS);
            return listener;
        } catch (IOException e) {
            listener.close();
            throw new IOException("can't listen on " + address + " port " + port + ": " + e.getMessage(), e);
        }
    }

    /** @return a socket for datagrams that waits as long as an {@link End}. */
    DatagramChannel datagrams(String address, int port) throws IOException {
        DatagramChannel channel = sockets.datagram();
        try {
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            channel.socket().setSoTimeout(End.TIMEOUT_MILLIS);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("can't bind " + address + " port " + port + ": " + e.getMessage(), e);
        }
    }

    /** Connects from an address of this host. */
    SocketChannel connect(String from, InetSocketAddress to, int timeoutMillis) throws IOException {
        SocketChannel channel = sockets.stream();
        try {
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            channel.socket().connect(to, timeoutMillis);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** @return the connection that waits or comes within the listener's time. */
    SocketChannel accept(ServerSocketChannel listener) throws IOException {
        try {
            return listener.socket().accept().getChannel();
        } catch (SocketTimeoutException e) {
            throw new MissedException("no connection reaches " + name);
        }
    }
}
