package org.sluice.helpers.irc;

import java.net.InetAddress;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Peer;
import org.sluice.helpers.spi.Transport;
import org.sluice.helpers.text.Line;
import org.sluice.helpers.text.LineSession;

/**
 * One IRC connection of a client. A DCC offer is believed only from the client, after it has registered, and only as a CTCP message
 * proper: the text of a PRIVMSG or NOTICE begins with \001 and each offer ends with one (CVE-2022-2663). Whoever the offer is made to
 * may connect, because the server does not say from where.
 */
final class IrcSession extends LineSession {
    /** 512 bytes (RFC 2812 section 2.3) and 8191 of tags (IRCv3 message-tags). */
    private static final int MAX_LINE = 8703;
    private static final int CTCP = 1;
    private static final int MAX_PORT = 0xFFFF;
    private static final String[] OFFERS = {"SEND", "CHAT", "SCHAT", "TSEND", "MOVE"};

    private final Control control;
    private boolean begun;
    private boolean nick;
    private boolean user;

    IrcSession(Control control) {
        super(MAX_LINE);
        this.control = control;
    }

    /** Only a message that has its \001 already, or has not come to the place where it would stand. */
    @Override
    protected boolean mayMatter(Direction from, Line line) {
        if (from == Direction.REPLY) {
            return false;
        }
        int at = commandStart(line);
        if (at < 0) {
            return true;
        }
        if (!line.couldBeWordAt(at, "PRIVMSG ") && !line.couldBeWordAt(at, "NOTICE ")) {
            return false;
        }
        int text = textStart(line, at);
        return text < 0 || text >= line.length() || line.at(text) == CTCP;
    }

    @Override
    protected void onLine(Direction from, Line line) {
        int at = commandStart(line);
        if (at < 0) {
            return;
        }
        if (from == Direction.REPLY) {
            if (line.isWordAt(at, "670 ")) {
                // RPL_STARTTLS of IRCv3: from here on it is TLS
                leave("tls");
            }
            return;
        }
        if (!begun && line.isHttpRequest()) {
            leave("not_irc");
            return;
        }
        begun = true;
        if (line.isWordAt(at, "NICK ")) {
            nick = true;
        } else if (line.isWordAt(at, "USER ")) {
            user = true;
        } else if (line.isWordAt(at, "PRIVMSG ") || line.isWordAt(at, "NOTICE ")) {
            int text = textStart(line, at);
            if (text >= 0 && line.at(text) == CTCP) {
                onText(line, text);
            }
        }
    }

    private void leave(String why) {
        control.count(why);
        control.detach();
        stop();
    }

    /** @return index of the command behind tags and prefix; -1 when that place has not come. */
    private static int commandStart(Line line) {
        int at = 0;
        if (line.at(at) == '@') {
            at = line.indexOf(' ', at);
            at = at < 0 ? -1 : line.skipBlanks(at);
        }
        if (at >= 0 && line.at(at) == ':') {
            at = line.indexOf(' ', at);
            at = at < 0 ? -1 : line.skipBlanks(at);
        }
        return at;
    }

    /** @return index of the message's text, without its colon; -1 when that place has not come. */
    private static int textStart(Line line, int command) {
        int target = line.indexOf(' ', command);
        if (target < 0) {
            return -1;
        }
        int behind = line.indexOf(' ', line.skipBlanks(target));
        if (behind < 0) {
            return -1;
        }
        int text = line.skipBlanks(behind);
        return line.at(text) == ':' ? text + 1 : text;
    }

    /** CTCP messages one after the other, each between two \001. */
    private void onText(Line line, int text) {
        int begin = text;
        while (begin >= 0 && line.at(begin) == CTCP) {
            int end = line.indexOf(CTCP, begin + 1);
            if (end < 0) {
                return;
            }
            onCtcp(line, begin + 1, end);
            begin = line.indexOf(CTCP, end + 1);
        }
    }

    private void onCtcp(Line line, int begin, int end) {
        if (!line.isWordAt(begin, "DCC ")) {
            return;
        }
        int verb = line.skipBlanks(begin + 4);
        for (String offer : OFFERS) {
            if (line.isWordAt(verb, offer) && line.at(verb + offer.length()) == ' ') {
                onOffer(line, argument(line, line.skipBlanks(verb + offer.length()), end), end);
                return;
            }
        }
    }

    /** @return index behind the file name or protocol, which stands between quotes when it has blanks. */
    private static int argument(Line line, int begin, int end) {
        if (line.at(begin) == '"') {
            int quote = line.indexOf('"', begin + 1);
            return quote < 0 ? end : quote + 1;
        }
        int blank = line.indexOf(' ', begin);
        return blank < 0 ? end : blank;
    }

    private void onOffer(Line line, int behindName, int end) {
        int address = line.skipBlanks(behindName);
        int addressEnd = Math.min(end, argument(line, address, end));
        int port = line.skipBlanks(addressEnd);
        int portEnd = line.skipDigits(port);
        DccForm form = address < end ? DccAddress.form(line, address, addressEnd) : null;
        long number = line.number(port, portEnd, MAX_PORT);
        boolean closed = portEnd == end || line.at(portEnd) == ' ';
        if (form == null || number < 0 || !closed || portEnd > end) {
            control.count("not_understood");
        } else if (!nick || !user) {
            control.count("too_early");
        } else if (number == 0) {
            // reverse DCC: the other side will listen, and nothing has to be opened here
            control.count("reverse");
        } else if (!isWritable()) {
            control.count("too_late");
        } else {
            InetAddress host = DccAddress.parse(line, address, addressEnd);
            control.expect(Direction.ORIGINAL, Peer.ANYONE, Transport.TCP,
                    mention(address, portEnd, form, new Endpoint(host, (int) number)));
        }
    }
}
