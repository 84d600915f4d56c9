package dev.switchover.json.testing;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * Feeds damaged inputs to one target: sound ones, changed by a few bytes, tokens or pieces of each other, and what the target
 * takes is damaged further. The same for the same seed. Not Jazzer: these formats are checked by checksums, which it would
 * have to guess and a target here mends, and a failure has to come again from its seed alone, without an agent.
 *
 * <p>{@code -Dswitchover.fuzz.seconds=…} sets how long each target is fed in the runs tagged {@code slow}.
 */
public final class Fuzz {

    /** Throws nothing that is not the library's; says whether it took the input. */
    public interface Target {
        boolean takes(Random random, byte[] input);
    }

    private static final List<byte[]> TOKENS = List.of(
            bytes("{"),
            bytes("}"),
            bytes("["),
            bytes("]"),
            bytes(","),
            bytes(":"),
            bytes("\""),
            bytes("\\"),
            bytes("\\u"),
            bytes("\\u0000"),
            bytes("\\ud800"),
            bytes("null"),
            bytes("true"),
            bytes("-"),
            bytes("1e"),
            bytes("1e999999999"),
            bytes("0."),
            bytes("\"id\":"),
            bytes("{\"id\":1}"),
            bytes("\r\n"),
            bytes("\t"),
            bytes("\ufeff"),
            bytes("="),
            bytes("[[[[[[[["),
            bytes("{\"a\":{\"a\":"),
            bytes("ACTIVE"),
            new byte[8],
            new byte[600],
            new byte[] {(byte) 0xC0, (byte) 0x80},
            new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            new byte[] {-1, -1, -1, -1, 15},
            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
            new byte[] {127, -1, -1, -1});

    private static final int LONGEST = 1 << 16;
    private static final int CORPUS = 300;
    /** What a byte of input may cost, and what the smallest input may. */
    private static final long BYTES_EACH = 3_000;

    private static final long BYTES_AT_LEAST = 8 << 20;

    private final Random random;
    private final List<byte[]> corpus;

    private Fuzz(long seed, List<byte[]> sound) {
        this.random = new Random(seed);
        this.corpus = new ArrayList<>(sound);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** So many inputs. */
    public static void inputs(int count, List<byte[]> sound, Target target) {
        run(20_260_131, sound, target, count, Long.MAX_VALUE);
    }

    /** For as long as the system property says, with a seed that is printed. */
    public static void untilTheEnd(String name, List<byte[]> sound, Target target) {
        long seed = System.nanoTime();
        long end = System.nanoTime() + Long.getLong("switchover.fuzz.seconds", 160) * 1_000_000_000L;
        long fed = run(seed, sound, target, Long.MAX_VALUE, end);
        System.out.println("fuzz, " + name + ", seed " + seed + ": " + fed + " inputs, nothing found");
    }

    private static long run(long seed, List<byte[]> sound, Target target, long count, long end) {
        long fed = 0;
        Fuzz fuzz = new Fuzz(seed, sound);
        // Loading classes costs memory once, which no input is to blame for.
        sound.forEach(input -> target.takes(new Random(seed), input));
        for (; fed < count && (end == Long.MAX_VALUE || System.nanoTime() < end); fed++) {
            byte[] input = fuzz.next();
            long before = allocated();
            try {
                if (target.takes(fuzz.random, input) && fuzz.corpus.size() < CORPUS) {
                    fuzz.corpus.add(input);
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "input " + fed + " of seed " + seed + ": "
                                + Base64.getEncoder().encodeToString(input),
                        e);
            }
            long spent = allocated() - before;
            if (spent > BYTES_AT_LEAST + BYTES_EACH * input.length) {
                throw new AssertionError(
                        "input " + fed + " of seed " + seed + " has " + input.length + " bytes and cost " + spent + ": "
                                + Base64.getEncoder().encodeToString(input));
            }
        }
        return fed;
    }

    /** By this thread, so far; 0 where the JVM does not tell. */
    private static long allocated() {
        return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
                ? threads.getCurrentThreadAllocatedBytes()
                : 0;
    }

    private byte[] next() {
        byte[] input = corpus.get(random.nextInt(corpus.size()));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            input = changed(input);
        }
        return input;
    }

    private byte[] changed(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int to = Math.min(input.length, at + 1 + random.nextInt(1 << random.nextInt(8)));
        switch (random.nextInt(8)) {
            case 0, 1:
                byte[] flipped = input.clone();
                if (at < flipped.length) {
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                }
                return flipped;
            case 2:
                byte[] set = input.clone();
                if (at < set.length) {
                    set[at] = (byte) random.nextInt(256);
                }
                return set;
            case 3:
                return joined(input, at, new byte[0], to);
            case 4, 5:
                return joined(input, at, TOKENS.get(random.nextInt(TOKENS.size())), random.nextBoolean() ? at : to);
            case 6:
                byte[] other = corpus.get(random.nextInt(corpus.size()));
                int from = random.nextInt(other.length + 1);
                int end = Math.min(other.length, from + 1 + random.nextInt(200));
                return joined(input, at, java.util.Arrays.copyOfRange(other, from, end), to);
            default:
                byte[] piece = java.util.Arrays.copyOfRange(input, at, to);
                return joined(input, at, repeated(piece, 1 << random.nextInt(9)), at);
        }
    }

    private static byte[] repeated(byte[] piece, int times) {
        byte[] many = new byte[Math.min(LONGEST, piece.length * times)];
        for (int i = 0; i < many.length; i++) {
            many[i] = piece[i % piece.length];
        }
        return many;
    }

    private static byte[] joined(byte[] input, int at, byte[] piece, int to) {
        byte[] joined = new byte[at + piece.length + input.length - to];
        System.arraycopy(input, 0, joined, 0, at);
        System.arraycopy(piece, 0, joined, at, piece.length);
        System.arraycopy(input, to, joined, at + piece.length, input.length - to);
        return joined.length > LONGEST ? java.util.Arrays.copyOf(joined, LONGEST) : joined;
    }
}
