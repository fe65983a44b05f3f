package org.sluice.slowpath.conntrack;

/** Bits of a flow's status. */
public final class Status {
    /** In the index and counted; cleared records are not. */
    public static final int LIVE = 1;
    /** A helper expected it. */
    public static final int EXPECTED = 2;
    /** The side that opened has sent FIN. */
    public static final int FIN_ORIGINAL = 4;
    /** The side that answered has sent FIN. */
    public static final int FIN_REPLY = 8;
    /** Ended, at rest until no worker can be reading it. */
    public static final int ENDED = 16;
    /** The side that opened has sent RST. */
    public static final int RESET_ORIGINAL = 32;
    /** The side that answered has sent RST. */
    public static final int RESET_REPLY = 64;
    /** TCP: counted among those that are opening. */
    public static final int OPENING = 128;
    /** TCP: counted among those that nobody has answered. */
    public static final int UNANSWERED = 256;

    /** TCP: an earlier run knew it; how far its sides are by now has to be seen first. */
    public static final int RESTORED = 512;
    /** Nobody reads it: it is punted only until that has been seen. */
    public static final int PUNTED = 1024;

    private Status() {}
}
