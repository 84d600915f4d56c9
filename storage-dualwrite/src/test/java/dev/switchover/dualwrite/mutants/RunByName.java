package dev.switchover.dualwrite.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A process that runs one test, or the tests of one class that are always on. Its exit code says how they went. */
final class RunByName {

    static final int PASSED = 10;
    static final int FAILED = 11;
    /** Not one ran to its end: nothing is known. */
    static final int NOTHING_RAN = 12;

    private RunByName() {}

    public static void main(String[] arguments) {
        int method = arguments[0].indexOf('#');
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(method < 0 ? selectClass(arguments[0]) : selectMethod(arguments[0]))
                .filters(TagFilter.excludeTags("slow"))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.out, true), 20);
        boolean failed = summary.getTotalFailureCount() > 0;
        boolean passed = summary.getTestsSucceededCount() > 0;
        // Threads of a broken store must not keep us.
        Runtime.getRuntime().halt(failed ? FAILED : passed ? PASSED : NOTHING_RAN);
    }
}
