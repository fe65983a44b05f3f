package org.sluice.mgmt.lab;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Offers a file or a chat to a peer by DCC: this end listens and announces its own address as it knows it, so that the peer can
 * only come when a gateway on the way translates the announcement. Prints {@code announced ADDRESS PORT} and what the peer said
 * of it.
 */
final class IrcProgram {
    private static final int TIMEOUT_MILLIS = (int) TimeUnit.SECONDS.toMillis(10);
    private static final int SEED = 6667;

    private IrcProgram() {}

    static void run(Arguments arguments) throws IOException {
        String nick = "in" + ProcessHandle.current().pid() % 1_000_000;
        String peer = arguments.text("peer");
        try (IrcConnection irc = new IrcConnection(arguments.text("host"), arguments.number("port", IrcRelay.PORT),
                nick);
                ServerSocket listener = new ServerSocket(0, 1, irc.socket().getLocalAddress())) {
            listener.setSoTimeout(TIMEOUT_MILLIS);
            InetAddress own = irc.socket().getLocalAddress();
            String place = Integer.toUnsignedString(ByteBuffer.wrap(own.getAddress()).getInt()) + " "
                    + listener.getLocalPort();
            Host.say("announced " + own.getHostAddress() + " " + listener.getLocalPort());
            if (arguments.text("kind").equals("SEND")) {
                byte[] bytes = TestData.bytes(arguments.number("size", 1 << 20), SEED);
                irc.request(peer, "DCC SEND file.bin " + place + " " + bytes.length);
                give(listener, bytes);
                Host.say(bytes.length + " " + TestData.sha256(bytes));
            } else {
                irc.request(peer, "DCC CHAT chat " + place);
                chat(listener);
            }
            Host.say(irc.receive().text());
        }
    }

    /** The receiver acknowledges with the number of bytes it has, 32 bits big-endian; the last one is awaited. */
    private static void give(ServerSocket listener, byte[] bytes) throws IOException {
        try (Socket socket = listener.accept()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (in.readInt() != bytes.length) {
                // an acknowledgement of a part
            }
        }
    }

    private static void chat(ServerSocket listener) throws IOException {
        try (Socket socket = listener.accept()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            Host.say("chat " + answer);
        }
    }
}
