package io.hyper2kvm.stage.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.luks.LuksBytes;
import io.hyper2kvm.stage.FakeContainer;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.luks.LuksKey;
import io.hyper2kvm.tool.luks.LuksKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest whose root, or a data disk, is encrypted. */
class EncryptedGuestTest {

  private static final String CONTAINER = "/dev/sda2";
  private static final String UUID = "0b1e6f9a-5b1e-4c51-9a7d-2b6d5f0c1a2b";
  private static final String OTHER_UUID = "11111111-5b1e-4c51-9a7d-2b6d5f0c1a2b";
  private static final String SECRET = "correct horse";

  @TempDir Path directory;
  private Jobs jobs;
  private final FakeGuest guest = new FakeGuest();
  private final List<LuksKey> keys = new ArrayList<>();

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.inspect = true;
    guest.partition("/dev/sda1", "ext4", "1111-boot");
    guest.file("/dev/sda1", "/vmlinuz-6.1.0", "kernel");
    guest.partition(CONTAINER, "crypto_LUKS", UUID);
  }

  private Path keyFile(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void key(String pattern, String name, String content) throws IOException {
    keys.add(
        LuksKey.parse(pattern + "; key_file=" + keyFile(name, content), directory.toRealPath()));
  }

  private FakeContainer container(String device, BiConsumer<FakeGuest, String> onOpen) {
    return container(device, LuksBytes.two(UUID, 1 << 20), onOpen);
  }

  private FakeContainer container(
      String device, LuksBytes header, BiConsumer<FakeGuest, String> onOpen) {
    return guest.container(new FakeContainer(device, header, SECRET, onOpen));
  }

  /** A Debian on a device that is there when its container is opened. */
  private static void system(FakeGuest guest, String device, String crypttab, String fstab) {
    guest.logicalVolume(device, "ext4", "2222-root");
    if (device.startsWith("/dev/mapper/")) {
      guest.hide(device);
    }
    guest
        .file(
            device,
            "/etc/os-release",
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n")
        .file(device, "/etc/fstab", fstab)
        .file(device, "/etc/crypttab", crypttab)
        .file(device, "/bin/sh", FakeGuest.elf(62));
  }

  private VmJob inspect() throws IOException {
    jobs.luksKeys = new LuksKeys(keys, Optional.empty());
    return Inspected.job(jobs, guest);
  }

  private StageFailedException refused() {
    return catchThrowableOfType(StageFailedException.class, this::inspect);
  }

  @Test
  void aRootInAContainerIsFoundUnderTheNameThatTheGuestGivesIt() throws IOException {
    jobs.wantFstabFix();
    key("vm=*", "key", SECRET + "\n");
    container(
        CONTAINER,
        (opened, device) ->
            system(
                opened,
                device,
                "sda2_crypt /dev/sda2 none luks,discard\n",
                "/dev/mapper/sda2_crypt / ext4 x 0 1\nUUID=1111-boot /boot ext4 x 0 2\n"));

    VmJob job = inspect();

    GuestFacts facts = job.results().get(InspectResult.class).guest();
    assertThat(facts.os()).isEqualTo("linux");
    assertThat(facts.disks().root().map(GuestPartition::device)).contains("/dev/mapper/sda2_crypt");
    assertThat(facts.mounts())
        .containsEntry("/", "/dev/mapper/sda2_crypt")
        .containsEntry("/boot", "/dev/sda1");
    assertThat(job.warnings()).noneMatch(warning -> warning.contains("crypt"));
  }

  @Test
  void aRootOnALogicalVolumeInAContainerIsFound() throws IOException {
    jobs.wantFstabFix();
    key("vm=*; device=disk1-partition2", "key", SECRET);
    container(
        CONTAINER,
        (opened, device) -> {
          opened.tags.put(device, Map.of("TYPE", "LVM2_member"));
          system(
              opened,
              "/dev/vg/root",
              "crypt UUID=" + UUID + " none luks\n",
              "/dev/mapper/vg-root / ext4 x 0 1\n");
        });

    assertThat(inspect().results().get(InspectResult.class).guest().mounts())
        .containsEntry("/", "/dev/vg/root");
    assertThat(guest.commands)
        .contains(List.of("-lvm-scan", "true"))
        .contains(
            List.of("-debug", "sh", "dmsetup rename luks-" + UUID + " crypt; udevadm settle"));
  }

  @Test
  void aNameThatALogicalVolumeHasIsNotGivenToAContainer() throws IOException {
    jobs.wantFstabFix();
    key("vm=*", "key", SECRET);
    container(
        CONTAINER,
        (opened, device) -> {
          opened.tags.put(device, Map.of("TYPE", "LVM2_member"));
          system(opened, "/dev/vg/root", "vg-root UUID=" + UUID + "\n", "UUID=2222-root / ext4\n");
        });

    assertThat(inspect().results().get(InspectResult.class).guest().mounts())
        .containsEntry("/", "/dev/vg/root");
    assertThat(guest.commands.toString()).doesNotContain("dmsetup");
  }

  @Test
  void aContainerOnALogicalVolumeIsOpenedByItsName() throws IOException {
    jobs.wantFstabFix();
    guest.partitions.remove(CONTAINER);
    guest.logicalVolume("/dev/vg/secret", "crypto_LUKS", UUID);
    key("vm=*; device=/dev/vg/*", "key", SECRET);
    container(
        "/dev/vg/secret",
        LuksBytes.one(UUID),
        (opened, device) ->
            system(opened, device, "c /dev/vg/secret none\n", "UUID=2222-root / ext4 x 0 1\n"));

    assertThat(inspect().results().get(InspectResult.class).guest().mounts())
        .containsEntry("/", "/dev/mapper/c");
  }

  @Test
  void aContainerInAContainerIsOpened() throws IOException {
    jobs.wantFstabFix();
    key("vm=*", "key", SECRET);
    container(
        CONTAINER,
        (opened, device) -> {
          opened.logicalVolume("/dev/vg/inner", "crypto_LUKS", OTHER_UUID);
        });
    container(
        "/dev/vg/inner",
        LuksBytes.one(OTHER_UUID),
        (opened, device) -> system(opened, device, "", "UUID=2222-root / ext4 x 0 1\n"));

    assertThat(inspect().results().get(InspectResult.class).guest().mounts())
        .containsEntry("/", "/dev/mapper/luks-" + OTHER_UUID);
  }

  @Test
  void withoutAKeyTheFailureNamesTheDevice() {
    jobs.wantFstabFix();
    container(CONTAINER, (opened, device) -> {});

    StageFailedException failure = refused();

    assertThat(failure.code()).isEqualTo(FailureCode.GUEST_ENCRYPTED);
    assertThat(failure)
        .hasMessageContaining("disk 1, partition 2 (LUKS 2, UUID " + UUID + ") is encrypted")
        .hasMessageContaining("names no key for it");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1 key was tried and does not open it",
    "2, 2 keys were tried and none opens it",
    "20, 16 keys were tried and none opens it (of 20 keys the first 16 were tried)"
  })
  void wrongKeysAreCounted(int count, String words) throws IOException {
    jobs.wantFstabFix();
    for (int i = 0; i < count; i++) {
      key("vm=*", "key" + i, "wrong" + i);
    }
    container(CONTAINER, (opened, device) -> {});

    assertThat(refused()).hasMessageContaining(words);
  }

  @Test
  void severalKeysAreTriedInTheirOrderUntilOneFits() throws IOException {
    key("vm=*", "first", "wrong");
    key("vm=another", "other", SECRET);
    key("vm=*", "second", SECRET + "\n");
    key("vm=*", "third", SECRET);
    FakeContainer container =
        container(
            CONTAINER, (opened, device) -> system(opened, device, "", "UUID=2222-root / ext4\n"));

    inspect();

    assertThat(container.tries).isEqualTo(2);
    assertThat(guest.commands.stream().filter(words -> words.get(0).equals("-debug-upload")))
        .extracting(words -> Path.of(words.get(1)).getFileName().toString())
        .containsExactly("first", "second");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vm=*; key_file=/nowhere/key|key_file /nowhere/key: there is no such file",
        "vm=*; key_file=/dev/null|key_file /dev/null: it is no regular file",
        "vm=*; credential=c|credential c: systemd gave this process no credentials",
      })
  void aKeyThatCannotBeReadIsToldAndNotCounted(String key, String words) {
    jobs.wantFstabFix();
    keys.add(LuksKey.parse(key, directory));
    container(CONTAINER, (opened, device) -> {});

    assertThat(refused()).hasMessageContaining("no key was tried").hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status 3", "Killed\nstatus 137"})
  void tooLittleMemoryIsToldWithWhatIsNeeded(String answer) throws IOException {
    jobs.wantFstabFix();
    key("vm=*", "key", SECRET);
    container(CONTAINER, (opened, device) -> {}).answer = answer;

    assertThat(refused())
        .hasMessageContaining("memory of 512 MiB is too small")
        .hasMessageContaining("needs 1024 MiB")
        .hasMessageContaining("raise appliance_memory");
  }

  @ParameterizedTest
  @CsvSource({
    "status 124, was tried for 300 s without an end",
    "Device sda2 is in use.\\nstatus 5, Device sda2 is in use.",
    "'', the appliance could not try key_file",
    "status, the appliance could not try key_file"
  })
  void whatElseKeepsItClosedIsTold(String answer, String words) throws IOException {
    jobs.wantFstabFix();
    key("vm=*", "key", SECRET);
    container(CONTAINER, (opened, device) -> {}).answer =
        answer.isEmpty() ? " " : answer.replace("\\n", "\n");

    assertThat(refused()).hasMessageContaining(words);
  }

  @Test
  void aContainerAmidstItsReencryptionIsLeftAlone() throws IOException {
    jobs.wantFstabFix();
    key("vm=*", "key", SECRET);
    FakeContainer container =
        container(
            CONTAINER,
            LuksBytes.two(
                UUID, "{\"config\":{\"requirements\":{\"mandatory\":[\"online-reencrypt-v2\"]}}}"),
            (opened, device) -> {});

    assertThat(refused()).hasMessageContaining("re-encryption has not ended");
    assertThat(container.tries).isZero();
  }

  @Test
  void anEncryptedDataDiskOfAPlainGuestIsAWarning() throws IOException {
    jobs.wantFstabFix();
    system(
        guest,
        "/dev/vg/root",
        "data UUID=" + UUID + " /etc/keys/data luks\n",
        "UUID=2222-root / ext4\n");
    container(CONTAINER, (opened, device) -> {});

    assertThat(inspect().warnings())
        .containsExactly(
            "disk 1, partition 2 (LUKS 2, UUID "
                + UUID
                + ") is encrypted: luks_keys of the configuration names no key for it: nothing in it was looked at or changed",
            "line 1 of /etc/crypttab has a key for data in the guest's own file /etc/keys/data, which is not used here");
  }

  @Test
  void anInspectionAloneWarnsOfAnEncryptedGuest() throws IOException {
    container(CONTAINER, (opened, device) -> {});

    VmJob job = inspect();

    assertThat(job.results().get(InspectResult.class).guest().os()).isEqualTo("unknown");
    assertThat(job.warnings()).singleElement().asString().contains("is encrypted");
  }

  @Test
  void twoContainersOfOneUuidGetNamesOfTheirOwn() throws IOException {
    key("vm=*", "key", SECRET);
    guest.partition("/dev/sda3", "crypto_LUKS", UUID);
    container(CONTAINER, (opened, device) -> opened.tags.put(device, Map.of()));
    container("/dev/sda3", (opened, device) -> opened.tags.put(device, Map.of()));

    inspect();

    assertThat(guest.commands.toString())
        .contains(" luks-" + UUID + ";")
        .contains(" luks-" + UUID + "-1;");
  }

  @Test
  void noScriptHasAnyPartOfTheKey() throws IOException {
    jobs.wantFstabFix();
    key("vm=*", "key", SECRET);
    container(CONTAINER, (opened, device) -> system(opened, device, "", "UUID=2222-root / ext4\n"));

    VmJob job = inspect();

    assertThat(guest.commands.toString()).doesNotContain("correct").doesNotContain("horse");
    assertThat(guest.commands).contains(List.of("-debug", "sh", "rm -f /run/hyper2kvm-key"));
    assertThat(job.results().get(InspectResult.class).json().toString()).doesNotContain("correct");
  }
}
