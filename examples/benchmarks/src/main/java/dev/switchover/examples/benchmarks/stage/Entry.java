package dev.switchover.examples.benchmarks.stage;

import java.math.BigDecimal;
import java.util.List;

/** A line of a household book; what is saved and found in every measurement. */
public record Entry(
        long id,
        String date,
        String category,
        BigDecimal amount,
        String currency,
        String account,
        boolean business,
        List<String> tags,
        String notes) {}
