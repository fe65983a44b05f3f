package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Says lines in which endpoints are announced, and demands of the other end that it hears every line, those that announce nothing
 * unchanged, and that it reaches what was announced at the place it heard.
 *
 * @param stage it is on
 * @param speaker says the lines
 * @param hearer hears them
 * @param listening host of the speaker
 * @param own address of the speaker
 * @param seen address at which the other end must be told to find the speaker
 * @param connecting host of the other end, and its address
 */
record Announcer(Stage stage, End speaker, End hearer, Party listening, String own, String seen, Party connecting,
        String other) {
    /** In a template: here a new segment begins. */
    static final String CUT = "\u00a6";

    private record Announced(Notation notation, ServerSocketChannel listener) {}

    /** @param template lines with placeholders of notations, at most one a line, and {@link #CUT}s */
    void announce(String template) throws IOException {
        List<String> said = new ArrayList<>();
        List<Announced> announced = new ArrayList<>();
        try {
            for (String line : template.split("(?<=\n)")) {
                Announced one = listen(line);
                announced.add(one);
                said.add(one == null
                        ? line
                        : line.replace(one.notation.placeholder(),
                                one.notation.write(own, one.listener.socket().getLocalPort())));
            }
            speaker.says(String.join("", said).split(CUT));
            for (int i = 0; i < said.size(); i++) {
                hear(said.get(i).replace(CUT, ""), announced.get(i));
            }
        } finally {
            for (Announced one : announced) {
                if (one != null) {
                    one.listener.close();
                }
            }
        }
    }

    private Announced listen(String line) throws IOException {
        for (Notation notation : Notation.values()) {
            if (line.contains(notation.placeholder())) {
                return new Announced(notation, listening.listen(own, 0));
            }
        }
        return null;
    }

    private void hear(String said, Announced announced) throws IOException {
        if (announced == null) {
            hearer.hears(said);
            return;
        }
        InetSocketAddress place = announced.notation.find(hearer.hears());
        if (place.getAddress().isAnyLocalAddress()) {
            place = new InetSocketAddress(InetAddress.ofLiteral(seen), place.getPort());
        }
        if (!place.getAddress().equals(InetAddress.ofLiteral(seen))) {
            throw new MissedException(hearer.name() + " is told " + place.getAddress().getHostAddress());
        }
        stage.demandArrival(connecting, other, place, listening, announced.listener);
    }
}
