package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.sluice.fastpath.linux.NetworkNamespace;
import org.sluice.mgmt.lab.Namespace;

/**
 * Makes sockets that belong to a network namespace. A socket stays in the namespace of the thread that made it, whoever uses it
 * later, so one thread that has entered the namespace with setns(2) makes them all. Any thread may call.
 */
final class NamespaceSockets implements AutoCloseable {
    private static final String DIRECTORY = "/run/netns/";

    private final ExecutorService thread;

    /** Enters a namespace. */
    NamespaceSockets(Namespace namespace) throws IOException {
        thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("sockets-" + namespace.name()).factory());
        call(() -> {
            NetworkNamespace.enter(DIRECTORY + namespace.name());
            return null;
        });
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
