package org.sluice.mgmt.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.sluice.mgmt.lab.session.H323Messages.CONTROL;
import static org.sluice.mgmt.lab.session.H323Messages.LISTENER;
import static org.sluice.mgmt.lab.session.H323Messages.MEDIA;
import static org.sluice.mgmt.lab.session.H323Messages.RAS;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.sluice.mgmt.lab.session.H323Messages;

/**
 * Half of a call of H.323, made of {@link H323Messages} with addresses filled in, and of real datagrams at the ports that
 * they announce. Prints what it was told and what it heard.
 *
 * <pre>
 * call     OWN-ADDRESS ADDRESS fast|h245
 * answer   OWN-ADDRESS fast|h245
 * register OWN-ADDRESS ADDRESS           and answers a call (h245) at a port that the gatekeeper was told
 * admit    OWN-ADDRESS                   the gatekeeper: confirms a registration, and calls whoever registered (h245)
 * </pre>
 */
final class H323Phone {
    private static final int CALLS = 1720;
    private static final int RAS_PORT = 1719;
    private static final int REGISTERED = 2720;
    private static final int RTP = 5004;
    private static final int H245 = 30_000;
    private static final int MILLIS = 5_000;

    private final InetAddress own;
    private final DatagramSocket rtp;
    private final DatagramSocket rtcp;

    private H323Phone(InetAddress own) throws IOException {
        this.own = own;
        rtp = socket(RTP);
        rtcp = socket(RTP + 1);
    }

    private DatagramSocket socket(int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(own, port));
        socket.setSoTimeout(MILLIS);
        return socket;
    }

    public static void main(String[] arguments) throws IOException {
        H323Phone phone = new H323Phone(InetAddress.ofLiteral(arguments[1]));
        switch (arguments[0]) {
            case "call" -> phone.call(new InetSocketAddress(arguments[2], CALLS), arguments[3].equals("fast"));
            case "answer" -> phone.answer(CALLS, arguments[2].equals("fast"));
            case "register" -> phone.register(new InetSocketAddress(arguments[2], RAS_PORT));
            case "admit" -> phone.admit();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private byte[] message(String name, int... endpoints) {
        return H323Messages.message(name, own, endpoints);
    }

    private static InetSocketAddress told(byte[] message, String name, int place) {
        InetSocketAddress told = H323Messages.told(message, name, place);
        System.out.println(name + " " + place + " " + told.getAddress().getHostAddress());
        return told;
    }

    private static byte[] read(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] header = new byte[4];
        in.readFully(header);
        byte[] message = Arrays.copyOf(header, ByteBuffer.wrap(header).getShort(2) & 0xFFFF);
        in.readFully(message, header.length, message.length - header.length);
        return message;
    }

    private Socket connect(InetSocketAddress to) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(4 * MILLIS);
        socket.bind(new InetSocketAddress(own, 0));
        socket.connect(to, MILLIS);
        return socket;
    }

    private ServerSocket listen(int port) throws IOException {
        ServerSocket listener = new ServerSocket(port, 1, own);
        listener.setSoTimeout(4 * MILLIS);
        return listener;
    }

    private void call(InetSocketAddress to, boolean isFast) throws IOException {
        try (Socket socket = connect(to)) {
            socket.getOutputStream().write(isFast
                    ? message("setup-faststart", LISTENER, CALLS, MEDIA, RTP, MEDIA + 1, RTP + 1)
                    : message("setup", LISTENER, CALLS));
            byte[] connected = read(socket);
            if (isFast) {
                talk(told(connected, "connect-faststart", MEDIA), told(connected, "connect-faststart", MEDIA + 1));
            } else {
                try (Socket control = connect(told(connected, "connect", CONTROL))) {
                    negotiate(control);
                }
            }
            socket.getOutputStream().write(message("release"));
        }
    }

    private void answer(int port, boolean isFast) throws IOException {
        try (ServerSocket listener = listen(port); ServerSocket control = listen(H245)) {
            System.out.println("ready");
            try (Socket socket = listener.accept()) {
                String kind = isFast ? "setup-faststart" : "setup";
                byte[] setup = read(socket);
                told(setup, kind, LISTENER);
                if (isFast) {
                    socket.getOutputStream().write(message("connect-faststart", MEDIA, RTP, MEDIA + 1, RTP + 1));
                    talk(told(setup, kind, MEDIA), told(setup, kind, MEDIA + 1));
                } else {
                    socket.getOutputStream().write(message("connect", CONTROL, H245));
                    try (Socket accepted = control.accept()) {
                        negotiate(accepted);
                    }
                }
                socket.setSoTimeout(4 * MILLIS);
                read(socket);
            }
        }
    }

    /** Each side opens its channel and acknowledges the other's, where it says at which port it hears. */
    private void negotiate(Socket control) throws IOException {
        control.setSoTimeout(4 * MILLIS);
        control.getOutputStream().write(message("olc", MEDIA + 1, RTP + 1));
        told(read(control), "olc", MEDIA + 1);
        control.getOutputStream().write(message("ack", MEDIA, RTP, MEDIA + 1, RTP + 1));
        byte[] answer = read(control);
        talk(told(answer, "ack", MEDIA), told(answer, "ack", MEDIA + 1));
    }

    /** Both speak at once, several times, so that the side that is behind the gateway need not be the first. */
    private void talk(InetSocketAddress media, InetSocketAddress mediaControl) throws IOException {
        hear("RTP", rtp, media);
        hear("RTCP", rtcp, mediaControl);
    }

    private static void hear(String kind, DatagramSocket socket, InetSocketAddress to) throws IOException {
        byte[] said = (kind + " from afar").getBytes(US_ASCII);
        DatagramPacket heard = new DatagramPacket(new byte[100], 100);
        socket.send(new DatagramPacket(said, said.length, to));
        socket.receive(heard);
        // the other may have begun to listen later than this one spoke
        socket.send(new DatagramPacket(said, said.length, to));
        System.out.println("heard " + new String(heard.getData(), 0, heard.getLength(), US_ASCII));
    }

    private void register(InetSocketAddress gatekeeper) throws IOException {
        try (DatagramSocket ras = socket(RAS_PORT)) {
            byte[] request = message("registration-request", LISTENER, REGISTERED, RAS, RAS_PORT);
            ras.send(new DatagramPacket(request, request.length, gatekeeper));
            ras.receive(new DatagramPacket(new byte[1000], 1000));
            System.out.println("registered");
            answer(REGISTERED, false);
        }
    }

    private void admit() throws IOException {
        try (DatagramSocket ras = socket(RAS_PORT)) {
            ras.setSoTimeout(4 * MILLIS);
            System.out.println("ready");
            DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
            ras.receive(packet);
            InetSocketAddress registered = told(packet.getData(), "registration-request", LISTENER);
            byte[] confirm = message("registration-confirm", LISTENER, CALLS);
            ras.send(new DatagramPacket(confirm, confirm.length, packet.getSocketAddress()));
            call(registered, false);
        }
    }
}
