package org.sluice.helpers.irc;

import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.text.Line;
import org.sluice.helpers.text.LineSession;

/**
 * One IRC connection of a client. A DCC offer is believed only from the client, after it has registered, and only as a CTCP message
 * proper: the text of a PRIVMSG or NOTICE begins with \001 and each message in it ends with one (CVE-2022-2663). Whoever the offer
 * is made to may connect, because the server does not say from where.
 *
 * <p>The receiver of a file knows the offer by the port that he was told. He asks for the rest of a file with that port (RESUME), and
 * is answered with it (ACCEPT), so the one is put back into the client's own, and the other into what the receiver was told.
 */
final class IrcSession extends LineSession {
    /** 512 bytes with the line's end (RFC 2812 section 2.3), and 8191 of tags (IRCv3 message-tags). */
    private static final int MAX_LINE = 8701;
    private static final int CTCP = 1;

    private final Control control;
    private boolean begun;
    private boolean nick;
    private boolean user;
    private boolean offered;

    IrcSession(Control control) {
        super(MAX_LINE);
        this.control = control;
    }

    /** Only a message that has its \001 already, or has not come to the place where it would stand. */
    @Override
    protected boolean mayMatter(Direction from, Line line) {
        if (from == Direction.ORIGINAL ? !nick || !user : !offered) {
            return false;
        }
        int at = IrcLine.command(line);
        if (at < 0) {
            return true;
        }
        if (!line.couldBeWordAt(at, "PRIVMSG ") && !line.couldBeWordAt(at, "NOTICE ")) {
            return false;
        }
        int text = IrcLine.text(line, at);
        return text < 0 || text >= line.length() || line.at(text) == CTCP;
    }

    @Override
    protected void onLine(Direction from, Line line) {
        int at = IrcLine.command(line);
        if (from == Direction.ORIGINAL && !begun && line.length() > 0) {
            begun = true;
            if (line.isHttpRequest() || line.hasControls()) {
                leave("not_irc");
                return;
            }
        }
        if (at < 0) {
            return;
        }
        if (line.isWordAt(at, "PRIVMSG ") || line.isWordAt(at, "NOTICE ")) {
            onMessage(from, line, at);
        } else if (from == Direction.REPLY) {
            if (line.isWordAt(at, "670 ")) {
                // RPL_STARTTLS of IRCv3: from here on it is TLS
                leave("tls");
            }
        } else if (line.isWordAt(at, "NICK ")) {
            nick = true;
        } else if (line.isWordAt(at, "USER ")) {
            user = true;
        }
    }

    private void leave(String why) {
        control.count(why);
        control.detach();
        stop();
    }

    /**
     * CTCP messages one behind the other, each between two \001. A NOTICE answers what others have asked, and some clients repeat to
     * a PING whatever it said: there, what stands behind anything but DCC may be somebody else's words.
     */
    private void onMessage(Direction from, Line line, int command) {
        boolean isNotice = line.isWordAt(command, "NOTICE ");
        int begin = IrcLine.text(line, command);
        while (begin >= 0 && line.at(begin) == CTCP) {
            int end = line.indexOf(CTCP, begin + 1);
            boolean isDcc = end >= 0 && DccMessage.isDcc(line, begin + 1);
            if (isDcc) {
                onDcc(from, line, begin + 1, end);
            }
            if (end < 0 || isNotice && !isDcc) {
                return;
            }
            begin = line.skipBlanks(end + 1);
        }
    }

    private void onDcc(Direction from, Line line, int begin, int end) {
        DccMessage.Kind kind = DccMessage.kind(line, begin);
        boolean isOffer = kind == DccMessage.Kind.OFFER && from == Direction.ORIGINAL;
        boolean isPort = kind == (from == Direction.ORIGINAL ? DccMessage.Kind.ACCEPT : DccMessage.Kind.RESUME);
        if (!isOffer && !isPort) {
            return;
        }
        DccMessage message = isOffer ? DccMessage.offer(line, begin, end) : DccMessage.port(line, begin, end);
        if (message == null) {
            control.count("not_understood");
        } else if (!nick || !user) {
            control.count("too_early");
        } else if (!isWritable()) {
            control.count("too_late");
        } else if (isPort) {
            onPort(from, message);
        } else if (message.port() == 0) {
            onReverse(message);
        } else {
            offered |= control.expect(Direction.ORIGINAL, Peer.ANYONE, Transport.TCP,
                    mention(message, message.address(), message.port()));
        }
    }

    /** The other side will listen, so nothing has to be opened; but receivers show the address to their users. */
    private void onReverse(DccMessage message) {
        control.count("reverse");
        InetAddress seen = control.seenEndpointOf(Direction.ORIGINAL).address();
        if (message.address().equals(control.endpointOf(Direction.ORIGINAL).address())
                && !message.address().equals(seen)) {
            control.rewrite(mention(message, message.address(), 0), new Endpoint(seen, 0));
        }
    }

    /** Port 0 belongs to a reverse offer, which goes by its token. */
    private void onPort(Direction from, DccMessage message) {
        Endpoint own = control.endpointOf(Direction.ORIGINAL);
        Endpoint seen = control.seenEndpointOf(Direction.ORIGINAL);
        boolean isAccept = from == Direction.ORIGINAL;
        int port = isAccept
                ? control.seenPort(Direction.ORIGINAL, Transport.TCP, message.port())
                : control.ownPort(Direction.ORIGINAL, Transport.TCP, message.port());
        if (port >= 0 && port != message.port()) {
            InetAddress here = isAccept ? own.address() : seen.address();
            InetAddress there = isAccept ? seen.address() : own.address();
            control.rewrite(mention(message, here, message.port()), new Endpoint(there, port));
        }
    }

    private Mention mention(DccMessage message, InetAddress address, int port) {
        return mention(message.begin(), message.end(), message.form(), new Endpoint(address, port));
    }

    @Override
    protected int saveState(MutableDirectBuffer memory, int offset) {
        memory.putByte(offset, (byte) ((begun ? 1 : 0) | (nick ? 2 : 0) | (user ? 4 : 0) | (offered ? 8 : 0)));
        return 1;
    }

    @Override
    protected boolean restoreState(DirectBuffer memory, int offset, int length) {
        if (length != 1) {
            return false;
        }
        int state = memory.getByte(offset);
        begun = (state & 1) != 0;
        nick = (state & 2) != 0;
        user = (state & 4) != 0;
        offered = (state & 8) != 0;
        return true;
    }
}
