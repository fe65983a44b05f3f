package org.sluice.mgmt.config;

/**
 * Something wrong in a configuration file.
 *
 * @param line from 1; 0 when it is about the file as a whole
 * @param column from 1
 * @param path key by key, such as nat[0].out
 * @param message what is wrong and what would be right
 * @param warning whether the configuration can be used all the same
 */
public record Problem(int line, int column, String path, String message, boolean warning) {

    /** @return as compilers write it, so that editors find the place. */
    public String format(String file) {
        return file + (line > 0 ? ":" + line + ":" + column : "") + ": " + (warning ? "warning: " : "")
                + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
