package dev.switchover.dualwrite.crash;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge of the crash loop finds what is wrong, and nothing that can have been. */
class JudgeTest {

    private final Judge judge = new Judge("a world", 0);
    private int n;

    @BeforeEach
    void oneRecordIsThere() {
        begin("n.a=old");
        judge.acknowledged("0");
    }

    private void begin(String... effects) {
        judge.intent("0", String.valueOf(++n), effects);
    }

    @Test
    void whatWasAcknowledgedHasToBeThere() {
        judge.killed();
        assertThatThrownBy(() -> judge.serving(0, "2")).isInstanceOf(AssertionError.class);
    }

    @Test
    void halfOfAnOpenOperationIsWrong() {
        begin("n.a=new", "e.b=new");
        judge.killed();
        judge.found("n.a", "new", "7", null);
        assertThatThrownBy(() -> judge.serving(0, "2")).hasMessageContaining("whole or not at all");
    }

    @Test
    void anOpenOperationMayHaveHappenedOrNot() {
        begin("n.a=new", "e.b=new");
        judge.killed();
        judge.found("n.a", "new", "7", null);
        judge.found("e.b", "new", "8", null);
        assertThatCode(() -> judge.serving(0, "2")).doesNotThrowAnyException();

        begin("n.a=newer", "e.b=-");
        judge.killed();
        judge.found("n.a", "new", "7", null);
        judge.found("e.b", "new", "8", null);
        assertThatCode(() -> judge.serving(0, "3")).doesNotThrowAnyException();
    }

    @Test
    void aRecordMayHaveBeenDeletedByTheFirstOfTwoOpenOperationsAlone() {
        begin("n.a=-");
        judge.unknown("0");
        begin("n.a=-", "e.b=new");
        judge.killed();
        assertThatCode(() -> judge.serving(0, "2")).doesNotThrowAnyException();
    }

    @Test
    void whatNoOrderOfOpenOperationsLeavesIsWrong() {
        begin("n.a=first");
        judge.unknown("0");
        begin("n.a=second", "e.b=new");
        judge.killed();
        judge.found("n.a", "first", "7", null);
        judge.found("e.b", "new", "8", null);
        assertThatThrownBy(() -> judge.serving(0, "2")).hasMessageContaining("whole or not at all");
    }
}
