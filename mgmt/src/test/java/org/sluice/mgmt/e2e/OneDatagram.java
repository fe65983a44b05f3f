package org.sluice.mgmt.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;

/** Receives one UDP datagram and prints it. */
final class OneDatagram {
    private static final int PATIENCE_MS = 60_000;

    private OneDatagram() {}

    /** @param arguments the port */
    public static void main(String[] arguments) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(Integer.parseInt(arguments[0]))) {
            socket.setSoTimeout(PATIENCE_MS);
            System.out.println("ready");
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            System.out.println(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
        }
    }
}
