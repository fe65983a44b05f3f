package org.sluice.slowpath.trace;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.sluice.fastpath.counter.DropReason;
import org.sluice.fastpath.counter.PuntReason;
import org.sluice.fastpath.trace.TraceFilter;
import org.sluice.fastpath.wire.Ethernet;

/**
 * Writes down what the conductor decides about packets while somebody traces. Everything is written down, and only told when the
 * filter picks the packet as it came in or as it left: an announced connection is known inside by another address than outside.
 * Conductor, except where it says otherwise.
 */
public final class Tracer {
    private final Headers headers = new Headers();
    private volatile Trace armed;
    private Story story;

    /** @param trace takes stories from now on; null for nobody. Any thread. */
    void arm(Trace trace) {
        armed = trace;
    }

    /** @return whether anybody wants to know about the packet that is being dealt with. */
    public boolean isOn() {
        return story != null;
    }

    /** @return the id of a flow as the JSON of flows has it, and the direction. */
    public static String name(int flow) {
        return (flow >>> 1) + ((flow & 1) == 0 ? ", original direction" : ", reply direction");
    }

    /** A frame was taken from a punt ring. @param port it came in through */
    public void begin(PuntReason reason, int port, DirectBuffer b, int frame, int length, long timestamp) {
        Trace trace = armed;
        if (trace == null) {
            story = null;
            return;
        }
        story = new Story(trace, timestamp, Kept.of(port, b, frame, length));
        story.isPicked = isPicked(trace.filter(), story.received);
        story.hop("worker", "gives it to the conductor: " + reason.label() + ", " + Reasons.why(reason));
    }

    private boolean isPicked(TraceFilter filter, Kept frame) {
        if (filter.isAll()) {
            return true;
        }
        UnsafeBuffer b = new UnsafeBuffer(frame.bytes());
        return headers.read(b, 0, frame.bytes().length) && filter.matches(b, Ethernet.HEADER_LENGTH, headers.l4(),
                headers.protocol(), frame.bytes().length);
    }

    /** @param step who decided. @param decision what, and why */
    public void hop(String step, String decision) {
        if (story != null) {
            story.hop(step, decision);
        }
    }

    /** A frame goes to the worker, to be sent. */
    public void sent(int port, DirectBuffer b, int frame, int length) {
        if (story != null) {
            Kept kept = Kept.of(port, b, frame, length);
            story.sent(kept);
            story.isPicked |= isPicked(story.trace.filter(), kept);
            story.hop("send", "by " + story.trace.port(port) + " to " + Ethernet.format(Ethernet.destination(b, frame))
                    + ": " + story.trace.text(kept));
        }
    }

    /** It goes on, or has arrived. @param what forwarded or delivered */
    public void verdict(String what) {
        if (story != null) {
            story.verdict = what;
        }
    }

    /** It goes no further. */
    public void dropped(DropReason reason) {
        if (story != null) {
            story.verdict = "dropped";
            story.reason = reason.label();
            story.hop("drop", reason.label() + ": " + reason.meaning());
        }
    }

    /** It waits, and is told of when it waits no more. @return to be given to {@link #swap} then; null when nobody asks */
    public Story suspend() {
        if (story != null) {
            story.waits = true;
        }
        return story;
    }

    /** Another packet is dealt with for a while. @return the one that was until now */
    public Story swap(Story other) {
        Story before = story;
        story = other;
        if (other != null) {
            other.waits = false;
        }
        return before;
    }

    /** The conductor is done with the packet. */
    public void end() {
        Story ended = story;
        story = null;
        if (ended != null && !ended.waits && !ended.isTold && ended.isPicked && ended.trace == armed) {
            ended.isTold = true;
            ended.trace.tell(ended);
        }
    }
}
