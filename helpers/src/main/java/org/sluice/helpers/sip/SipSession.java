package org.sluice.helpers.sip;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;

/** What two SIP hosts say to each other, message by message: the calls and registrations of one flow. */
final class SipSession {
    private static final int MAX_CALLS = 128;
    private static final int MAX_CALL_ID = 200;

    private final Control control;
    private final SipHosts hosts;
    private final SipRegistrations registrations;
    /** By Call-ID, the oldest first. */
    private final Map<String, SipCall> calls = new LinkedHashMap<>();

    SipSession(Control control) {
        this.control = control;
        registrations = new SipRegistrations(control);
        hosts = new SipHosts(control, registrations);
    }

    /** @param message null when it is none */
    void onMessage(SipMessage message, Direction from) {
        String id = message == null ? "" : message.value("call-id");
        if (id.isEmpty() || id.length() > MAX_CALL_ID) {
            control.count("not_understood");
            return;
        }
        hosts.rewrite(message, from);
        if (message.isRequest("REGISTER")) {
            registrations.ask(id);
        } else if (message.isAnswerTo("REGISTER")) {
            if (message.status() / 100 == 2) {
                registrations.accept(message, from, id);
            }
        } else {
            onCall(message, from, id);
        }
        rewriteLength(message);
    }

    private void onCall(SipMessage message, Direction from, String id) {
        if (message.hasSessionDescription()) {
            new Sdp(control, message, from, call(id)).read();
        }
        SipCall call = calls.get(id);
        if (call == null) {
            return;
        }
        boolean isFinal = message.isAnswerTo("INVITE") && message.status() >= 200;
        if (isFinal && message.status() < 300) {
            call.answer();
        } else if (message.isRequest("BYE") || isFinal && !call.isAnswered()) {
            calls.remove(id);
            call.end();
        }
    }

    /** @return the one of that name; a new one may take the place of the oldest, whose ports stay open until their time is up */
    private SipCall call(String id) {
        if (calls.size() >= MAX_CALLS && !calls.containsKey(id)) {
            control.count("too_many_calls");
            calls.remove(calls.keySet().iterator().next());
        }
        return calls.computeIfAbsent(id, i -> new SipCall(control, i));
    }

    private void rewriteLength(SipMessage message) {
        Matcher digits = message.contentLengthDigits();
        if (digits != null && message.body() < message.end()) {
            control.rewriteLength(message.base() + digits.start(), digits.end() - digits.start(),
                    message.base() + message.body(), message.end() - message.body());
        }
    }
}
