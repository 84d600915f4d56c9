package dev.switchover.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The judge of the kills: it has to notice each kind of loss. */
class AcknowledgedTest {

    private final Acknowledged acknowledged = new Acknowledged();

    private void done(String key, String value) {
        acknowledged.sending(key, Optional.of(value));
        acknowledged.done(key, Optional.of(value));
    }

    @Test
    void whatWasAcknowledgedHasToBeThereAsItWasLast() {
        done("a", "1");
        done("a", "2");

        acknowledged.compare(Map.of("a", "2"));
        assertThat(acknowledged.answers()).isEqualTo(2);
        for (Map<String, String> wrong :
                java.util.List.of(Map.<String, String>of(), Map.of("a", "1"), Map.of("a", "2", "b", "1"))) {
            assertThatThrownBy(() -> acknowledged.compare(wrong))
                    .as("%s", wrong)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("1 of 1 are wrong");
        }
    }

    @Test
    void whatWasNotAnsweredMayHaveHappenedOrNotButOnlyOnce() {
        done("a", "1");
        acknowledged.sending("a", Optional.of("2"));
        acknowledged.sending("b", Optional.of("1"));

        acknowledged.compare(Map.of("a", "2"));

        acknowledged.compare(Map.of("a", "2"));
        assertThatThrownBy(() -> acknowledged.compare(Map.of("a", "1"))).hasMessageContaining("a is");
        assertThatThrownBy(() -> acknowledged.compare(Map.of("a", "2", "b", "1")))
                .hasMessageContaining("b is");
    }

    @Test
    void whatWasDeletedOrRefusedHasToStayAway() {
        done("a", "1");
        acknowledged.sending("a", Optional.empty());
        acknowledged.done("a", Optional.empty());
        acknowledged.sending("b", Optional.of("1"));
        acknowledged.refused("b", Optional.of("1"));

        acknowledged.compare(Map.of());
        assertThatThrownBy(() -> acknowledged.compare(Map.of("a", "1"))).hasMessageContaining("a is");
        assertThatThrownBy(() -> acknowledged.compare(Map.of("b", "1"))).hasMessageContaining("b is");
    }
}
