package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.sluice.mgmt.lab.Topology;

/**
 * A control connection of the example's made-up protocol, from a client inside to a server outside, on which the client says
 * {@code MEET address port}. One thread.
 */
public final class Meeting implements AutoCloseable {
    private static final int PORT = 7000;

    private final Stage stage;
    private final Conversation conversation;

    private Meeting(Stage stage, Conversation conversation) {
        this.stage = stage;
        this.conversation = conversation;
    }

    /** Connects. */
    public static Meeting open(Stage stage) throws IOException {
        return new Meeting(stage, stage.connectOut(Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS, PORT));
    }

    /**
     * The client announces a port; the server must be told where it is reached, and reach it.
     *
     * @throws MissedException when that is not so
     */
    public void demandMeeting() throws IOException {
        try (ServerSocketChannel listener = stage.inside().listen(Topology.CLIENT_ADDRESS, 0)) {
            conversation.client().says("MEET %s %d\r\n".formatted(Topology.CLIENT_ADDRESS,
                    listener.socket().getLocalPort()));
            String[] heard = conversation.server().hears().split(" ");
            if (heard.length != 3 || !heard[1].equals(Topology.OUTSIDE_ADDRESS)) {
                throw new MissedException("the server hears \"" + String.join(" ", heard) + '"');
            }
            InetSocketAddress place = new InetSocketAddress(InetAddress.ofLiteral(heard[1]),
                    Integer.parseInt(heard[2]));
            stage.demandArrival(stage.outside(), Topology.SERVER_ADDRESS, place, stage.inside(), listener);
        }
    }

    /**
     * What both say must pass as it is, and what the client announces must stay closed.
     *
     * @throws MissedException when that is not so
     */
    public void demandPlainFlow() throws IOException {
        conversation.exchange("MEET " + Topology.CLIENT_ADDRESS + " 5001", "WELCOME");
        stage.demandClosed(5001);
    }

    @Override
    public void close() throws IOException {
        conversation.close();
    }
}
