package org.sluice.helpers.spi;

import java.util.Map;
import java.util.function.Function;

/** What the gateway offers to a session. Called on the conductor's thread, from within the session's own calls. */
public interface Control {

    /** @return address and port of the given side, as that side itself knows them. */
    Endpoint endpointOf(Direction side);

    /** @return address and port of the given side, as the other side sees them; the same where nothing is translated. */
    Endpoint seenEndpointOf(Direction side);

    /** Has the NAT half write another endpoint in the place of the mentioned one; for addresses that lead to nothing new. */
    void rewrite(Mention mention, Endpoint seen);

    /**
     * Expect one connection to {@code to}; nobody reads that endpoint in the stream, so nothing is rewritten.
     *
     * @param listener the side whose host accepts the connection
     * @param to as the listener itself knows it
     * @return false when nothing was opened: neither the listener's own address nor the one it is seen under, a port below
     *         1024 (unless the helper watches it), or a bound was reached
     */
    boolean expect(Direction listener, Peer peer, Transport transport, Endpoint to);

    /**
     * Expect one connection to the mentioned endpoint, which the listener wrote into the bytes being shown. Where an
     * address or a port is translated, the NAT half rewrites the mention; without a NAT half the text stays as it is.
     *
     * @return as above; when false the mention stays as it is
     */
    boolean expect(Direction listener, Peer peer, Transport transport, Mention mention);

    /**
     * What the other side was told instead of a port that this control connection expects a connection to; for text that names the
     * port once more, as IRC's DCC ACCEPT does.
     *
     * @param port as the listener knows it
     * @return -1 when no connection is expected there
     */
    default int seenPort(Direction listener, Transport transport, int port) {
        return -1;
    }

    /** The way back. @param seenPort as the other side was told. @return as the listener knows it; -1 as above */
    default int ownPort(Direction listener, Transport transport, int seenPort) {
        return -1;
    }

    /**
     * Writes a decimal number anew that says how long a part of the message is, when replacements asked for so far have changed
     * that part's length. Ask for it last. Offsets count from the first byte shown by the current call of the session.
     *
     * @param offset first digit
     * @param length of the number, in bytes
     * @param part where the part begins
     * @param partLength its length in bytes as it was shown
     */
    default void rewriteLength(int offset, int length, int part, int partLength) {}

    /** What this control connection expects is wanted no longer, because what it talked about has ended. */
    default void endExpectations() {}

    /**
     * Expect connections to {@code to} for as long as the group lasts. To ask for the same once more renews it; then the peer may be
     * another one. Nothing is rewritten: whoever asks writes what is returned, by {@link #rewrite}, wherever the endpoint stands.
     *
     * @param to as the listener itself knows it
     * @return the endpoint that the other side has to be told; null when nothing was opened, as above
     */
    default Endpoint expect(Direction listener, Peer peer, Transport transport, Endpoint to, Group group) {
        return null;
    }

    /**
     * Expect RTP at a port and RTCP at the one behind it (RFC 3550 section 11), as above. Where ports are translated, the two outside
     * ports are neighbours too, the even one first. When one of the two has another translation already, RTP alone is expected.
     *
     * @param rtp as the listener itself knows it; an even port
     * @return the endpoint that the other side has to be told for RTP; null when nothing was opened
     * @throws IllegalArgumentException when the port is odd
     */
    default Endpoint expectPair(Direction listener, Peer peer, Endpoint rtp, Group group) {
        return null;
    }

    /**
     * Expect control connections to {@code to}, as above, that the helper reads as well: whatever its port, each that comes gets a
     * session of its own.
     *
     * @param reader makes that session, like {@link Helper#newSession}
     * @return the endpoint that the other side has to be told; null when nothing was opened
     */
    default Endpoint expectControl(Direction listener, Peer peer, Transport transport, Endpoint to, Group group,
            Function<Control, HelperSession> reader) {
        return null;
    }

    /** The group of that name has ended, and what was expected for it is wanted no longer. */
    default void endExpectations(String group) {}

    /** @return what carries this control connection. */
    default Transport transport() {
        return Transport.TCP;
    }

    /**
     * A side asks for a call of PPTP (RFC 2637), which GRE will carry, and names the call ID under which it wants to receive.
     * Nothing passes until the call is answered. It takes the place of a call that the side had opened under the same ID.
     *
     * @param side whose host chose the call ID
     * @param callId 0 to 65535
     * @return the call ID that the other side has to be told, which is another one where translation would mix up two; -1 when
     *         the call was refused and everything is to stay as it is
     */
    default int openCall(Direction side, int callId) {
        return -1;
    }

    /**
     * The other side answers a call. From now on GRE passes between the two hosts, whichever sends first, until {@link #endCall} or
     * the end of the control connection.
     *
     * @param side that answers
     * @param callId under which it wants to receive
     * @param opened the other side's, as that side knows it
     * @return as above
     */
    default int answerCall(Direction side, int callId, int opened) {
        return -1;
    }

    /** The call that the side opened or answered under that ID of its own is over, and so is its GRE. */
    default void endCall(Direction side, int callId) {}

    /** Nothing further can be read here (encryption, an unknown mode): all later bytes pass unread. */
    void detach();

    /**
     * Count something worth knowing, shown as {@code sluice_helper_events_total{helper,event}}.
     *
     * @param event a fixed word, never made from the traffic
     */
    void count(String event);

    /** @return the helper's options in the configuration; empty when there are none. */
    Map<String, String> options();
}
