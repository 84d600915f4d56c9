package dev.switchover.examples.expenses.demo;

/** Walks the story and ends non-zero if the stores differ. */
public final class Demo {

    private Demo() {}

    public static void main(String[] args) {
        System.out.println("not built yet");
    }
}
