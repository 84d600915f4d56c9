package dev.switchover.json.records;

import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A list that is in ascending order already, in the shape in which an empty {@link TreeSet} takes all of it at once, without comparing
 * anything: {@code addAll} of a {@link SortedSet} takes time in proportion to its size.
 */
final class Ascending<E> extends AbstractSet<E> implements SortedSet<E> {

    private final List<E> elements;
    private final Comparator<? super E> order;

    private Ascending(List<E> elements, Comparator<? super E> order) {
        this.elements = elements;
        this.order = order;
    }

    /** Adds all of them to a set that is empty and has an order: at once, where they come in that order, each of them once. */
    static <E> void addAll(Stream<E> elements, TreeSet<E> to) {
        List<E> all = elements.toList();
        Comparator<? super E> order = Objects.requireNonNull(to.comparator());
        to.addAll(isAscending(all, order) ? new Ascending<>(all, order) : all);
    }

    private static <E> boolean isAscending(List<E> elements, Comparator<? super E> order) {
        for (int i = 1; i < elements.size(); i++) {
            if (order.compare(elements.get(i - 1), elements.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Comparator<? super E> comparator() {
        return order;
    }

    @Override
    public Iterator<E> iterator() {
        return elements.iterator();
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public E first() {
        return elements.get(0);
    }

    @Override
    public E last() {
        return elements.get(elements.size() - 1);
    }

    @Override
    public SortedSet<E> subSet(E from, E to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SortedSet<E> headSet(E to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SortedSet<E> tailSet(E from) {
        throw new UnsupportedOperationException();
    }
}
