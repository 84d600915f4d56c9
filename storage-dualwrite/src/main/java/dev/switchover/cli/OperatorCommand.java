package dev.switchover.cli;

import dev.switchover.dualwrite.Operator;

/** A command that asks both stores. */
abstract class OperatorCommand extends StorageCommand {

    OperatorCommand(Scope scope) {
        super(scope);
    }

    @Override
    final Result run(Scope.Target target) {
        try (Operator operator = adjust(target).builder().operator()) {
            return run(operator);
        }
    }

    /** What the options change about the surroundings; nothing by default. */
    Scope.Target adjust(Scope.Target target) {
        return target;
    }

    abstract Result run(Operator operator);
}
