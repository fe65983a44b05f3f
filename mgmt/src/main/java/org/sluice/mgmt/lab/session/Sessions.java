package org.sluice.mgmt.lab.session;

import java.util.ArrayList;
import java.util.List;

/** All sessions, in the order in which they are played and reported. A new one is a constant of an enum here, or a class more. */
public final class Sessions {

    private Sessions() {}

    /** @return exchanges of which each byte is chosen here. */
    public static List<Session> scripted() {
        List<Session> all = new ArrayList<>();
        all.addAll(List.of(ActiveFtp.values()));
        all.addAll(List.of(PassiveFtp.values()));
        all.addAll(List.of(IrcOffer.values()));
        all.addAll(List.of(IrcDialogue.values()));
        all.addAll(List.of(SipCall.values()));
        all.addAll(List.of(TalkCall.values()));
        all.addAll(List.of(H323Call.values()));
        all.addAll(List.of(IcqCall.values()));
        return all;
    }

    /** @return those with programs of Debian at both ends, and then the scripted ones. */
    public static List<Session> all() {
        List<Session> all = new ArrayList<>(List.of(Software.values()));
        all.addAll(scripted());
        return all;
    }
}
