package dev.switchover.json.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was written and not forced, and with it every state in which a power loss may leave the disk at this moment: of the sectors
 * written since a file's last force any may be there, of the names changed since a directory's last force each may be as it was at any
 * time since. A file that was cut or made longer may have either length.
 *
 * <p>Each change is told to an observer. Guarded by the disk that records it.
 */
public final class DiskHistory {

    private static final int SECTOR = 512;
    /** Unwritten space is zero, and how much of it there is makes no difference: states need not carry a megabyte of it. */
    private static final int ZEROS = 600;

    private final Map<Path, Name> names = new LinkedHashMap<>();
    private Consumer<DiskHistory> observer = nobody -> {};

    private static final class Name {
        /** The content at the last force and after each change since; null: there is no such file. */
        private final Set<@Nullable Content> possible = new LinkedHashSet<>();

        private @Nullable Content present;

        Name(@Nullable Content forced) {
            possible.add(forced);
            present = forced;
        }
    }

    /** A file without its name. */
    static final class Content {
        private byte[] forced;
        private final List<Piece> pieces = new ArrayList<>();

        Content(byte[] forced) {
            this.forced = forced;
        }

        private byte[] with(java.util.function.IntPredicate chosen) {
            byte[] bytes = forced;
            for (int i = 0; i < pieces.size(); i++) {
                if (chosen.test(i)) {
                    bytes = pieces.get(i).on(bytes);
                }
            }
            return bytes;
        }
    }

    /** @param bytes null: the file was cut at {@code position} */
    private record Piece(int position, byte @Nullable [] bytes) {

        byte[] on(byte[] before) {
            if (bytes == null) {
                return Arrays.copyOf(before, Math.min(before.length, position));
            }
            byte[] after = Arrays.copyOf(before, Math.max(before.length, position + bytes.length));
            System.arraycopy(bytes, 0, after, position, bytes.length);
            return after;
        }
    }

