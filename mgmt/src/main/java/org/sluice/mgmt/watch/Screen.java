package org.sluice.mgmt.watch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The whole screen of a terminal (ECMA-48 and xterm's alternate screen), with keys read as they are pressed. However the process ends,
 * but for SIGKILL, the terminal is as it was.
 */
public final class Screen implements AutoCloseable {
    private static final String ENTER = "\033[?1049h\033[?25l";
    private static final String LEAVE = "\033[?25h\033[?1049l";
    private static final int STTY_SECONDS = 5;
    private static final int KEY_MS = 50;
    private final PrintWriter out;
    private final String saved;
    private final Thread hook = new Thread(this::restore, "terminal");
    private boolean restored;

    private Screen(PrintWriter out, String saved) {
        this.out = out;
        this.saved = saved;
    }

    /** @return null when there is no terminal on both sides, or it can't be set up */
    public static Screen open(PrintWriter out) {
        if (!isTerminal()) {
            return null;
        }
        String saved = stty("-g");
        if (saved == null || stty("-icanon", "-echo", "min", "0", "time", "0") == null) {
            return null;
        }
        Screen screen = new Screen(out, saved.strip());
        Runtime.getRuntime().addShutdownHook(screen.hook);
        out.print(ENTER);
        out.flush();
        return screen;
    }

    /** A runtime without the module jdk.internal.le has no console where there is no terminal, whatever JDK 22 promised. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    /** Shows these lines instead of those before. */
    public void show(List<String> lines) {
        StringBuilder text = new StringBuilder("\033[H");
        for (int i = 0; i < lines.size(); i++) {
            text.append(i == 0 ? "\033[7m" : "").append(lines.get(i)).append("\033[K").append(i == 0 ? "\033[0m" : "")
                    .append(i < lines.size() - 1 ? "\r\n" : "");
        }
        out.print(text.append("\033[J"));
        out.flush();
    }

    /** @return lines and columns there are now. */
    public int[] size() {
        String size = stty("size");
        try {
            String[] words = size == null ? new String[0] : size.strip().split(" ");
            int lines = Integer.parseInt(words[0]);
            int columns = Integer.parseInt(words[1]);
            // a terminal that does not know says 0
            return lines > 0 && columns > 0 ? new int[]{lines, columns} : usualSize();
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return usualSize();
        }
    }

    /** @return of terminals ever since. */
    public static int[] usualSize() {
        return new int[]{24, 80};
    }

    /** Waits. @return whether the key was pressed that ends the view */
    public boolean isLeft(long millis) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            while (System.in.available() > 0) {
                int key = System.in.read();
                if (key == 'q' || key == 'Q') {
                    return true;
                }
            }
            Thread.sleep(KEY_MS);
        }
        return false;
    }

    private synchronized void restore() {
        if (!restored) {
            restored = true;
            out.print(LEAVE);
            out.flush();
            stty(saved);
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process ends already, and the hook finds nothing to do
        }
    }

    /** @return what stty (POSIX) printed about this process's terminal, or null when it failed */
    private static String stty(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(STTY_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
