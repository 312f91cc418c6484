package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which configurations are for cards by the driver alone, and so lose what told them apart. */
public final class DriverEvidence {
  // A guest with more is damaged; each pair of them is compared.
  private static final int MOST = 64;

  /** The old drivers by what asks for them: a file, and the device in it. */
  private final Map<String, Set<String>> drivers = new LinkedHashMap<>();

  private final Set<String> files = new LinkedHashSet<>();
  private final Set<String> anyCard = new LinkedHashSet<>();

  /**
   * A configuration is for whatever card has one of these drivers.
   *
   * @param device its name in the file; empty when the file has one only
   */
  public void only(String path, String device, List<String> words) {
    Set<String> old = new LinkedHashSet<>(words);
    old.removeIf(word -> !Hardware.oldDriver(word));
    if (!old.isEmpty() && drivers.size() < MOST) {
      drivers.put(device.isEmpty() ? path : "%s (%s)".formatted(path, device), old);
      files.add(path);
    }
  }

  /** A file is for whatever card is left. */
  void anyCard(String path) {
    if (anyCard.size() < MOST) {
      anyCard.add(path);
    }
  }

  /** Says what the new machine, where every card has one driver, cannot tell apart. */
  public void check(Survey survey) {
    List<String> all = new ArrayList<>(drivers.keySet());
    for (int i = 0; i < all.size(); i++) {
      for (String other : all.subList(i + 1, all.size())) {
        compare(all.get(i), other, survey);
      }
    }
    Set<String> others = new LinkedHashSet<>(survey.cards());
    others.addAll(survey.patterns().keySet());
    others.addAll(survey.namelessAddresses());
    anyCard.stream().filter(path -> !files.contains(path)).forEach(others::add);
    if (!all.isEmpty() && !others.isEmpty()) {
      survey
          .findings()
          .warning(
              "%s is for cards by their driver (%s), and every card of the new machine has %s: it may now be for a card of %s, too"
                  .formatted(
                      all.get(0),
                      String.join(", ", drivers.get(all.get(0))),
                      Hardware.VIRTIO_NET,
                      others.iterator().next()));
    }
  }

  private void compare(String one, String other, Survey survey) {
    Set<String> first = drivers.get(one);
    Set<String> second = drivers.get(other);
    if (!Collections.disjoint(first, second)) {
      return;
    }
    String text =
        "%s and %s tell cards apart by their drivers (%s; %s), and every card of the new machine has %s: give each the name of its card"
            .formatted(
                one,
                other,
                String.join(", ", first),
                String.join(", ", second),
                Hardware.VIRTIO_NET);
    boolean oneMachine =
        first.stream().anyMatch(a -> second.stream().anyMatch(b -> Hardware.oneMachine(a, b)));
    if (oneMachine && survey.namesAreKept()) {
      survey.findings().failure(text);
    } else {
      survey.findings().warning(text);
    }
  }
}
