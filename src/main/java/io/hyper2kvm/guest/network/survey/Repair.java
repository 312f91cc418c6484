package io.hyper2kvm.guest.network.survey;

import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the survey decided, for the editors of the single configuration systems. */
public final class Repair {
  public static final String STALE_ADDRESS =
      "binds to the hardware address of the old card, which the new card need not have";
  public static final String STALE_PLACE =
      "binds to the old card's place on the bus, where the new machine has another one";
  public static final String STALE_DRIVER =
      "names the driver of a card that the new machine does not have";
  public static final String UNKNOWN_CARD =
      "which card this is for cannot be told; name all cards of the machine in load.network_cards";
  public static final String ABSENT_CARD =
      "is for a card that the machine does not have: it took no effect before, and takes none now";
  public static final String CHOSEN_ADDRESS =
      "an address that the operator chose for the interface, not one that it is found by";

  private final Level level;
  private final Survey survey;
  private final CardOrder order;
  private final GuestTraits traits;
  private final SortedMap<String, FileEdit> edits = new TreeMap<>();
  private final Set<String> pinned = new HashSet<>();

  public Repair(Level level, GuestTraits traits, Survey survey, CardOrder order) {
    this.level = level;
    this.traits = traits;
    this.survey = survey;
    this.order = order;
  }

  public boolean full() {
    return level == Level.FULL;
  }

  public GuestTraits traits() {
    return traits;
  }

  public CardOrder order() {
    return order;
  }

  public Findings findings() {
    return survey.findings();
  }

  /** Whether whatever was bound to the old card can only mean the one new card. */
  public boolean single() {
    int cards = traits.cards();
    return order.single() && (cards == 1 || cards == 0 && survey.namelessCards() <= 1);
  }

  /** The name that the card with this old hardware address keeps. */
  public Optional<String> keptName(String mac) {
    if (absent(mac)) {
      return Optional.empty();
    }
    OptionalInt place = traits.machine().placeOf(mac);
    if (place.isPresent()) {
      Optional<String> placed =
          order.names().stream()
              .filter(name -> order.position().getOrDefault(name, 0) == place.getAsInt())
              .findFirst();
      if (placed.isPresent()) {
        return placed.filter(this::kept);
      }
    }
    Optional<String> name = survey.nameOf(mac);
    return name.isPresent() ? name.filter(this::kept) : onlyName();
  }

  /** The name that the card at this old place keeps. */
  public Optional<String> nameAt(BusPlace place) {
    return survey.busOrder().nameAt(place, order.names()).filter(this::kept);
  }

  /** The name that the only card keeps; empty when there may be several or the level is basic. */
  public Optional<String> onlyName() {
    return single() && full() ? order.names().stream().findFirst() : Optional.empty();
  }

  /** Whether the machine has no card with this address, and nothing may make it mean another. */
  public boolean absent(String mac) {
    return order.absent().macs().contains(mac);
  }

  /** Whether the configuration uses this name for a card that the machine does not have. */
  public boolean absentName(String name) {
    return order.absent().names().contains(name);
  }

  /** Whether this plan keeps the name on its card. */
  public boolean kept(String name) {
    return full() && order.failure().isEmpty() && order.names().contains(name);
  }

  /** The lines of a {@code .link} file's match for a card; empty when it cannot be told apart. */
  public Optional<List<String>> linkMatch(String name) {
    if (order.failure().isPresent() || !order.names().contains(name)) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    lines.add("Driver=" + Hardware.VIRTIO_NET);
    Integer position = order.position().get(name);
    if (position != null) {
      lines.add("OriginalName=eth" + position);
    }
    return Optional.of(lines);
  }

  /** A file of the guest's own pins this name already. */
  public void pinnedBy(String name) {
    pinned.add(name);
  }

  public boolean isPinned(String name) {
    return pinned.contains(name);
  }

  public void accept(TextEdit file) {
    file.result().edit().ifPresent(this::accept);
  }

  /** As {@link #accept(TextEdit)}; but a file in which the changes left nothing goes. */
  public void acceptOrRemove(TextEdit file) {
    if (file.changed() && file.isOnlyComments()) {
      accept(file.removal());
    } else {
      accept(file);
    }
  }

  public void accept(FileEdit edit) {
    edits.put(edit.file(), edit);
  }

  /** A stale pin that stays, because what should stand in its place cannot be told. */
  public void unresolved(TextEdit file, int index, String why) {
    findings().note(file, index, why);
    String text = "%s line %d: %s".formatted(file.file(), index + 1, why);
    if (full()) {
      findings().failure(text);
    } else {
      findings().warning(text);
    }
  }

  /** The edits so far, in the order of the files' paths. */
  public Collection<FileEdit> edits() {
    return edits.values();
  }
}
