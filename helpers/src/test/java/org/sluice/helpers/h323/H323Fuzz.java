package org.sluice.helpers.h323;

import static org.sluice.helpers.fuzz.Conversation.seed;
import static org.sluice.helpers.h323.Messages.message;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.helpers.fuzz.HelperFuzz;

class H323Fuzz {
    private static final String CLIENT = "10.77.0.2:";
    private static final String SERVER = "198.51.100.2:";

    private static String said(String name, String host) {
        return message(name, host + 1720, host + 1719, host + 5008, host + 5000, host + 5001, host + 5002, host + 5003);
    }

    static Stream<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : Messages.names()) {
            seeds.add(seed("C:" + said("setup", CLIENT), "C:" + said(name, CLIENT), "S:" + said(name, SERVER)));
        }
        return seeds.stream();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "5s")
    void shouldSurviveAnything(byte[] input) {
        HelperFuzz.run(new H323Helper(), new H323Nat(), input);
    }
}
