package dev.switchover.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Series;
import dev.switchover.examples.benchmarks.harness.Slot;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PlotTest {

    private static final Comparison CALLS = new Comparison(
            Comparison.Kind.CALLS,
            "save, a < b & c",
            1,
            0.5,
            List.of(
                    new Series("raw", List.of(new Slot(100, 10, 20, 1_000))),
                    new Series("ours", List.of(new Slot(100, 15, 80, 700)))));

    @Test
    void callsHaveAPanelForEachMeasureWithTheRatiosOfThatMeasure() throws Exception {
        assertThat(texts(parsed(Plot.of(CALLS))))
                .containsExactly(
                        "save, a < b & c, 1 thread",
                        "p50, ratio to raw; shorter is better",
                        "raw",
                        "1.00",
                        "ours",
                        "1.50",
                        "p99, ratio to raw; shorter is better",
                        "raw",
                        "1.00",
                        "ours",
                        "4.00",
                        "throughput, ratio to raw; longer is better",
                        "raw",
                        "1.00",
                        "ours",
                        "0.70");
    }

    @Test
    void amountsHaveOnePanel() throws Exception {
        Comparison amounts = Comparison.amounts(Comparison.Kind.BYTES, "held", 0.5, Map.of("theirs", List.of(2.0)));
        assertThat(texts(parsed(Plot.of(amounts))))
                .containsExactly("held", "bytes, ratio to theirs; shorter is better", "theirs", "1.00");
    }

    @Test
    void everythingLiesWithinThePictureAndNoTwoLinesOnEachOther() throws Exception {
        Document svg = parsed(Plot.of(CALLS));
        double width = number(svg.getDocumentElement(), "width");
        double height = number(svg.getDocumentElement(), "height");
        List<Element> bars = elements(svg, "rect").stream()
                .filter(bar -> bar.getAttribute("fill").equals("steelblue"))
                .toList();
        assertThat(bars).hasSize(6).allSatisfy(bar -> {
            assertThat(number(bar, "x") + number(bar, "width")).isLessThanOrEqualTo(width);
            assertThat(number(bar, "y") + number(bar, "height")).isLessThanOrEqualTo(height);
        });
        for (int i = 1; i < bars.size(); i++) {
            assertThat(number(bars.get(i), "y"))
                    .isGreaterThan(number(bars.get(i - 1), "y") + number(bars.get(i - 1), "height"));
        }
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> texts(Document svg) {
        return elements(svg, "text").stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(Document svg, String name) {
        NodeList nodes = svg.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
