package dev.switchover.storage;

/**
 * What a record may at most be, set for a collection with {@link CollectionDefinition.Builder#limits}. The same in every phase, so
 * that a record taken by one store is never refused by the other. Lower them only after the records there have been looked at
 * (preflight): a longer one that is stored already is refused when it is read from a file.
 *
 * <pre>{@code
 * .limits(DocumentLimits.standard().withBytes(1 << 20).withDepth(20))
 * }</pre>
 *
 * @param bytes length of the JSON text in UTF-8 bytes; at most 64 MiB
 * @param depth nesting of arrays and objects; at most 1,000
 * @param tokens number of JSON tokens
 * @param numberDigits digits of one number; exponents are limited so that the written-out number has no more
 * @param idBytes length of an id in UTF-8 bytes; at most 2,000, for a PostgreSQL index entry holds no more than 2,704
 */
public record DocumentLimits(int bytes, int depth, int tokens, int numberDigits, int idBytes) {

    private static final DocumentLimits DEFAULT = new DocumentLimits(16 << 20, 200, 1_000_000, 1_000, 512);

    public DocumentLimits {
        check("bytes", bytes, 64 << 20);
        check("depth", depth, 1_000);
        check("tokens", tokens, Integer.MAX_VALUE);
        check("numberDigits", numberDigits, 16_000);
        check("idBytes", idBytes, 2_000);
    }

    /** 16 MiB, 200 levels, a million tokens, 1,000 digits, ids of 512 bytes. */
    public static DocumentLimits standard() {
        return DEFAULT;
    }

    public DocumentLimits withBytes(int most) {
        return new DocumentLimits(most, depth, tokens, numberDigits, idBytes);
    }

    public DocumentLimits withDepth(int most) {
        return new DocumentLimits(bytes, most, tokens, numberDigits, idBytes);
    }

    public DocumentLimits withTokens(int most) {
        return new DocumentLimits(bytes, depth, most, numberDigits, idBytes);
    }

    public DocumentLimits withNumberDigits(int most) {
        return new DocumentLimits(bytes, depth, tokens, most, idBytes);
    }

    public DocumentLimits withIdBytes(int most) {
        return new DocumentLimits(bytes, depth, tokens, numberDigits, most);
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " must be from 1 to " + most + ": " + value);
        }
    }
}
