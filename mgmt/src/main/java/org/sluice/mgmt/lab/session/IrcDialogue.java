package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.sluice.mgmt.lab.Topology;

/** DCC in which both sides have something to say. */
enum IrcDialogue implements Session {
    /** Two hosts inside offer the same port, so one of them is seen at another one. */
    RESUME("RESUME and ACCEPT of an offer whose port was translated") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation first = stage.irc(Topology.CLIENT_ADDRESS);
                    Conversation second = stage.irc(Stage.SECOND_CLIENT_ADDRESS);
                    ServerSocketChannel listener = stage.inside().listen(Stage.SECOND_CLIENT_ADDRESS, PORT)) {
                offered(first, Topology.CLIENT_ADDRESS);
                InetSocketAddress seen = offered(second, Stage.SECOND_CLIENT_ADDRESS);
                if (seen.getPort() == PORT) {
                    throw new MissedException("both hosts are announced at the same port");
                }
                second.server().says(":you PRIVMSG inner :\1DCC RESUME f %d 500\1\r\n".formatted(seen.getPort()));
                second.client().hears(":you PRIVMSG inner :\1DCC RESUME f %d 500\1".formatted(PORT));
                second.client().says("PRIVMSG you :\1DCC ACCEPT f %d 500\1\r\n".formatted(PORT));
                second.server().hears("PRIVMSG you :\1DCC ACCEPT f %d 500\1".formatted(seen.getPort()));
                stage.demandArrival(stage.outside(), Topology.SERVER_ADDRESS, seen, stage.inside(), listener);
                IrcOffer.goOn(second);
            }
        }
    },

    /** Port 0 and a token: the receiver listens, and answers with an offer of its own. */
    REVERSE("passive DCC (port 0 and a token) tells the address that is seen") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation irc = stage.irc(Topology.CLIENT_ADDRESS)) {
                String own = Notation.NUMBER.write(Topology.CLIENT_ADDRESS, 0);
                irc.client().says("PRIVMSG you :\1DCC SEND f %s 1000 77\1\r\n".formatted(own));
                String heard = irc.server().hears();
                demandSeen(heard);
                if (!heard.endsWith(" 0 1000 77\1")) {
                    throw new MissedException("the server hears \"" + End.printable(heard) + '"');
                }
                IrcOffer.goOn(irc);
            }
        }
    },

    /** The other side offers passively, the client inside listens. */
    REVERSE_ANSWER("answer to a passive offer (port and the token)") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation irc = stage.irc(Topology.CLIENT_ADDRESS)) {
                String offer = ":you PRIVMSG inner :\1DCC SEND f 3325256706 0 1000 78\1";
                irc.server().says(offer + "\r\n");
                irc.client().hears(offer);
                new Announcer(stage, irc.client(), irc.server(), stage.inside(), Topology.CLIENT_ADDRESS,
                        Topology.OUTSIDE_ADDRESS, stage.outside(), Topology.SERVER_ADDRESS)
                        .announce("PRIVMSG you :\1DCC SEND f {NUMBER} 1000 78\1\r\n");
                IrcOffer.goOn(irc);
            }
        }
    };

    private static final int PORT = 5_001;

    private final String title;

    IrcDialogue(String title) {
        this.title = title;
    }

    @Override
    public String helper() {
        return "irc";
    }

    @Override
    public String title() {
        return title;
    }

    private static InetSocketAddress offered(Conversation irc, String own) throws IOException {
        irc.client().says("PRIVMSG you :\1DCC SEND f %s 1000\1\r\n".formatted(Notation.NUMBER.write(own, PORT)));
        return demandSeen(irc.server().hears());
    }

    private static InetSocketAddress demandSeen(String line) {
        InetSocketAddress place = Notation.NUMBER.find(line);
        if (!place.getAddress().equals(InetAddress.ofLiteral(Topology.OUTSIDE_ADDRESS))) {
            throw new MissedException("the server is told " + place.getAddress().getHostAddress());
        }
        return place;
    }
}
