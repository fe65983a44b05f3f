package org.sluice.perf.helpers;

import java.io.IOException;
import java.util.Locale;
import org.sluice.mgmt.lab.session.MissedException;
import org.sluice.mgmt.lab.session.Session;
import org.sluice.mgmt.lab.session.Stage;
import org.sluice.mgmt.lab.session.UnavailableException;

/**
 * What came of a session.
 *
 * @param kind of outcome
 * @param why in a few words; empty when it passed
 */
record Outcome(Kind kind, String why) {

    /** Whether the right outcome was seen. */
    enum Kind {
        PASSED,
        FAILED,
        /** The machine lacks a program. */
        NOT_PLAYED
    }

    static final Outcome PASSED = new Outcome(Kind.PASSED, "");

    static Outcome of(Session session, Stage stage) {
        try {
            session.play(stage);
            return PASSED;
        } catch (UnavailableException e) {
            return new Outcome(Kind.NOT_PLAYED, e.getMessage());
        } catch (MissedException e) {
            return new Outcome(Kind.FAILED, e.getMessage());
        } catch (IOException e) {
            return new Outcome(Kind.FAILED, "connection failed: " + e.getMessage());
        }
    }

    boolean passed() {
        return kind == Kind.PASSED;
    }

    boolean played() {
        return kind != Kind.NOT_PLAYED;
    }

    @Override
    public String toString() {
        String word = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return why.isEmpty() ? word : word + ": " + why;
    }
}
