package io.hyper2kvm.view;

import java.util.List;
import java.util.Optional;

/**
 * A part of a long list.
 *
 * @param items what was found; may be fewer than asked for although more follow
 * @param next where to go on; empty at the end of the list
 * @param total how many there are in all; empty where counting them would take long
 */
public record Listing(List<Placed> items, Optional<String> next, Optional<Integer> total) {

  public Listing {
    items = List.copyOf(items);
  }
}
