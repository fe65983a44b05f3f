package org.sluice.slowpath.helper;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
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
 * it is never called again, its connections go on unread, and nothing of what it has made is kept. Conductor; any thread may ask for
 * {@link #problem}.
 */
final class FencedHelper implements Helper {
    private final Held<Helper> helper;
    /** All that is known of its objects; those of connections that have ended go by themselves. */
    private final Set<Held<?>> held = Collections.newSetFromMap(new WeakHashMap<>());
    private final HelperSpec spec;
    private final Set<Transport> transports;
    private volatile String problem;
    private long taken;

    /** An object of the helper's, until that is switched off. */
    private static final class Held<T> {
        private T object;

        Held(T object) {
            this.object = object;
        }
    }

    /** Calls the helper for the first time. @throws RuntimeException when it fails or uses up its budget */
    FencedHelper(Helper helper) {
        this.helper = hold(helper);
        spec = spend("spec", helper::spec);
        transports = problem != null || spec == null ? Set.of() : spend("transports", helper::transports);
    }

    private <T> Held<T> hold(T object) {
        Held<T> holder = new Held<>(object);
        held.add(holder);
        return holder;
    }

    /** It was switched off. */
    static final class SwitchedOffException extends RuntimeException {
        private static final long serialVersionUID = 1;

        SwitchedOffException(String message) {
            super(message, null, false, false);
        }
    }

    /** @return bytes of all objects and arrays that it has made, kept or not. */
    long taken() {
        return taken;
    }

    /** @return why it was switched off, or null. */
    String problem() {
        return problem;
    }

    /** Never call it again. */
    void switchOff(String why) {
        if (problem == null) {
            problem = why;
            held.forEach(holder -> holder.object = null);
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
        return new FencedSession(spend("newSession", () -> helper.object.newSession(control)));
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
            taken += Budget.taken();
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
        private final Held<NatHelper> nat;
        private final String name;

        FencedNat(NatHelper nat, String name) {
            this.nat = hold(nat);
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int encode(Mention mention, Endpoint seen, MutableDirectBuffer out, int offset) {
            return demand("encode", () -> nat.object.encode(mention, seen, out, offset));
        }
    }

    private final class FencedSession implements HelperSession {
        private final Held<HelperSession> session;

        FencedSession(HelperSession session) {
            if (problem != null) {
                throw new SwitchedOffException(problem);
            }
            this.session = hold(session);
        }

        @Override
        public int onBytes(Direction from, DirectBuffer stream, int offset, int length) {
            return demand("onBytes", () -> session.object.onBytes(from, stream, offset, length));
        }

        @Override
        public void onSkip(Direction from) {
            demand("onSkip", () -> {
                session.object.onSkip(from);
                return true;
            });
        }

        @Override
        public int save(MutableDirectBuffer memory, int offset) {
            return demand("save", () -> session.object.save(memory, offset));
        }

        @Override
        public boolean restore(DirectBuffer memory, int offset, int length) {
            return demand("restore", () -> session.object.restore(memory, offset, length));
        }
    }
}
