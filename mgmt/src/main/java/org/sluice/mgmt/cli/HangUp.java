package org.sluice.mgmt.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, which by itself would end the process. Java has no supported way to take a signal; the one that every JDK has, in module
 * jdk.unsupported, is used by reflection, because the compiler refuses it by name.
 */
final class HangUp {
    private HangUp() {}

    /** @param action done at each SIGHUP, on a thread of its own */
    static void install(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance("HUP"), Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(), new Class<?>[]{handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    }));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LoggerFactory.getLogger(HangUp.class).warn("SIGHUP can't be taken here ({}); use \"sluice reload\"",
                    e.toString());
        }
    }
}
