package dev.switchover.storage.document;

import org.jspecify.annotations.Nullable;

/** Whether a number, written out without an exponent, stays within a number of digits; decided without writing it out. */
final class NumberRule {

    /** Larger exponents are all alike: too large. */
    private static final long EXPONENT_CAP = 1_000_000_000L;

    private NumberRule() {}

    /**
     * @param text a number by JSON's grammar
     * @return what is wrong, or null
     */
    static @Nullable String violation(byte[] text, int from, int to, int digitLimit) {
        int i = text[from] == '-' ? from + 1 : from;
        long integerDigits = 0;
        long fractionDigits = 0;
        // Place of the first digit that is not zero, counted from the point: 123 is 3, 0.1 is 0, 0.01 is -1.
        long leading = 0;
        boolean zero = true;
        boolean fraction = false;
        for (; i < to && text[i] != 'e' && text[i] != 'E'; i++) {
            if (text[i] == '.') {
                fraction = true;
                continue;
            }
            if (fraction) {
                fractionDigits++;
            } else {
                integerDigits++;
            }
            if (zero && text[i] != '0') {
                zero = false;
                leading = fraction ? 1 - fractionDigits : integerDigits;
            }
        }
        if (!zero && leading > 0) {
            leading = integerDigits - leading + 1;
        }
        if (integerDigits + fractionDigits > digitLimit) {
            return "has more than " + digitLimit + " digits";
        }
        long exponent = i < to ? exponent(text, i + 1, to) : 0;
        long before = zero ? 1 : Math.max(leading + exponent, 1);
        long after = Math.max(fractionDigits - exponent, 0);
        if (before + after > Math.max(digitLimit, 1) || Math.abs(exponent) > 2L * digitLimit) {
            return "has more than " + digitLimit + " digits when written out";
        }
        return null;
    }

    private static long exponent(byte[] text, int from, int to) {
        boolean negative = text[from] == '-';
        long value = 0;
        for (int i = negative || text[from] == '+' ? from + 1 : from; i < to; i++) {
            value = Math.min(value * 10 + (text[i] - '0'), EXPONENT_CAP);
        }
        return negative ? -value : value;
    }
}
