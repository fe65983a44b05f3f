package org.sluice.helpers.irc;

import org.sluice.helpers.text.Line;

/**
 * Where things are in a line of IRC (RFC 2812 section 2.3.1, IRCv3 message-tags).
 *
 * <pre>
 *   [@tags] [:prefix] command target [:]text
 * </pre>
 */
final class IrcLine {

    private IrcLine() {}

    /** @return index of the command; -1 when its place has not come. */
    static int command(Line line) {
        int at = 0;
        if (line.at(at) == '@') {
            at = behindBlank(line, at);
        }
        return at >= 0 && line.at(at) == ':' ? behindBlank(line, at) : at;
    }

    /** @return index of what is said to the target, without a colon; -1 when its place has not come. */
    static int text(Line line, int command) {
        int target = behindBlank(line, command);
        int text = target < 0 ? -1 : behindBlank(line, target);
        return text >= 0 && line.at(text) == ':' ? text + 1 : text;
    }

    private static int behindBlank(Line line, int begin) {
        int blank = line.indexOf(' ', begin);
        return blank < 0 ? -1 : line.skipBlanks(blank);
    }
}
