package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.sluice.mgmt.lab.Topology;

/** protocols/talkd.h: the callee connects to the caller. */
enum TalkCall implements Session {
    NTALK("ntalk: the callee outside connects to the caller inside") {
        @Override
        public void play(Stage stage) throws IOException {
            InetSocketAddress daemon = new InetSocketAddress(Topology.SERVER_ADDRESS, PORT);
            try (DatagramEnd caller = new DatagramEnd(stage.inside(), Topology.CLIENT_ADDRESS, 0);
                    DatagramEnd callee = new DatagramEnd(stage.outside(), Topology.SERVER_ADDRESS, PORT);
                    ServerSocketChannel listener = stage.inside().listen(Topology.CLIENT_ADDRESS, 0)) {
                int talk = listener.socket().getLocalPort();
                caller.send(message(LOOK_UP, talk, caller.port()), daemon);
                callee.receive("the daemon hears no LOOK_UP");
                byte[] notHere = new byte[RESPONSE];
                notHere[0] = 1;
                notHere[2] = 1;
                callee.send(notHere, callee.sender());
                caller.receive("the caller hears no answer");
                caller.send(message(ANNOUNCE, talk, caller.port()), daemon);
                byte[] announce = callee.receive("the daemon hears no ANNOUNCE");
                InetSocketAddress place = new InetSocketAddress(
                        InetAddress.getByAddress(Arrays.copyOfRange(announce, 12, 16)),
                        ByteBuffer.wrap(announce).getShort(10) & 0xFFFF);
                if (!place.getAddress().equals(InetAddress.ofLiteral(Topology.OUTSIDE_ADDRESS))) {
                    throw new MissedException("the callee is told " + place.getAddress().getHostAddress());
                }
                stage.demandArrival(stage.outside(), Topology.SERVER_ADDRESS, place, stage.inside(), listener);
            }
        }
    };

    private static final int PORT = 518;
    private static final int LOOK_UP = 1;
    private static final int ANNOUNCE = 3;
    private static final int RESPONSE = 24;

    private final String title;

    TalkCall(String title) {
        this.title = title;
    }

    @Override
    public String helper() {
        return "talk";
    }

    @Override
    public String title() {
        return title;
    }

    /** @return CTL_MSG: version, type, answer, pad, id, reply address, talk's address, process, names, terminal. */
    private static byte[] message(int type, int talkPort, int controlPort) {
        byte[] own = InetAddress.ofLiteral(Topology.CLIENT_ADDRESS).getAddress();
        ByteBuffer message = ByteBuffer.allocate(84);
        message.put((byte) 1).put((byte) type).putShort((short) 0).putInt(0);
        message.putShort((short) 2).putShort((short) talkPort).put(own).putLong(0);
        message.putShort((short) 2).putShort((short) controlPort).put(own).putLong(0);
        message.putInt(1);
        message.put("inner".getBytes(StandardCharsets.US_ASCII)).position(56);
        message.put("outer".getBytes(StandardCharsets.US_ASCII));
        return message.array();
    }
}
