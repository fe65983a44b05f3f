package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Topology;

/** Somebody who uses irssi(1) at a terminal: listens for DCC on one port only, and takes every file that is offered, from where it broke off. */
final class IrssiUser {
    /** The only port of every user. */
    static final int PORT = 5001;
    /** Escape sequences of a VT100, and the control characters that curses moves about with. */
    private static final Pattern NOT_TEXT = Pattern
            .compile("\\e(\\[[?0-9;]*[A-Za-z]|[()][A-Z0-9]|[=>78])|[\\x00-\\x1F]");

    private final Path home;
    private final Path screen;
    private final OutputStream keyboard;

    /** Starts the client and waits until the server has welcomed it. @param address of the host, to connect and listen with */
    IrssiUser(Rig rig, Namespace host, String address, String nick) throws IOException {
        home = rig.newDirectory(nick);
        screen = home.resolve("screen");
        Files.createDirectory(downloads());
        Files.writeString(home.resolve("config"),
                """
                        settings = {
                          core = { real_name = "x"; user_name = "x"; nick = "%s"; };
                          "irc/dcc" = { dcc_port = "%d"; dcc_autoget = "yes"; dcc_autoaccept_lowports = "yes"; dcc_autoresume = "yes"; dcc_download_path = "%s"; };
                        };
                        """
                        .formatted(nick, PORT, downloads()));
        String irssi = "stty cols 500 rows 50; exec env TERM=vt100 %s --home=%s -h %s -c %s -n %s".formatted(
                Tools.find("irssi"), home, address, Topology.SERVER_ADDRESS, nick);
        Process process = host.start(List.of(Tools.find("script"), "-qfc", irssi, "/dev/null"), screen);
        keyboard = process.getOutputStream();
        awaitText("Welcome to the Internet Relay Network");
    }

    /** @return where files come to. */
    Path downloads() {
        return home.resolve("downloads");
    }

    /** Types a line. */
    void type(String line) {
        try {
            keyboard.write((line + "\r").getBytes(StandardCharsets.US_ASCII));
            keyboard.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the terminal has shown a text. */
    void awaitText(String wanted) {
        Rig.await(() -> "the terminal shows " + wanted + ": " + text(), () -> text().contains(wanted));
    }

    /** @return the port at which somebody offered something, as the terminal shows it. */
    int awaitOffer(String kind, String nick, String address) {
        Pattern offer = Pattern.compile("DCC %s from %s.*?\\[%s port (\\d+)\\]".formatted(kind, nick,
                address.replace(".", "\\.")));
        Rig.await(() -> "an offer of %s at %s: %s".formatted(nick, address, text()),
                () -> offer.matcher(text()).find());
        Matcher found = offer.matcher(text());
        assertThat(found.find()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    /** @return everything that the terminal has shown, without what moves the cursor. */
    String text() {
        try {
            return NOT_TEXT.matcher(Files.readString(screen, StandardCharsets.ISO_8859_1)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
