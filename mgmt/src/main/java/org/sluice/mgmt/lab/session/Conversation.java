package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A control connection with both of its ends.
 *
 * @param client who connected
 * @param server who listened
 */
record Conversation(End client, End server) implements AutoCloseable {

    /**
     * @param from the client's own address
     * @param to the server's address as the client knows it
     * @param at the server's own address
     */
    static Conversation open(Party client, String from, String to, Party server, String at, int port)
            throws IOException {
        try (ServerSocketChannel listener = server.listen(at, port)) {
            SocketChannel near = client.connect(from, new InetSocketAddress(InetAddress.ofLiteral(to), port),
                    End.TIMEOUT_MILLIS);
            try {
                return new Conversation(new End("the client", near), new End("the server", server.accept(listener)));
            } catch (IOException | RuntimeException e) {
                near.close();
                throw e;
            }
        }
    }

    /** Each says a line that the other must hear. */
    void exchange(String clientLine, String serverLine) throws IOException {
        client.says(clientLine + "\r\n");
        server.hears(clientLine);
        server.says(serverLine + "\r\n");
        client.hears(serverLine);
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
