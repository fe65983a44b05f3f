package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.sluice.mgmt.lab.Topology;

/** ICQ: a client tells its server where others reach it, and they do; a server tells a client where to go on. */
enum IcqCall implements Session {
    FILE("file transfer offered by a client inside") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Line line = Line.outwards(stage);
                    ServerSocketChannel listener = stage.inside().listen(Topology.CLIENT_ADDRESS, 0)) {
                line.client.write(Oscar.proposal(CLIENT, listener.socket().getLocalPort()));
                demand(stage, Oscar.proposed(line.server.read("the server hears no proposal")), listener);
            }
        }
    },
    DIRECT("direct connections to a client inside") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Line line = Line.outwards(stage);
                    ServerSocketChannel listener = stage.inside().listen(Topology.CLIENT_ADDRESS, 0)) {
                line.client.write(Oscar.status(CLIENT, listener.socket().getLocalPort()));
                InetSocketAddress place = Oscar.advertised(line.server.read("the server hears no status"));
                demand(stage, place, listener);
                demand(stage, place, listener);
            }
        }
    },
    SERVER_INSIDE("a server inside sends the client on to another port") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Line line = Line.inwards(stage);
                    ServerSocketChannel listener = stage.inside().listen(Topology.CLIENT_ADDRESS, OTHER_PORT)) {
                line.server.write(Oscar.loginReply(Topology.CLIENT_ADDRESS + ":" + OTHER_PORT));
                demand(stage, Oscar.place(line.client.read("the client hears no answer")), listener);
            }
        }
    };

    private static final int PORT = 5190;
    private static final int OTHER_PORT = 5191;
    private static final InetAddress CLIENT = InetAddress.ofLiteral(Topology.CLIENT_ADDRESS);

    private final String title;

    IcqCall(String title) {
        this.title = title;
    }

    @Override
    public String helper() {
        return "icq";
    }

    @Override
    public String title() {
        return title;
    }

    private static void demand(Stage stage, InetSocketAddress place, ServerSocketChannel listener) throws IOException {
        if (!place.getAddress().getHostAddress().equals(Topology.OUTSIDE_ADDRESS)) {
            throw new MissedException("outside is told " + place.getAddress().getHostAddress());
        }
        stage.demandArrival(stage.outside(), Topology.SERVER_ADDRESS, place, stage.inside(), listener);
    }

    /** A client and its server, both of which have signed on. */
    private record Line(FramedEnd client, FramedEnd server) implements AutoCloseable {

        static Line outwards(Stage stage) throws IOException {
            return open(stage.inside(), Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS, stage.outside(),
                    Topology.SERVER_ADDRESS);
        }

        static Line inwards(Stage stage) throws IOException {
            return open(stage.outside(), Topology.SERVER_ADDRESS, Topology.OUTSIDE_ADDRESS, stage.inside(),
                    Topology.CLIENT_ADDRESS);
        }

        private static Line open(Party client, String from, String to, Party server, String at) throws IOException {
            try (ServerSocketChannel listener = server.listen(at, PORT)) {
                SocketChannel near = client.connect(from, new InetSocketAddress(InetAddress.ofLiteral(to), PORT),
                        End.TIMEOUT_MILLIS);
                Line line = new Line(FramedEnd.flap(near), FramedEnd.flap(server.accept(listener)));
                line.server.write(Oscar.signOn());
                line.client.read("the client hears no sign-on");
                line.client.write(Oscar.signOn());
                line.server.read("the server hears no sign-on");
                return line;
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
