package dev.switchover.storage.document;

/** UTF-8 as the standard has it: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
final class Utf8 {

    private Utf8() {}

    /** The length of the sequence of two to four bytes that begins here, or 0 if it is not valid. */
    static int sequence(byte[] text, int at) {
        int first = text[at] & 0xFF;
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        if (first < 0xE0) {
            return continues(text, at + 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (first < 0xF0) {
            int lowest = first == 0xE0 ? 0xA0 : 0x80;
            int highest = first == 0xED ? 0x9F : 0xBF;
            return continues(text, at + 1, lowest, highest) && continues(text, at + 2, 0x80, 0xBF) ? 3 : 0;
        }
        int lowest = first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xF4 ? 0x8F : 0xBF;
        return continues(text, at + 1, lowest, highest)
                        && continues(text, at + 2, 0x80, 0xBF)
                        && continues(text, at + 3, 0x80, 0xBF)
                ? 4
                : 0;
    }

    private static boolean continues(byte[] text, int at, int lowest, int highest) {
        if (at >= text.length) {
            return false;
        }
        int b = text[at] & 0xFF;
        return b >= lowest && b <= highest;
    }
}
