package org.sluice.mgmt.lab.session;

import java.io.IOException;
import org.sluice.mgmt.lab.Topology;

/** What a client inside writes to an FTP server outside: every endpoint must be one that the server reaches. */
enum ActiveFtp implements Session {
    PORT("PORT", "PORT {SIX}\r\n"),
    EPRT("EPRT", "EPRT {EPRT}\r\n"),
    EPRT_OTHER_DELIMITER("EPRT with another delimiter", "EPRT {EPRT_BANG}\r\n"),
    LOWER_CASE("port in lower case", "port {SIX}\r\n"),
    PORT_AND_RETR("PORT and RETR in one segment", "PORT {SIX}\r\nRETR f\r\n"),
    CUT_IN_WORD("PORT cut over two segments, in the word", "PO\u00a6RT {SIX}\r\n"),
    CUT_BEFORE_NUMBERS("PORT cut over two segments, before the numbers", "PORT \u00a6{SIX}\r\n"),
    CUT_BEFORE_END("PORT cut over two segments, before the line's end", "PORT {SIX}\u00a6\r\n"),
    EPRT_CUT("EPRT cut over two segments", "EPRT \u00a6{EPRT}\r\n"),
    SECOND("PORT as the second command of a segment", "TYPE I\r\nPORT {SIX}\r\n"),
    NOOP_AND_PORT("NOOP and PORT in one segment", "NOOP\r\nPORT {SIX}\r\n"),
    TWO("two PORTs in one segment", "PORT {SIX}\r\nPORT {SIX}\r\n"),
    SPLIT_NOOP("NOOP cut over two segments, then PORT", "NO\u00a6OP\r\n\u00a6PORT {SIX}\r\n"),
    LINE_FEED("PORT that ends with a line feed only", "PORT {SIX}\n"),
    TWO_BLANKS("PORT and two blanks", "PORT  {SIX}\r\n"),
    TRAILING_BLANK("PORT with a blank at its end", "PORT {SIX} \r\n"),
    TELNET("ABOR behind Telnet's IAC, then PORT", "\u00ff\u00f4\u00ff\u00f2ABOR\r\n\u00a6PORT {SIX}\r\n"),
    PORT_ABC("PORT abc passes as it is", "PORT abc\r\n"),
    PORTABLE("PORTABLE yes passes as it is", "PORTABLE yes\r\n"),
    EPRT_UNKNOWN_FAMILY("EPRT of IPv6 over IPv4 passes as it is", "EPRT |2|fd77::2|5000|\r\n"),
    OCTET_300("octet 300 opens nothing", "PORT 10,77,0,2,300,21\r\n", 11_285),
    PORT_70000("port 70000 opens nothing", "EPRT |1|10.77.0.2|70000|\r\n", 4_464),
    PORT_22("port 22 is not opened", "PORT 10,77,0,2,0,22\r\n", 22),
    PORT_0("port 0 passes as it is", "PORT 10,77,0,2,0,0\r\n"),
    BOUNCE("another host's address opens nothing", "PORT 10,77,0,3,200,21\r\n", 51_221),
    OVER_IPV6("EPRT over IPv6", "EPRT {EPRT}\r\n") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation ftp = stage.ftpOutwards6()) {
                new Announcer(stage, ftp.client(), ftp.server(), stage.inside(), Topology.CLIENT_ADDRESS6,
                        Topology.CLIENT_ADDRESS6, stage.outside(), Topology.SERVER_ADDRESS6).announce(template());
                goOn(ftp);
            }
        }
    },
    BROWSER("a browser's POST that holds a PORT opens nothing",
            "POST / HTTP/1.1\r\nHost: a\r\n\r\n\u00a6PORT 10,77,0,2,200,21\r\n", 51_221) {
        @Override
        public void play(Stage stage) throws IOException {
            try (Conversation web = stage.connectFtp()) {
                announceAndCheck(stage, web);
            }
        }
    };

    private final String title;
    private final String template;
    private final int closedPort;

    ActiveFtp(String title, String template) {
        this(title, template, 0);
    }

    ActiveFtp(String title, String template, int closedPort) {
        this.title = title;
        this.template = template;
        this.closedPort = closedPort;
    }

    @Override
    public String helper() {
        return "ftp";
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
        try (Conversation ftp = stage.ftpOutwards()) {
            announceAndCheck(stage, ftp);
        }
    }

    void announceAndCheck(Stage stage, Conversation ftp) throws IOException {
        new Announcer(stage, ftp.client(), ftp.server(), stage.inside(), Topology.CLIENT_ADDRESS,
                Topology.OUTSIDE_ADDRESS, stage.outside(), Topology.SERVER_ADDRESS).announce(template);
        if (closedPort != 0) {
            stage.demandClosed(closedPort);
        }
        goOn(ftp);
    }

    /** The lengths of the texts have changed: what comes later must still arrive. */
    static void goOn(Conversation ftp) throws IOException {
        ftp.exchange("NOOP", "200 still here");
    }
}
