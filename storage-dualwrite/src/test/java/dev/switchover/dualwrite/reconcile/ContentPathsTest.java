package dev.switchover.dualwrite.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentPathsTest {

    @Test
    void everyPlaceThatDiffersIsNamedAndNoValue() {
        assertThat(
                        paths(
                                "{\"a\":1,\"b\":{\"c\":[1,2,{\"d\":\"secret\"}]},\"only left\":1,\"x/y~\":true,\"k\":1}",
                                "{\"k\":\"1\",\"b\":{\"c\":[1,3,{\"d\":\"other\"},4]},\"a\":1,\"x/y~\":false,\"only right\":2}"))
                .containsExactly("/b/c/1", "/b/c/2/d", "/b/c/3", "/only left", "/x~1y~0", "/k", "/only right");
    }

    @Test
    void textsThatMeanTheSameHaveNoPlaceThatDiffers() {
        assertThat(paths("{\"a\":\"\\u0041\",\"b\":[]}", "{ \"b\" : [ ], \"a\" : \"A\" }"))
                .isEmpty();
    }

    @Test
    void aNumberKeepsItsDigitsAndAHugeExponentIsNotWrittenOut() {
        assertThat(paths("{\"a\":1.10}", "{\"a\":1.1}")).containsExactly("/a");
        assertThat(paths("{\"a\":1e999999999}", "{\"a\":1e999999998}")).containsExactly("/a");
    }

    @Test
    void asManyAsAreAskedForAreNamed() {
        assertThat(ContentPaths.of(bytes("[1,2,3,4]"), bytes("[5,6,7,8]"), 2)).containsExactly("/0", "/1");
        assertThat(paths("1", "\"1\"")).containsExactly("");
    }

    private static List<String> paths(String left, String right) {
        return ContentPaths.of(bytes(left), bytes(right), 20);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
