package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Topology;

/**
 * Somebody at a terminal of a host with a talk daemon. The daemon finds the terminal in utmp(5), so the host has a /run of its
 * own; it wants a name for whoever asks it, so there is an /etc/hosts of its own too. Both are mounted in the mount namespace
 * that ip-netns(8) gives each process, and gone with it.
 */
final class TalkUser {
    /** Escape sequences of a VT100, and the control characters that curses moves about with. */
    private static final Pattern NOT_TEXT = Pattern
            .compile("\\e(\\[[?0-9;]*[A-Za-z]|[()][A-Z0-9]|[=>78])|[\\x00-\\x1F]");
    private static final Pattern INVITATION = Pattern.compile("talk: respond with: +talk (\\S+)");
    private static final List<String> ADDRESSES = List.of("127.0.0.1", Topology.CLIENT_ADDRESS, Topology.SERVER_ADDRESS,
            Topology.OUTSIDE_ADDRESS);

    private final Rig rig;
    private final Namespace host;
    private final Path work;
    private final Path screen;
    private final OutputStream keyboard;

    private TalkUser(Rig rig, Namespace host) throws IOException {
        this.rig = rig;
        this.host = host;
        work = rig.newDirectory("talk");
        screen = work.resolve("screen");
        Files.createDirectory(work.resolve("run"));
        Files.write(work.resolve("hosts"), ADDRESSES.stream().map(a -> a + " host-" + a.replace('.', '-')).toList());
        startDaemon();
        keyboard = start(screen, Tools.find("script"), "-qfc", session(), "/dev/null").getOutputStream();
    }

    /** @return what runs on the terminal; an interactive shell would not end when it is told to. */
    private String session() {
        return "export TERM=vt100; mesg y; tty >%1$s.new && mv %1$s.new %1$s; while read -r line; do $line; done"
                .formatted(work.resolve("tty"));
    }

    /** Starts both daemons of a host, and logs somebody in. */
    static TalkUser logIn(Rig rig, Namespace host) throws IOException {
        TalkUser user = new TalkUser(rig, host);
        Path tty = user.work.resolve("tty");
        Rig.await("a shell on a terminal", () -> Files.exists(tty));
        user.writeUtmp(Files.readString(tty).strip().replaceFirst("^/dev/", ""));
        return user;
    }

    /** One daemon answers its clients on the host and those elsewhere; it keeps the invitations in its memory. */
    private void startDaemon() throws IOException {
        Path config = work.resolve("inetd.conf");
        Files.write(config, List.of("talk dgram udp wait root %s in.talkd".formatted(Tools.find("in.talkd")),
                "ntalk dgram udp wait root %s in.ntalkd".formatted(Tools.find("in.ntalkd"))));
        Process process = start(work.resolve("log"), Tools.find("inetd"), "-i", config.toString());
        Rig.await("inetd has the daemons' ports", () -> {
            assertThat(process.isAlive()).withFailMessage(() -> "inetd ended: " + read(work.resolve("log"))).isTrue();
            return host.run("cat", "/proc/net/udp").contains(":0206 ");
        });
    }

    private Process start(Path log, String... command) {
        List<String> all = new ArrayList<>(List.of("sh", "-c",
                "mount --bind \"$0/run\" /run && mount --bind \"$0/hosts\" /etc/hosts && exec \"$@\"",
                work.toString()));
        all.addAll(List.of(command));
        return host.start(all, log);
    }

    private void writeUtmp(String line) throws IOException {
        Path text = work.resolve("utmp.text");
        Files.writeString(text, "[7] [%05d] [ts  ] [%s] [%s] [] [0.0.0.0] [2020-01-01T00:00:00,000000+00:00]%n"
                .formatted(1, name(), line));
        rig.run(host, "sh", "-c", Tools.find("utmpdump") + " -r <" + text + " >" + work.resolve("run/utmp"));
    }

    /** @return what talk calls the user: getlogin(3), else getpwuid(3). */
    String name() {
        return rig.run(host, "sh", "-c", "logname 2>/dev/null || id -un").strip();
    }

    /** Calls somebody, or answers a call. @param whom user@host */
    void talkTo(String whom) {
        type(Tools.find("netkit-ntalk") + " " + whom);
    }

    /** Types a line. */
    void type(String line) {
        try {
            keyboard.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            keyboard.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return whom to answer, as the daemon says on the terminal. */
    String awaitInvitation() {
        Rig.await("an invitation on the terminal", () -> INVITATION.matcher(text()).find());
        Matcher invitation = INVITATION.matcher(text());
        assertThat(invitation.find()).isTrue();
        return invitation.group(1);
    }

    /** Waits until the terminal has shown a text. */
    void awaitText(String wanted) {
        Rig.await("the terminal shows " + wanted, () -> text().contains(wanted));
    }

    /** @return whether the conversation has begun. */
    boolean isConnected() {
        return text().contains("[Connection established]");
    }

    /** @return everything that the terminal has shown, without what moves the cursor. */
    String text() {
        return NOT_TEXT.matcher(read(screen)).replaceAll(" ");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
