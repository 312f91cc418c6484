package io.hyper2kvm.guest.btrfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

@Tag("property")
class SubvolumesPropertiesTest {

  @Property
  void anyAnswerIsRead(@ForAll List<String> listing, @ForAll String byDefault) {
    assertThat(Subvolumes.of(listing, byDefault).all()).startsWith(Subvolume.TOP);
  }

  @Property
  void anyOptionsLeadSomewhereOrSayWhyNot(@ForAll String path, @ForAll String options) {
    Subvolumes subvolumes =
        Subvolumes.of(List.of("btrfssubvolume_id: 256", "btrfssubvolume_path: " + path), "5");

    for (String some : List.of(options, "subvol=" + options, "subvolid=" + options)) {
      Subvolumes.Mounted mounted = subvolumes.mounted(some);
      assertThat(mounted.subvolume().isPresent()).isEqualTo(mounted.problem().isEmpty());
    }
  }

  @Property
  void aSubvolumeIsMountedByItsNumber(@ForAll String path) {
    Subvolumes subvolumes =
        Subvolumes.of(List.of("btrfssubvolume_id: 300", "btrfssubvolume_path: " + path), "5");

    assertThat(subvolumes.mounted("rw,subvolid=300").subvolume()).map(Subvolume::id).contains(300L);
  }

  @Property
  void anyTextOfABootFileIsRead(@ForAll String text) {
    assertThat(RootFlags.in("rootflags=" + text)).hasSizeLessThan(100);
  }

  @Property(tries = 50)
  void aLongPathIsReadInTime(@ForAll char repeated) {
    String path = String.valueOf(repeated).repeat(50_000);

    assertThat(
            Subvolumes.of(List.of("btrfssubvolume_id: 300", "btrfssubvolume_path: " + path), "5"))
        .satisfies(it -> assertThat(it.lookedAt(List.of())).isNotEmpty());
  }
}
