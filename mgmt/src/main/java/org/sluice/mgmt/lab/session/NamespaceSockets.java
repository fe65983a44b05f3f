package org.sluice.mgmt.lab.session;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.sluice.mgmt.lab.LabException;
import org.sluice.mgmt.lab.Namespace;

/**
 * Makes sockets that belong to a network namespace. A socket stays in the namespace of the thread that made it, whoever uses it
 * later, so one thread that has entered the namespace with setns(2) makes them all. Any thread may call.
 */
final class NamespaceSockets implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final String DIRECTORY = "/run/netns/";

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = find("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS = find("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final ExecutorService thread;

    /** Enters a namespace. */
    NamespaceSockets(Namespace namespace) throws IOException {
        thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("sockets-" + namespace.name()).factory());
        call(() -> {
            enter(DIRECTORY + namespace.name());
            return null;
        });
    }

    private static MethodHandle find(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private static void enter(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            int descriptor = (int) OPEN.invokeExact(name, O_RDONLY);
            int result = (int) SETNS.invokeExact(descriptor, CLONE_NEWNET);
            int _ = (int) CLOSE.invokeExact(descriptor);
            if (result != 0) {
                throw new LabException("can't enter the network namespace " + path);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new LabException("can't enter the network namespace " + path, t);
        }
    }

    SocketChannel stream() throws IOException {
        return call(SocketChannel::open);
    }

    ServerSocketChannel listener() throws IOException {
        return call(ServerSocketChannel::open);
    }

    DatagramChannel datagram() throws IOException {
        return call(DatagramChannel::open);
    }

    private <T> T call(Callable<T> task) throws IOException {
        Future<T> future = thread.submit(task);
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                default -> throw new IOException(e.getCause());
            }
        }
    }

    /** The sockets that were made stay open. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
