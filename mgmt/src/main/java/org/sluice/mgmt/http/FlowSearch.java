package org.sluice.mgmt.http;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.sluice.slowpath.route.AddressAndPort;
import org.sluice.slowpath.view.FlowView;
import org.sluice.slowpath.view.FlowView.Tuple;

/**
 * Picks flows by words as people type them. Each word has to fit something of the flow: its protocol, state or helper, one of its
 * addresses or the beginning of one, a port, or {@code address:port}, in either direction, before or after translation.
 */
final class FlowSearch {
    static final int MAX_LENGTH = 200;
    private static final int MAX_WORDS = 8;
    private final List<String> words;

    /** @throws BadRequestException when it is too long */
    FlowSearch(String text) {
        words = Stream.of(text.toLowerCase(Locale.ROOT).split("\\s+")).filter(w -> !w.isEmpty()).toList();
        if (text.length() > MAX_LENGTH || words.size() > MAX_WORDS) {
            throw new BadRequestException(
                    "\"search\" takes " + MAX_WORDS + " words and " + MAX_LENGTH + " characters at most");
        }
    }

    boolean matches(FlowView flow) {
        return words.stream().allMatch(word -> matches(flow, word));
    }

    private static boolean matches(FlowView flow, String word) {
        return word.equals(flow.proto()) || word.equals(flow.state().toLowerCase(Locale.ROOT))
                || word.equals(flow.helper()) || matches(flow.original(), word) || matches(flow.reply(), word);
    }

    private static boolean matches(Tuple tuple, String word) {
        return matches(tuple.src(), tuple.sport(), word) || matches(tuple.dst(), tuple.dport(), word);
    }

    private static boolean matches(String address, int port, String word) {
        if (word.equals(Integer.toString(port))) {
            return true;
        }
        // a number alone is a port: as the beginning of an address it would find too much
        boolean isNumber = word.chars().allMatch(Character::isDigit);
        return !isNumber && (address.startsWith(word) || word.equals(AddressAndPort.text(address, port)));
    }
}
