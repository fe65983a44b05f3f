package org.sluice.mgmt.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Opens a TCP connection, or fails to. */
final class ConnectProgram {

    private ConnectProgram() {}

    static void run(Arguments arguments) throws IOException {
        int timeout = (int) TimeUnit.SECONDS.toMillis(arguments.number("seconds", 2));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(arguments.text("host"), arguments.number("port", 0)), timeout);
            Host.say("connected to " + socket.getRemoteSocketAddress());
        }
    }
}
