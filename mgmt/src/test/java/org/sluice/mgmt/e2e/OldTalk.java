package org.sluice.mgmt.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client of 4.2BSD's talk, which nobody ships any more: calls a user through the real daemons (UDP port 517), or answers a call,
 * and says one line. Prints the other's line.
 *
 * <pre>
 * call   OWN-ADDRESS DAEMON-ADDRESS USER
 * answer OWN-ADDRESS DAEMON-ADDRESS USER
 * </pre>
 */
final class OldTalk {
    private static final int PORT = 517;
    private static final int LEAVE_INVITE = 0;
    private static final int LOOK_UP = 1;
    private static final int ANNOUNCE = 3;
    private static final int REQUEST_LENGTH = 76;
    private static final int RESPONSE_LENGTH = 24;
    private static final int MILLIS = 2000;
    private static final int TRIES = 10;

    private final String user;
    private final InetAddress own;

    private OldTalk(InetAddress own, String user) {
        this.own = own;
        this.user = user;
    }

    public static void main(String[] arguments) throws IOException {
        OldTalk talk = new OldTalk(InetAddress.ofLiteral(arguments[1]), arguments[3]);
        InetAddress daemon = InetAddress.ofLiteral(arguments[2]);
        if (arguments[0].equals("call")) {
            talk.call(daemon);
        } else {
            talk.answer(daemon);
        }
    }

    private void call(InetAddress daemon) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, own);
                DatagramSocket remote = new DatagramSocket(new InetSocketAddress(own, 0));
                DatagramSocket local = new DatagramSocket(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            int port = listener.getLocalPort();
            System.out.println("look_up " + ask(remote, daemon, LOOK_UP, port).get(1));
            System.out.println("announce " + ask(remote, daemon, ANNOUNCE, port).get(1));
            // the daemon leaves the answer to this unset
            ask(local, local.getLocalAddress(), LEAVE_INVITE, port);
            System.out.println("invited");
            listener.setSoTimeout(MILLIS * TRIES);
            try (Socket conversation = listener.accept()) {
                converse(conversation, "greetings from the caller");
            }
        }
    }

    private void answer(InetAddress daemon) throws IOException {
        try (DatagramSocket remote = new DatagramSocket(new InetSocketAddress(own, 0))) {
            ByteBuffer response = ask(remote, daemon, LOOK_UP, 0);
            System.out.println("look_up " + response.get(1));
            byte[] address = new byte[4];
            response.get(12, address);
            try (Socket conversation = new Socket()) {
                conversation.connect(new InetSocketAddress(InetAddress.getByAddress(address),
                        response.getShort(10) & 0xFFFF), MILLIS * TRIES);
                converse(conversation, "greetings from the callee");
            }
        }
    }

    private static void converse(Socket conversation, String greeting) throws IOException {
        conversation.setSoTimeout(MILLIS * TRIES);
        new PrintStream(conversation.getOutputStream(), true, StandardCharsets.US_ASCII).println(greeting);
        System.out.println(new BufferedReader(
                new InputStreamReader(conversation.getInputStream(), StandardCharsets.US_ASCII)).readLine());
    }

    /** Asks until an answer comes. @param port of the TCP listener */
    private ByteBuffer ask(DatagramSocket socket, InetAddress daemon, int type, int port) throws IOException {
        byte[] request = request(type, port, (InetSocketAddress) socket.getLocalSocketAddress());
        DatagramPacket response = new DatagramPacket(new byte[RESPONSE_LENGTH + 1], RESPONSE_LENGTH + 1);
        socket.setSoTimeout(MILLIS);
        for (int i = 0; i < TRIES; i++) {
            socket.send(new DatagramPacket(request, request.length, daemon, PORT));
            try {
                socket.receive(response);
                if (response.getLength() == RESPONSE_LENGTH && response.getData()[0] == type) {
                    return ByteBuffer.wrap(response.getData());
                }
            } catch (SocketTimeoutException e) {
                // asks again
            }
        }
        throw new IOException("no answer of " + daemon + " to a request of type " + type);
    }

    /** Layout of 4.2BSD's ctl.h: type, names of 9 bytes, id, process, terminal, and two struct sockaddr_in. */
    private byte[] request(int type, int port, InetSocketAddress control) {
        ByteBuffer b = ByteBuffer.allocate(REQUEST_LENGTH);
        byte[] name = user.getBytes(StandardCharsets.US_ASCII);
        b.put(0, (byte) type).put(1, name).put(10, name).putInt(20, 1).putInt(24, 1);
        putSockaddr(b, 44, own, port);
        putSockaddr(b, 60, control.getAddress(), control.getPort());
        return b.array();
    }

    private static void putSockaddr(ByteBuffer b, int at, InetAddress address, int port) {
        b.putShort(at, (short) 2).putShort(at + 2, (short) port).put(at + 4, address.getAddress());
    }
}
