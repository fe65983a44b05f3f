package org.sluice.mgmt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.Namespace;
import org.sluice.mgmt.lab.Topology;

/** Two consoles behind one address play with each other and with somebody outside, each from the one port that all games use. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "Linux maps by both endpoints")
class ConsolesIT {
    private static final String SECOND_ADDRESS = "10.77.0.3";
    private static final String STRANGER_ADDRESS = "198.51.100.3";
    private static final String GAME_PORT = "3074";
    private static final String LOBBY_PORT = "4000";
    private static final List<String> PLAYERS = List.of("first", "second", "stranger");

    private Rig rig;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void accountForEveryPacketAndClose() {
        try {
            processes.forEach(Process::destroy);
            rig.middle().assertAtRest();
        } finally {
            rig.close();
        }
    }

    private Path start(Namespace host, String... arguments) {
        Path log = rig.newDirectory("game").resolve("log");
        processes.add(host.start(JavaCommand.program(GamePlayer.class, List.of(arguments)), log));
        return log;
    }

    @Test
    void shouldLetEverybodyPlayWithEverybody() {
        rig = Rig.open(Plan.sourceNat("{kind: masquerade, out: outside, filtering: endpoint_independent}"));
        rig.client().run("ip", "address", "add", SECOND_ADDRESS + "/24", "dev", Topology.DEVICE);
        rig.server().run("ip", "address", "add", STRANGER_ADDRESS + "/24", "dev", Topology.DEVICE);
        Path lobby = start(rig.server(), Topology.SERVER_ADDRESS, LOBBY_PORT);
        Map<String, Path> logs = new TreeMap<>();
        logs.put("first", player(rig.client(), Topology.CLIENT_ADDRESS, "first"));
        logs.put("second", player(rig.client(), SECOND_ADDRESS, "second"));
        logs.put("stranger", player(rig.server(), STRANGER_ADDRESS, "stranger"));

        Rig.await("everybody hears everybody else", () -> logs.entrySet().stream().allMatch(log -> PLAYERS.stream()
                .filter(name -> !name.equals(log.getKey()))
                .allMatch(name -> Rig.read(log.getValue()).contains(name + " plays from "))));
        List<String> joined = Rig.read(lobby).lines().filter(line -> line.contains(" joins from ")).toList();
        assertThat(joined).as("nobody's endpoint changes").hasSize(PLAYERS.size());
        for (String line : joined) {
            String name = line.split(" ")[0];
            String endpoint = line.substring(line.indexOf(" from ") + 6);
            assertThat(endpoint).startsWith(name.equals("stranger") ? STRANGER_ADDRESS : Topology.OUTSIDE_ADDRESS);
            for (Map.Entry<String, Path> log : logs.entrySet()) {
                assertThat(Rig.read(log.getValue()).lines().filter(l -> l.startsWith(name + " plays")).distinct())
                        .as("%s at %s", name, log.getKey())
                        .allMatch(l -> l.equals(name + " plays from " + endpoint));
            }
        }
    }

    private Path player(Namespace host, String address, String name) {
        return start(host, address, GAME_PORT, name, Topology.SERVER_ADDRESS, LOBBY_PORT);
    }
}
