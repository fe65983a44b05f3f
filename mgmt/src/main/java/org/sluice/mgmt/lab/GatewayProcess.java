package org.sluice.mgmt.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A gateway running as a process of its own, seen through its management port. Any thread may call. */
public final class GatewayProcess implements AutoCloseable {
    /** On a machine with much else to do. */
    private static final int READY_SECONDS = 60;
    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(READY_SECONDS);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int UNAVAILABLE = 503;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final String listen;
    private final Path log;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    private GatewayProcess(Process process, String listen, Path log) {
        this.process = process;
        this.listen = listen;
        this.log = log;
    }

    /**
     * Starts a gateway and waits until it forwards.
     *
     * @param command that runs it, without the arguments {@code run --config FILE}
     * @param file its configuration
     * @param directory that takes the configuration and the log
     * @param undo that ends it
     */
    public static GatewayProcess start(List<String> command, GatewayFile file, Path directory, UndoLog undo) {
        Path configuration = directory.resolve("sluice.yaml");
        Path log = directory.resolve("gateway.log");
        try {
            Files.writeString(configuration, file.yaml());
        } catch (IOException e) {
            throw new LabException("can't write " + configuration + ": " + e.getMessage(), e);
        }
        return start(command, file.listen(), configuration, log, undo);
    }

    /**
     * Starts one with a configuration that is there, and waits until it forwards.
     *
     * @param listen management address and port in the configuration
     * @param log of its own
     */
    public static GatewayProcess start(List<String> command, String listen, Path configuration, Path log,
            UndoLog undo) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("run", "--config", configuration.toString()));
        GatewayProcess gateway = new GatewayProcess(Namespace.start(all, log, undo), listen, log);
        gateway.awaitReady();
        return gateway;
    }

    /** Ends it at once (SIGKILL). */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + READY_NANOS;
        while (!ready()) {
            if (!process.isAlive()) {
                throw new LabException("the gateway ended with " + process.exitValue() + ":\n" + logged());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new LabException("the gateway was not ready within " + READY_SECONDS + " s:\n" + logged());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean ready() {
        try {
            return send("/readyz").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** @return the body that a path of the management port answers. */
    public String get(String path) {
        try {
            HttpResponse<String> answer = send(path);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (answer.statusCode() == UNAVAILABLE && System.nanoTime() - deadline < 0) {
                // on a machine with much else to do the gateway asks to be tried again
                answer = send(path);
            }
            if (answer.statusCode() != 200) {
                throw new LabException(path + " answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new LabException(path + " did not answer: " + e.getMessage(), e);
        }
    }

    /** Deletes what is at a path of the management port. */
    public void delete(String path) {
        try {
            HttpResponse<String> answer = send(path, "DELETE");
            if (answer.statusCode() >= 300) {
                throw new LabException("DELETE " + path + " answered " + answer.statusCode() + ": " + answer.body());
            }
        } catch (IOException e) {
            throw new LabException("DELETE " + path + " did not answer: " + e.getMessage(), e);
        }
    }

    private HttpResponse<String> send(String path) throws IOException {
        return send(path, "GET");
    }

    private HttpResponse<String> send(String path, String method) throws IOException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path)).timeout(TIMEOUT)
                    .method(method, HttpRequest.BodyPublishers.noBody()).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** @return where its management port is, without a slash at the end. */
    public String url() {
        return "http://" + listen;
    }

    /** @return what it printed. */
    public String logged() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** @return the process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** @return whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it in an orderly way (SIGTERM), or by force when that takes more than 10 s. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
