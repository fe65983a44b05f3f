package org.sluice.mgmt.lab.session;

import java.io.IOException;
import org.sluice.mgmt.lab.Topology;

/** What an FTP server inside answers a client outside: every endpoint must be one that the client reaches. */
enum PassiveFtp implements Session {
    PASV("227", "PASV", "227 Entering Passive Mode ({SIX}).\r\n"),
    NO_PARENTHESES("227 without parentheses", "PASV", "227 Entering Passive Mode {SIX}\r\n"),
    EQUALS("227 with = before the numbers", "PASV", "227 ={SIX}\r\n"),
    DIGIT_EARLIER("227 with a digit earlier in the text", "PASV", "227 Entering v2 ({SIX})\r\n"),
    WITH_150("227 and 150 in one segment", "PASV", "227 Passive ({SIX})\r\n150 opening\r\n"),
    MULTI_LINE("227 of several lines", "PASV", "227-wait\r\n227 Passive ({SIX})\r\n"),
    SECOND("227 as the second reply of a segment", "NOOP\r\nPASV", "200 ok\r\n227 Passive ({SIX})\r\n"),
    CUT("227 cut over two segments", "PASV", "227 Entering \u00a6Passive ({SIX}).\r\n"),
    LOGOUT("227 Logout. passes as it is", "QUIT", "227 Logout.\r\n"),
    ANOTHER("227 with another host's address opens nothing", "PASV", "227 Passive (10,77,0,3,200,21)\r\n", 51_221),
    PORT_22("227 with port 22 opens nothing", "PASV", "227 Passive (10,77,0,2,0,22)\r\n", 22),
    EPSV("229", "EPSV", "229 Extended Passive ({EPSV})\r\n"),
    EPSV_OTHER_DELIMITER("229 with another delimiter", "EPSV", "229 Extended Passive ({EPSV_BANG})\r\n"),
    LPSV("228 passes as it is", "LPSV", "228 Long Passive (4,4,10,77,0,2,2,200,21)\r\n");

    private final String title;
    private final String commands;
    private final String template;
    private final int closedPort;

    PassiveFtp(String title, String commands, String template) {
        this(title, commands, template, 0);
    }

    PassiveFtp(String title, String commands, String template, int closedPort) {
        this.title = title;
        this.commands = commands;
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

    @Override
    public void play(Stage stage) throws IOException {
        try (Conversation ftp = stage.ftpInwards()) {
            for (String command : commands.split("\r\n")) {
                ftp.client().says(command + "\r\n");
                ftp.server().hears(command);
            }
            new Announcer(stage, ftp.server(), ftp.client(), stage.inside(), Topology.CLIENT_ADDRESS,
                    Topology.OUTSIDE_ADDRESS, stage.outside(), Topology.SERVER_ADDRESS).announce(template);
            if (closedPort != 0) {
                stage.demandClosed(closedPort);
            }
            ActiveFtp.goOn(ftp);
        }
    }
}
