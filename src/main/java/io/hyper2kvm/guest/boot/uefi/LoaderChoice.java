package io.hyper2kvm.guest.boot.uefi;

import io.hyper2kvm.guest.boot.uefi.LoaderCandidate.Kind;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The boot loader that the old machine's entry most likely named.
 *
 * @param loader which one; empty when none, or more than one, can be meant
 * @param doubt what an operator should know of the choice; empty when there is no doubt
 */
record LoaderChoice(Optional<LoaderCandidate> loader, String doubt) {

  /** A number, or what is between numbers. */
  private static final String NUMBERS = "(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)";

  LoaderChoice {
    Objects.requireNonNull(loader, "loader");
    Objects.requireNonNull(doubt, "doubt");
  }

  /** The choice among those of one partition for one processor; there is at least one. */
  static LoaderChoice among(List<LoaderCandidate> candidates, UefiGuest guest) {
    for (Kind kind : order(guest)) {
      List<LoaderCandidate> those = candidates.stream().filter(c -> c.kind() == kind).toList();
      if (!those.isEmpty()) {
        return kind == Kind.UNIFIED_KERNEL ? newest(those) : own(those, guest);
      }
    }
    throw new IllegalArgumentException("no candidates");
  }

  private static List<Kind> order(UefiGuest guest) {
    return guest.bootLoader().equals("systemd-boot")
        ? List.of(Kind.SYSTEMD_BOOT, Kind.GRUB, Kind.REFIND, Kind.UNIFIED_KERNEL)
        : List.of(Kind.GRUB, Kind.SYSTEMD_BOOT, Kind.REFIND, Kind.UNIFIED_KERNEL);
  }

  private static LoaderChoice own(List<LoaderCandidate> candidates, UefiGuest guest) {
    List<LoaderCandidate> left = prefer(candidates, c -> !c.isForAnother(guest));
    int least = left.stream().mapToInt(c -> guest.distanceOf(c.folderName())).min().orElseThrow();
    left = prefer(left, c -> guest.distanceOf(c.folderName()) == least);
    left = prefer(left, c -> !c.program().folder().equalsIgnoreCase(EfiPartition.REMOVABLE_FOLDER));
    left = prefer(left, c -> c.configuration().flatMap(GrubStub::fileSystem).isPresent());
    Map<String, LoaderCandidate> different = new LinkedHashMap<>();
    left.forEach(c -> different.putIfAbsent(c.content(), c));
    LoaderCandidate first = left.get(0);
    if (different.size() > 1) {
      List<String> paths = left.stream().map(c -> c.program().path()).toList();
      return new LoaderChoice(
          Optional.empty(),
          "%s has several boot loaders, and nothing tells which is the guest's: %s"
              .formatted(first.partition().place(), String.join(", ", paths)));
    }
    return new LoaderChoice(
        Optional.of(first),
        first.isForAnother(guest)
            ? "%s: its grub.cfg searches a file system that is on none of the disks"
                .formatted(first.partition().placeOf(first.program().path()))
            : "");
  }

  /** Those that hold, if any does, else all. */
  private static List<LoaderCandidate> prefer(
      List<LoaderCandidate> candidates, Predicate<LoaderCandidate> holds) {
    List<LoaderCandidate> those = candidates.stream().filter(holds).toList();
    return those.isEmpty() ? candidates : those;
  }

  private static LoaderChoice newest(List<LoaderCandidate> kernels) {
    List<LoaderCandidate> usual = prefer(kernels, c -> !c.program().name().contains("fallback"));
    LoaderCandidate newest =
        usual.stream().max(Comparator.comparing(LoaderChoice::sortable)).orElseThrow();
    return new LoaderChoice(
        Optional.of(newest),
        "%s is a kernel: the copy at the removable-media path stays at this version when the guest installs another"
            .formatted(newest.partition().placeOf(newest.program().path())));
  }

  /** The name with its numbers filled up, so that 6.10 comes after 6.9. */
  private static String sortable(LoaderCandidate candidate) {
    StringBuilder key = new StringBuilder();
    for (String part : candidate.program().name().split(NUMBERS)) {
      boolean number = Character.isDigit(part.charAt(0));
      key.append(number ? "0".repeat(Math.max(0, 20 - part.length())) : "").append(part);
    }
    return key.toString();
  }
}
