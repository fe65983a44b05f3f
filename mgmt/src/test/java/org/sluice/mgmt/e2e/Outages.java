package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.mgmt.lab.Shell;
import org.sluice.mgmt.lab.Topology;

/** Pings from the client to the server a hundred times a second, one flow all the time, to tell how long a killed gateway forwarded nothing. */
final class Outages {
    private static final Pattern ANSWER = Pattern.compile("(?m)^\\[(\\d+)\\.(\\d{3})\\d*] \\d+ bytes from");
    /** An answer that was on its way when the gateway died may be read so much later; no gateway starts so soon. */
    private static final int UNDER_WAY_MS = 100;

    private final Path log;
    private final Process ping;
    private final List<Long> deaths = new ArrayList<>();

    Outages(Rig rig) {
        log = rig.newDirectory("ping").resolve("log");
        ping = rig.client().start(List.of(Tools.find("ping"), "-D", "-n", "-i", "0.01", Topology.SERVER_ADDRESS), log);
    }

    /** The gateway has just been killed. */
    void killed() {
        deaths.add(System.currentTimeMillis());
    }

    /** Ends. @return milliseconds from each death to the first packet that the next gateway forwarded, in ascending order */
    List<Long> end() throws IOException, InterruptedException {
        // for its last lines
        Shell.run("kill", "-INT", Long.toString(ping.pid()));
        assertThat(ping.waitFor(30, TimeUnit.SECONDS)).as("the ping's end").isTrue();
        List<Long> answers = new ArrayList<>();
        Matcher answer = ANSWER.matcher(Files.readString(log));
        while (answer.find()) {
            answers.add(TimeUnit.SECONDS.toMillis(Long.parseLong(answer.group(1))) + Long.parseLong(answer.group(2)));
        }
        List<Long> outages = new ArrayList<>();
        for (long death : deaths) {
            outages.add(answers.stream().filter(a -> a > death + UNDER_WAY_MS).findFirst()
                    .orElseThrow(() -> new AssertionError("no ping was answered any more, see " + log)) - death);
        }
        return outages.stream().sorted().toList();
    }

    /** @param outages in ascending order */
    static String describe(List<Long> outages) {
        return "from kill to forwarding: median %d ms, worst %d ms of %d".formatted(outages.get(outages.size() / 2),
                outages.getLast(), outages.size());
    }
}
