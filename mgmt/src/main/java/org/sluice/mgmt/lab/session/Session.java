package org.sluice.mgmt.lab.session;

import java.io.IOException;

/** One conversation and its right outcome, as the hosts at both ends see it. */
public interface Session {

    /** @return the helper it is about, by its name in the configuration. */
    String helper();

    /** @return what happens, in a few words. */
    String title();

    /**
     * Plays it. What it opens it closes; it may be played again.
     *
     * @throws MissedException when the outcome is not the right one
     * @throws UnavailableException when the machine lacks a program for it
     * @throws IOException when a connection broke that should not have
     */
    void play(Stage stage) throws IOException;
}
