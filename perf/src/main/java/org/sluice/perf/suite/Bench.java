package org.sluice.perf.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sluice.perf.suite.stand.Middle;
import org.sluice.perf.suite.stand.Rival;
import org.sluice.perf.suite.stand.Stand;

/**
 * What an experiment has at hand.
 *
 * @param settings of the run
 * @param progress takes a line whenever something was measured
 */
record Bench(Settings settings, Consumer<String> progress) {
    private static final int ROUNDS_A_SEARCH = 3;

    /** One measurement of one rival. */
    interface Measurement<R> {
        R measure(Stand stand, Middle middle) throws Exception;
    }

    /**
     * Measures rivals by turns, so that what changes on the machine meanwhile changes for all of them; each time in a fresh stand.
     *
     * @param what is measured, for the progress
     * @return an outcome for each of the rivals that take part
     */
    <R> List<Outcome<R>> turns(String what, List<? extends Rival> rivals, Measurement<R> measurement) {
        Map<Rival, List<R>> results = new LinkedHashMap<>();
        Map<Rival, String> problems = new LinkedHashMap<>();
        for (Rival rival : rivals) {
            if (settings.admits(rival.name())) {
                results.put(rival, new ArrayList<>());
                problems.put(rival, rival.missing());
            }
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Rival rival : results.keySet()) {
                if (problems.get(rival).isEmpty()) {
                    String where = "%s, round %d of %d, %s: ".formatted(what, round, settings.rounds(), rival.name());
                    try (Stand stand = Stand.make(); Middle middle = rival.start(stand)) {
                        R result = measurement.measure(stand, middle);
                        results.get(rival).add(result);
                        progress.accept(where + result);
                    } catch (Exception e) {
                        problems.put(rival, "failed: " + firstLine(e));
                        progress.accept(where + problems.get(rival));
                    }
                }
            }
        }
        return results.keySet().stream()
                .map(rival -> new Outcome<>(rival.name(), results.get(rival), problems.get(rival))).toList();
    }

    /**
     * For a search, which takes several measurements itself, and as long as they all do: one where others have three rounds.
     *
     * @return the same with fewer rounds, at least one
     */
    Bench forSearch() {
        return new Bench(settings.rounds(Math.max(1, settings.rounds() / ROUNDS_A_SEARCH)), progress);
    }

    static String firstLine(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines().findFirst().orElse("");
    }
}
