package dev.switchover.examples.expenses;

/** Starts the service. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.out.println("not built yet");
    }
}
