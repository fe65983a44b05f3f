package org.sluice.mgmt.lab.session;

import java.io.IOException;
import org.sluice.mgmt.lab.Topology;

/** DCC offers of a client inside: whoever hears one through the server must reach what it announces. */
enum IrcOffer implements Session {
    SEND("DCC SEND", "PRIVMSG you :\1DCC SEND f {NUMBER} 1000\1\r\n"),
    CHAT("DCC CHAT", "PRIVMSG you :\1DCC CHAT chat {NUMBER}\1\r\n"),
    LOWER_COMMAND("privmsg in lower case", "privmsg you :\1DCC SEND f {NUMBER} 1000\1\r\n"),
    LOWER_DCC("dcc send in lower case", "PRIVMSG you :\1dcc send f {NUMBER} 1000\1\r\n"),
    QUOTED("quoted file name with blanks", "PRIVMSG you :\1DCC SEND \"a b c\" {NUMBER} 1000\1\r\n"),
    NOTICE("offer in a NOTICE", "NOTICE you :\1DCC SEND f {NUMBER} 1000\1\r\n"),
    PREFIX("offer behind a prefix", ":inner!i@h PRIVMSG you :\1DCC SEND f {NUMBER} 1000\1\r\n"),
    TAGS("offer behind IRCv3 tags", "@label=1;+x=y PRIVMSG you :\1DCC SEND f {NUMBER} 1000\1\r\n"),
    DOTTED("dotted address", "PRIVMSG you :\1DCC SEND f {LITERAL} 1000\1\r\n"),
    SECOND("offer as the second message of a segment",
            "PRIVMSG you :hello\r\nPRIVMSG you :\1DCC SEND f {NUMBER} 1000\1\r\n"),
    TWO("two offers in one segment",
            "PRIVMSG you :\1DCC SEND f {NUMBER} 1000\1\r\nPRIVMSG you :\1DCC SEND g {NUMBER} 1000\1\r\n"),
    SPLIT("offer cut over two segments", "PRIVMSG you :\1DCC SE\u00a6ND f {NUMBER} 1000\1\r\n"),
    SPLIT_AT_END("offer cut over two segments, before the line's end",
            "PRIVMSG you :\1DCC SEND f {NUMBER} 1000\1\u00a6\r\n"),
    ANOTHER("another host's address opens nothing", "PRIVMSG you :\1DCC SEND f 172818435 5000 1\1\r\n", 5_000),
    PORT_22("port 22 is not opened", "PRIVMSG you :\1DCC SEND f 172818434 22 1\1\r\n", 22),
    PORT_70000("port 70000 opens nothing", "PRIVMSG you :\1DCC SEND f 172818434 70000 1\1\r\n", 4_464),
    PING_REPLY("answer to a PING that holds an offer opens nothing (CVE-2022-2663)",
            "NOTICE you :\1PING \1DCC CHAT chat 172818434 5000\1\r\n", 5_000),
    QUOTED_TEXT("offer in the middle of a text opens nothing",
            "PRIVMSG you :they said \1DCC CHAT chat 172818434 5000\1\r\n", 5_000),
    OVER_IPV6("IPv6 address, over IPv6", "PRIVMSG you :\1DCC SEND f {LITERAL} 1000\1\r\n") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation irc = stage.irc6()) {
                new Announcer(stage, irc.client(), irc.server(), stage.inside(), Topology.CLIENT_ADDRESS6,
                        Topology.CLIENT_ADDRESS6, stage.outside(), Topology.SERVER_ADDRESS6).announce(template());
                goOn(irc);
            }
        }
    },
    BROWSER("a browser's POST that holds an offer opens nothing",
            "POST / HTTP/1.1\r\nHost: a\r\n\r\n\u00a6PRIVMSG you :\1DCC CHAT chat 172818434 5000\1\r\n", 5_000) {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation web = stage.connectIrc(Topology.CLIENT_ADDRESS)) {
                announceAndCheck(stage, web);
            }
        }
    };

    private final String title;
    private final String template;
    private final int closedPort;

    IrcOffer(String title, String template) {
        this(title, template, 0);
    }

    IrcOffer(String title, String template, int closedPort) {
        this.title = title;
        this.template = template;
        this.closedPort = closedPort;
    }

    @Override
    public String helper() {
        return "irc";
    }

    @Override
    public String title() {
        return title;
    }

    String template() {
        return template;
    }

    @Override
    public void play(Stage stage) throws IOException {
        try (Conversation irc = stage.irc(Topology.CLIENT_ADDRESS)) {
            announceAndCheck(stage, irc);
        }
    }

    void announceAndCheck(Stage stage, Conversation irc) throws IOException {
        new Announcer(stage, irc.client(), irc.server(), stage.inside(), Topology.CLIENT_ADDRESS,
                Topology.OUTSIDE_ADDRESS, stage.outside(), Topology.SERVER_ADDRESS).announce(template);
        if (closedPort != 0) {
            stage.demandClosed(closedPort);
        }
        goOn(irc);
    }

    static void goOn(Conversation irc) throws IOException {
        irc.exchange("PING :still there", ":irc.lab PONG :still there");
    }
}
