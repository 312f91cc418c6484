package io.hyper2kvm.guest.btrfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hyper2kvm.guest.fstab.Fstab;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RootChoiceTest {

  /** A file system with its systems, as distributions and their tools leave it behind. */
  private static final class Layout {
    private final List<Subvolume> all = new ArrayList<>(List.of(Subvolume.TOP));
    private final List<RootChoice.Candidate> systems = new ArrayList<>();
    private List<String> started = List.of();
    private long byDefault = Subvolume.TOP_ID;

    private Layout plain(String path) {
      all.add(new Subvolume(255 + all.size(), path));
      return this;
    }

    /** A subvolume with a system; {@code null} for a table without a row for the root. */
    private Layout system(String path, String rootOptions, String... ownFlags) {
      Subvolume subvolume = path.isEmpty() ? Subvolume.TOP : new Subvolume(255 + all.size(), path);
      if (!path.isEmpty()) {
        all.add(subvolume);
      }
      systems.add(
          new RootChoice.Candidate(
              subvolume,
              Optional.ofNullable(rootOptions)
                  .map(options -> new Fstab.Row(2, "UUID=x", "/", "btrfs", options)),
              List.of(ownFlags),
              false));
      return this;
    }

    private Layout isDefault() {
      byDefault = all.get(all.size() - 1).id();
      return this;
    }

    private Layout started(String... options) {
      started = List.of(options);
      return this;
    }

    private Optional<RootChoice> choose() {
      return RootChoice.of(new Subvolumes(all, byDefault), systems, started);
    }
  }

  private static Stream<Arguments> layouts() {
    return Stream.of(
        arguments("Debian", layout().system("@rootfs", "subvol=@rootfs").plain("@home"), "@rootfs"),
        arguments(
            "Ubuntu with timeshift",
            layout()
                .system("timeshift-btrfs/snapshots/1/@", "subvol=@", "subvol=@")
                .system("@", "defaults,subvol=@", "subvol=@"),
            "@"),
        arguments(
            "Fedora, its entries on /boot",
            layout().plain("home").system("root", "subvol=root").started("subvol=root"),
            "root"),
        arguments(
            "openSUSE",
            layout()
                .system("@/.snapshots/1/snapshot", "defaults")
                .isDefault()
                .system("@/.snapshots/2/snapshot", "defaults"),
            "@/.snapshots/1/snapshot"),
        arguments(
            "openSUSE after a rollback",
            layout()
                .system("@/.snapshots/1/snapshot", "defaults")
                .system("@/.snapshots/7/snapshot", "defaults")
                .isDefault(),
            "@/.snapshots/7/snapshot"),
        arguments(
            "the top level with snapshots",
            layout().system("", "defaults").system(".snapshots/1/snapshot", "defaults"),
            ""),
        arguments(
            "no row for the root, a default",
            layout().system("a", null).system("b", null).isDefault(),
            "b"),
        arguments(
            "no row, one system",
            layout().plain("home").system("__active/rootvol", null),
            "__active/rootvol"),
        arguments(
            "a number in fstab that a rollback made stale",
            layout().system("@", "subvolid=999,subvol=/@").system("@old", "subvolid=999,subvol=/@"),
            "@"),
        arguments(
            "the command line starts a copy",
            layout()
                .system("@", "subvol=@", "subvol=@new")
                .system("@new", "subvol=@", "subvol=@new")
                .started("subvol=@new"),
            "@new"),
        arguments(
            "two systems, the boot partition starts one",
            layout()
                .system("@debian", "subvol=@debian", "subvol=@debian")
                .system("@arch", "subvol=@arch", "subvol=@arch")
                .started("subvol=@arch", "subvol=@debian"),
            "@arch"));
  }

  private static Layout layout() {
    return new Layout();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void theRootIsTheOneThatTheGuestStarts(String name, Layout layout, String path) {
    assertThat(layout.choose()).map(it -> it.chosen().subvolume().path()).contains(path);
  }

  @Test
  void snapshotsAreNoFurtherSystems() {
    Layout layout =
        layout()
            .system("@", "subvol=@")
            .system("timeshift-btrfs/snapshots/1/@", "subvol=@")
            .system("@backup", "subvol=@");

    assertThat(layout.choose()).map(RootChoice::others).contains(List.of());
  }

  @Test
  void aSecondSystemIsTold() {
    Layout layout = layout().system("@a", "subvol=@a").system("@b", "subvol=@b");

    assertThat(layout.choose().orElseThrow().others())
        .extracting(it -> it.subvolume().path())
        .containsExactly("@b");
  }

  @Test
  void whereNothingTellsThemApartAllAreTold() {
    Layout layout = layout().system("@a", null).system("@b", null).system("@c", "subvol=@gone");

    assertThat(layout.choose().orElseThrow().others()).hasSize(2);
  }

  @Test
  void aTableThatNamesAnotherSubvolumeIsWarnedOf() {
    Layout layout =
        layout().system("@", "subvol=@").system("@new", "subvol=@").started("subvol=@new");

    assertThat(layout.choose().orElseThrow().warnings())
        .containsExactly(
            "line 2 of /etc/fstab mounts UUID=x at / with subvol=@, but the guest starts from"
                + " subvolume @new of it: what is changed is changed there; compare it with the"
                + " kernel command line");
  }

  @Test
  void withoutASystemThereIsNoRoot() {
    assertThat(layout().plain("@home").choose()).isEmpty();
  }
}
