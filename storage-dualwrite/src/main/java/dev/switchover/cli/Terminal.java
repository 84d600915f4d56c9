package dev.switchover.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes: results on standard output, everything else on standard error. Used by one thread at a time,
 * but for progress.
 *
 * @param interactive whether somebody sits at it who can be asked
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {

    /** The process's own. Results are UTF-8 whatever the locale, for they are read by programs as well. */
    static Terminal system() {
        return new Terminal(
                System.in,
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8),
                System.err,
                isTerminal(System.console()));
    }

    /** From Java 22 on there is a console without a terminal too. */
    private static boolean isTerminal(@org.jspecify.annotations.Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    /** Prints the question, without an end of line, and waits for an answer; an end of input is an empty one. */
    String ask(String question) {
        err.print(question);
        err.flush();
        try {
            String line = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset())).readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            return "";
        }
    }
}
