package org.sluice.slowpath.helper;

import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.sluice.helpers.spi.Control;
import org.sluice.helpers.spi.Direction;
import org.sluice.helpers.spi.Endpoint;
import org.sluice.helpers.spi.Helper;
import org.sluice.helpers.spi.HelperSession;
import org.sluice.helpers.spi.HelperSpec;
import org.sluice.helpers.spi.Mention;
import org.sluice.helpers.spi.NatHelper;
import org.sluice.helpers.spi.Transport;

/**
 * A helper from a jar behind its {@link Budget}. Once it has used that up, or the memory of the whole process, it is switched off:
 * it is never called again, and its connections go on unread. Conductor; any thread may ask for {@link #problem}.
 */
final class FencedHelper implements Helper {
    private final Helper helper;
    private final HelperSpec spec;
    private final Set<Transport> transports;
    private volatile String problem;

    /** Calls the helper for the first time. @throws RuntimeException when it fails or uses up its budget */
    FencedHelper(Helper helper) {
        this.helper = helper;
        spec = spend("spec", helper::spec);
        transports = problem != null || spec == null ? Set.of() : spend("transports", helper::transports);
    }

    /** It was switched off. */
    static final class SwitchedOffException extends RuntimeException {
        private static final long serialVersionUID = 1;

        SwitchedOffException(String message) {
            super(message, null, false, false);
        }
    }

    /** @return why it was switched off, or null. */
    String problem() {
        return problem;
    }

    /** Never call it again. */
    void switchOff(String why) {
        if (problem == null) {
            problem = why;
        }
    }

    @Override
    public HelperSpec spec() {
        return spec;
    }

    @Override
    public Set<Transport> transports() {
        return transports;
    }

    @Override
    public HelperSession newSession(Control control) {
        return new FencedSession(spend("newSession", () -> helper.newSession(control)));
    }

    /** @return the same for what makes sessions of connections that it has announced. */
    Function<Control, HelperSession> fence(Function<Control, HelperSession> reader) {
        return control -> new FencedSession(spend("newSession", () -> reader.apply(control)));
    }

    /** Runs code of the helper. */
    private <T> T spend(String where, Supplier<T> call) {
        if (problem != null) {
            throw new SwitchedOffException(problem);
        }
        String exhausted = null;
        Budget.begin();
        try {
            return call.get();
        } catch (Budget.ExhaustedError e) {
            // said below
            return null;
        } catch (OutOfMemoryError e) {
            exhausted = "all memory";
            return null;
        } finally {
            String spent = Budget.end();
            exhausted = spent == null ? exhausted : spent;
            if (exhausted != null) {
                switchOff("it used " + exhausted + " in one call of " + where);
            }
        }
    }

    private <T> T demand(String where, Supplier<T> call) {
        T result = spend(where, call);
        if (problem != null) {
            throw new SwitchedOffException(problem);
        }
        return result;
    }

    /** @return the same for the other half. */
    NatHelper fence(NatHelper nat) {
        return new FencedNat(nat, demand("name", nat::name));
    }

    private final class FencedNat implements NatHelper {
        private final NatHelper nat;
        private final String name;

        FencedNat(NatHelper nat, String name) {
            this.nat = nat;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
            return demand("encode", () -> nat.encode(mention, seen, out, offset));
        }
    }

    private final class FencedSession implements HelperSession {
        private final HelperSession session;

        FencedSession(HelperSession session) {
            if (problem != null) {
                throw new SwitchedOffException(problem);
            }
            this.session = session;
        }

        @Override
        public int onBytes(Direction from, DirectBuffer stream, int offset, int length) {
            return demand("onBytes", () -> session.onBytes(from, stream, offset, length));
        }

        @Override
        public void onSkip(Direction from) {
            demand("onSkip", () -> {
                session.onSkip(from);
                return true;
            });
        }
    }
}
