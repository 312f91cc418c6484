package io.hyper2kvm.guest.btrfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubvolumesTest {

  private static List<String> listing(String... paths) {
    List<String> lines = new ArrayList<>();
    int id = 256;
    for (String path : paths) {
      lines.addAll(
          List.of(
              "[0] = {",
              "btrfssubvolume_id: " + id++,
              "btrfssubvolume_top_level_id: 5",
              "btrfssubvolume_path: " + path,
              "}"));
    }
    return lines;
  }

  private final Subvolumes debian =
      Subvolumes.of(listing("@rootfs", "@home", "@rootfs/var/log", "a name+x"), "257\n");

  @ParameterizedTest
  @CsvSource({
    "'subvol=@rootfs', 256",
    "'subvol=/@rootfs', 256",
    "'rw,noatime,subvol=/@rootfs/,compress=zstd:1', 256",
    "'subvolid=258', 258",
    "'subvolid=258,subvol=/@rootfs/var/log', 258",
    "'subvol=@home,subvol=@rootfs', 256",
    "'subvol=/', 5",
    "'subvolid=5', 5",
    "'subvolid=0', 5",
    "'subvol=a name+x', 259",
    "'defaults', 257",
    "'', 257"
  })
  void optionsLeadToASubvolume(String options, long id) {
    Subvolumes.Mounted mounted = debian.mounted(options);

    assertThat(mounted.subvolume()).map(Subvolume::id).contains(id);
    assertThat(mounted.problem()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'subvol=@gone', 'it has no subvolume @gone'",
    "'subvolid=300', 'it has no subvolume with the number 300'",
    "'subvolid=x', 'it has no subvolume with the number x'",
    "'subvolid=300,subvol=/@home', 'its subvolume @home has another number than 300'",
    "'subvolid=257,subvol=/@gone', 'it has no subvolume @gone'"
  })
  void optionsThatLeadNowhereSayWhy(String options, String problem) {
    Subvolumes.Mounted mounted = debian.mounted(options);

    assertThat(mounted.subvolume()).isEmpty();
    assertThat(mounted.problem()).isEqualTo(problem);
  }

  @Test
  void aDefaultThatIsGoneIsNotTheTopLevel() {
    assertThat(Subvolumes.of(listing("@"), "999").mounted("defaults").problem())
        .isEqualTo("its default subvolume 999 is gone");
  }

  @ParameterizedTest
  @CsvSource({"''", "'x'", "'-3'", "'99999999999999999999999'"})
  void withoutAnAnswerTheTopLevelIsTheDefault(String answer) {
    assertThat(Subvolumes.of(listing("@"), answer).byDefault()).contains(Subvolume.TOP);
  }

  @Test
  void linesThatAreNoAnswersAreLeftOut() {
    List<String> hostile =
        List.of(
            "btrfssubvolume_path: no number",
            "btrfssubvolume_id: 9999999999999999999999",
            "btrfssubvolume_path: too long a number",
            "btrfssubvolume_id: 0",
            "btrfssubvolume_path: zero",
            "btrfssubvolume_id: 256",
            "btrfssubvolume_path: @",
            "btrfssubvolume_path: @ again");

    assertThat(Subvolumes.of(hostile, "5").all())
        .containsExactly(Subvolume.TOP, new Subvolume(256, "@"));
  }

  @Test
  void snapshotsAreNotLookedAtUnlessTheyAreTheDefaultOrNamed() {
    Subvolumes suse =
        Subvolumes.of(
            listing(
                "@",
                "@/.snapshots",
                "@/.snapshots/1/snapshot",
                "@/.snapshots/2/snapshot",
                "timeshift-btrfs/snapshots/2026-01-01_00-00-01/@",
                "@snapshots/7/snapshot"),
            "258");

    assertThat(suse.lookedAt(List.of("subvolid=259")))
        .extracting(Subvolume::path)
        .containsExactly(
            "@/.snapshots/2/snapshot", "@/.snapshots/1/snapshot", "", "@", "@/.snapshots");
  }

  @Test
  void containersByTheThousandAreNotAllLookedAt() {
    String[] paths = new String[5000];
    for (int i = 0; i < paths.length - 1; i++) {
      paths[i] = "var/lib/docker/btrfs/subvolumes/" + i;
    }
    paths[paths.length - 1] = "@";

    assertThat(Subvolumes.of(listing(paths), "5").lookedAt(List.of()))
        .hasSizeLessThan(50)
        .startsWith(Subvolume.TOP, new Subvolume(5255, "@"));
  }
}
