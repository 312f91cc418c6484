package io.hyper2kvm.guest;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import java.util.List;
import java.util.Set;

/** Disks of guests that several tests speak of. */
public final class SampleGuests {

  public static final String ROOT_UUID = "6f1c0a52-0f55-4a3e-9c1b-6c2d6b8c2f10";
  public static final String SWAP_UUID = "0b7c9f0e-9a2f-4d55-8f3a-2f1a5e7d9b44";
  public static final String DATA_UUID = "c0ffee00-1111-4222-8333-444455556666";
  public static final String BOOT_UUID = "aaaabbbb-cccc-4ddd-8eee-ffff00001111";

  public static final GuestPartition ROOT =
      new GuestPartition("/dev/sda1", 0, 1, ROOT_UUID, "4d3c2b1a-01", "rootfs", "ext4", Set.of());
  public static final GuestPartition SWAP =
      new GuestPartition("/dev/sda5", 0, 5, SWAP_UUID, "4d3c2b1a-05", "", "swap", Set.of());
  public static final GuestPartition NO_UUID =
      new GuestPartition("/dev/sda6", 0, 6, "", "4d3c2b1a-06", "", "", Set.of());
  public static final GuestPartition NAMELESS =
      new GuestPartition("/dev/sda7", 0, 7, "", "", "", "", Set.of());
  public static final GuestPartition DATA =
      new GuestPartition("/dev/sdb1", 1, 1, DATA_UUID, "99887766-01", "data", "xfs", Set.of());
  public static final GuestPartition WHOLE =
      new GuestPartition("/dev/sdc", 2, 0, BOOT_UUID, "", "backup", "ext4", Set.of());

  /** One disk: sda1 ext4, sda5 swap, sda6 without UUID, sda7 without any name. */
  public static final GuestDisks ONE_DISK =
      new GuestDisks(List.of(ROOT, SWAP, NO_UUID, NAMELESS), 1);

  /** The same, a second disk with one xfs partition, and a third that is one file system. */
  public static final GuestDisks THREE_DISKS =
      new GuestDisks(List.of(ROOT, SWAP, NO_UUID, NAMELESS, DATA, WHOLE), 3);

  private SampleGuests() {}
}
