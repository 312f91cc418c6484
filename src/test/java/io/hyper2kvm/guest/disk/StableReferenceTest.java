package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StableReferenceTest {

  private static GuestPartition partition(int number, String partUuid, String name) {
    return new GuestPartition(
        "/dev/sda" + number,
        0,
        number,
        "uuid-" + number,
        partUuid,
        "label" + number,
        "ext4",
        name.isEmpty() ? Set.of() : Set.of(GuestPartition.PARTLABEL + name));
  }

  private final GuestDisks disks =
      new GuestDisks(
          List.of(
              partition(1, "pu-1", "root"),
              partition(2, "pu-2", "twice"),
              partition(3, "pu-3", "twice")),
          1);

  @ParameterizedTest
  @CsvSource({
    "PARTLABEL=root, false",
    "PARTLABEL=\"root\", false",
    "/dev/disk/by-partlabel/root, false",
    "PARTLABEL=gone, true",
    "PARTLABEL=, true",
    "PARTLABEL=twice, true",
    "/dev/disk/by-partlabel/gone, true",
    "PARTUUID=pu-9, true",
    "LABEL=label1, false",
    "LABEL=gone, true",
    "UUID=$x, false",
    "PARTLABEL=$x, false"
  })
  void aTagThatLeadsNowhereIsTold(String device, boolean nowhere) {
    assertThat(StableReference.resolvesToNothing(device, disks)).isEqualTo(nowhere);
  }

  @Test
  void whereAPartitionTableIsNotKnownItsNamesAreNotMissing() {
    GuestDisks unknown = new GuestDisks(List.of(partition(1, "", "")), 1);

    assertThat(StableReference.resolvesToNothing("PARTLABEL=any", unknown)).isFalse();
  }
}