    /** A history that begins with everything under {@code root} forced. */
    public static DiskHistory of(Path root) throws IOException {
        DiskHistory history = new DiskHistory();
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                history.names.put(file, new Name(new Content(withoutZeros(Files.readAllBytes(file)))));
            }
        }
        return history;
    }

    private static byte[] withoutZeros(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(content, Math.min(content.length, end + ZEROS));
    }

    /** @param told after each change */
    public void observe(Consumer<DiskHistory> told) {
        observer = told;
    }

    Content create(Path file) {
        Content content = new Content(new byte[0]);
        set(file, content);
        changed();
        return content;
    }

    void rename(Path from, Path to) {
        Content content = nameOf(from).present;
        set(from, null);
        set(to, content);
        changed();
    }

    void delete(Path file) {
        if (nameOf(file).present != null) {
            set(file, null);
            changed();
        }
    }

    void forceDirectory(Path directory) {
        names.forEach((file, name) -> {
            if (directory.equals(file.getParent())) {
                name.possible.clear();
                name.possible.add(name.present);
            }
        });
        changed();
    }

    void write(Content content, ByteBuffer bytes, int position) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        if (isZero(all)) {
            content.pieces.add(new Piece(position, Arrays.copyOf(all, Math.min(all.length, ZEROS))));
        } else {
            for (int from = 0; from < all.length; ) {
                int to = Math.min(all.length, ((position + from) / SECTOR + 1) * SECTOR - position);
                content.pieces.add(new Piece(position + from, Arrays.copyOfRange(all, from, to)));
                from = to;
            }
        }
        changed();
    }

    void truncate(Content content, int length) {
        content.pieces.add(new Piece(length, null));
        changed();
    }

    void force(Content content) {
        content.forced = content.with(piece -> true);
        content.pieces.clear();
        changed();
    }

    /** A file that may have been written before the history began. */
    void force(Path file) {
        Content content = nameOf(file).present;
        if (content != null) {
            force(content);
        }
    }

    private void changed() {
        observer.accept(this);
    }

    private Name nameOf(Path file) {
        return names.computeIfAbsent(file, unknown -> new Name(null));
    }

    private void set(Path file, @Nullable Content content) {
        Name name = nameOf(file);
        name.present = content;
        name.possible.add(content);
    }

    private static boolean isZero(byte[] bytes) {
        for (byte one : bytes) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    /** What a process that is killed leaves: everything, forced or not. */
    public Map<Path, byte[]> present() {
        Map<Path, byte[]> files = new HashMap<>();
        names.forEach((file, name) -> {
            Content content = name.present;
            if (content != null) {
                files.put(file, content.with(piece -> true));
            }
        });
        return files;
    }

    /** The last piece that was written and not forced, cut short after each of its bytes. */
    public void tornStates(Consumer<Map<Path, byte[]>> states) {
        names.forEach((file, name) -> {
            Content content = name.present;
            if (content == null || content.pieces.isEmpty()) {
                return;
            }
            int last = content.pieces.size() - 1;
            Piece piece = content.pieces.get(last);
            byte[] bytes = piece.bytes;
            if (bytes == null || isZero(bytes)) {
                return;
            }
            byte[] before = content.with(i -> i < last);
            for (int length = 0; length < bytes.length; length++) {
                Map<Path, byte[]> files = present();
                files.put(file, new Piece(piece.position, Arrays.copyOf(bytes, length)).on(before));
                states.accept(files);
            }
        });
    }

    /**
     * Every state a power loss may leave now if there are at most {@code limit}, or {@code limit} of them: those that differ in one
     * thing from all or from nothing, and others by chance.
     */
    public void powerLossStates(int limit, Random random, Consumer<Map<Path, byte[]>> states) {
        Choices choices = new Choices();
        choices.each(limit, random, chosen -> states.accept(choices.files(chosen)));
    }

    /** One digit for each name and for each piece. */
    private final class Choices {
        private final List<Path> files = new ArrayList<>();
        private final List<List<@Nullable Content>> contents = new ArrayList<>();
        private final Map<Content, Integer> firstPiece = new HashMap<>();
        private final List<Integer> sizes = new ArrayList<>();

        Choices() {
            names.forEach((file, name) -> {
                files.add(file);
                contents.add(new ArrayList<>(name.possible));
                sizes.add(name.possible.size());
            });
            for (List<@Nullable Content> possible : contents) {
                for (Content content : possible) {
                    if (content != null && !content.pieces.isEmpty() && !firstPiece.containsKey(content)) {
                        firstPiece.put(content, sizes.size());
                        content.pieces.forEach(piece -> sizes.add(2));
                    }
                }
            }
        }

        Map<Path, byte[]> files(int[] chosen) {
            Map<Path, byte[]> state = new HashMap<>();
            for (int i = 0; i < files.size(); i++) {
                Content content = contents.get(i).get(chosen[i]);
                if (content != null) {
                    int first = firstPiece.getOrDefault(content, 0);
                    state.put(files.get(i), content.with(piece -> chosen[first + piece] == 1));
                }
            }
            return state;
        }

        void each(int limit, Random random, Consumer<int[]> states) {
            double all = 1;
            for (int size : sizes) {
                all *= size;
            }
            int[] chosen = new int[sizes.size()];
            if (all <= limit) {
                do {
                    states.accept(chosen);
                } while (advance(chosen));
                return;
            }
            int told = 0;
            for (int digit = 0; digit < chosen.length && told < limit; digit++) {
                for (int value = 0; value < sizes.get(digit); value++) {
                    for (boolean everything : new boolean[] {true, false}) {
                        for (int i = 0; i < chosen.length; i++) {
                            chosen[i] = everything ? sizes.get(i) - 1 : 0;
                        }
                        chosen[digit] = value;
                        states.accept(chosen);
                        told++;
                    }
                }
            }
            for (; told < limit; told++) {
                for (int i = 0; i < chosen.length; i++) {
                    chosen[i] = random.nextInt(sizes.get(i));
                }
                states.accept(chosen);
            }
        }

        private boolean advance(int[] chosen) {
            for (int i = 0; i < chosen.length; i++) {
                chosen[i]++;
                if (chosen[i] < sizes.get(i)) {
                    return true;
                }
                chosen[i] = 0;
            }
            return false;
        }
    }
}
