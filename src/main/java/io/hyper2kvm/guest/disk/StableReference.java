package io.hyper2kvm.guest.disk;

/** Checks references that never change but may name something that is not there. */
public final class StableReference {

  private StableReference() {}

  /**
   * Whether a {@code UUID=}, {@code LABEL=} or {@code PARTUUID=} reference finds no device. Labels
   * of partitions are not known, so {@code PARTLABEL=} never counts as missing.
   */
  public static boolean resolvesToNothing(String device, GuestDisks disks) {
    return DeviceTag.of(device)
            .filter(tag -> tag.kind() != DeviceTag.Kind.PARTLABEL)
            .filter(tag -> tag.value().indexOf('$') < 0)
            .isPresent()
        && disks.resolve(device).isEmpty();
  }
}
