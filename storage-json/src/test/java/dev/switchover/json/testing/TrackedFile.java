package dev.switchover.json.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A file's content on the disk, and what was done to it since the last force. */
final class TrackedFile {

    private static final int SECTOR = 512;

    /** @param bytes null: the file was cut at {@code position} */
    private record Step(long position, byte @Nullable [] bytes) {}

    private byte[] forced;
    private final List<Step> steps = new ArrayList<>();

    TrackedFile(byte[] forced) {
        this.forced = forced;
    }

    void write(ByteBuffer bytes, long position) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        steps.add(new Step(position, copy));
    }

    void truncate(long length) {
        steps.add(new Step(length, null));
    }

    void force() {
        forced = present();
        steps.clear();
    }

    /** A force failed: the pages count as clean now, and no later force writes them. */
    void lose() {
        steps.clear();
    }

    byte[] present() {
        byte[] content = new byte[length()];
        System.arraycopy(forced, 0, content, 0, forced.length);
        int length = forced.length;
        for (Step step : steps) {
            if (step.bytes == null) {
                length = cut(content, step);
            } else {
                System.arraycopy(step.bytes, 0, content, (int) step.position, step.bytes.length);
                length = Math.max(length, (int) step.position + step.bytes.length);
            }
        }
        return Arrays.copyOf(content, length);
    }

    /** What may be found after a power loss: of what was not forced, any sectors, in any order. */
    byte[] afterPowerLoss(Random random) {
        byte[] content = new byte[length()];
        System.arraycopy(forced, 0, content, 0, forced.length);
        int length = forced.length;
        int luck = random.nextInt(3);
        for (Step step : steps) {
            if (step.bytes == null) {
                length = random.nextBoolean() ? cut(content, step) : length;
                continue;
            }
            for (int at = 0; at < step.bytes.length; ) {
                int sectorEnd = (int) ((step.position + at) / SECTOR + 1) * SECTOR - (int) step.position;
                int end = Math.min(step.bytes.length, sectorEnd);
                boolean survives = luck == 0 ? random.nextBoolean() : luck == 1;
                if (survives) {
                    System.arraycopy(step.bytes, at, content, (int) step.position + at, end - at);
                    length = Math.max(length, (int) step.position + end);
                }
                at = end;
            }
        }
        return Arrays.copyOf(content, length);
    }

    private int length() {
        long length = forced.length;
        for (Step step : steps) {
            length = Math.max(length, step.position + (step.bytes == null ? 0 : step.bytes.length));
        }
        return (int) length;
    }

    private static int cut(byte[] content, Step step) {
        Arrays.fill(content, (int) step.position, content.length, (byte) 0);
        return (int) step.position;
    }
}
