package io.hyper2kvm.guest.boot.uefi;

import static io.hyper2kvm.guest.boot.uefi.Esp.guest;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoaderPlanTest {

  private static final String BOOT = "/EFI/BOOT/BOOTX64.EFI";

  /** Every plan must end with partitions from which firmware starts the guest. */
  private static FirmwareStart afterwards(List<EfiPartition> before, UefiGuest guest) {
    List<EfiPartition> after = new ArrayList<>();
    for (EfiPartition partition : before) {
      EfiPartition now = partition;
      for (LoaderFile file : LoaderPlan.of(before, guest).files()) {
        now = file.partition() == partition ? written(now, file) : now;
      }
      after.add(now);
    }
    return FirmwareStart.of(after, guest);
  }

  private static EfiPartition written(EfiPartition partition, LoaderFile file) {
    List<EfiProgram> programs = new ArrayList<>(partition.programs());
    var texts = new java.util.TreeMap<>(partition.texts());
    programs.removeIf(program -> program.path().equals(file.path()));
    file.text().ifPresent(text -> texts.put(file.path(), text));
    file.source()
        .ifPresent(
            source -> {
              partition.text(source).ifPresent(text -> texts.put(file.path(), text.getValue()));
              partition
                  .program(source)
                  .map(
                      p ->
                          new EfiProgram(
                              file.path(),
                              p.size(),
                              p.program(),
                              p.header(),
                              p.shim(),
                              p.content()))
                  .ifPresent(programs::add);
            });
    return new EfiPartition(
        partition.device(),
        partition.place(),
        partition.disk(),
        partition.fileSystem(),
        true,
        partition.freeBytes(),
        programs,
        texts);
  }

  private static Arguments row(String name, Esp esp, UefiGuest guest, String... copies) {
    return Arguments.of(name, esp.partition(), guest, List.of(copies));
  }

  static Stream<Arguments> guestsWithoutLoader() {
    return Stream.of(
        row(
            "Debian with shim",
            Esp.debian(),
            guest("debian"),
            BOOT + " < /EFI/debian/shimx64.efi",
            "/EFI/BOOT/grubx64.efi < /EFI/debian/grubx64.efi",
            "/EFI/BOOT/grub.cfg < /EFI/debian/grub.cfg",
            "/EFI/BOOT/mmx64.efi < /EFI/debian/mmx64.efi"),
        row(
            "GRUB alone, with its prefix in it",
            Esp.first().with("/EFI/GRUB/grubx64.efi"),
            guest("arch"),
            BOOT + " < /EFI/GRUB/grubx64.efi"),
        row(
            "a folder whose name is no distribution's",
            Esp.first().with("/EFI/void_grub/grubx64.efi"),
            guest("void"),
            BOOT + " < /EFI/void_grub/grubx64.efi"),
        row(
            "systemd-boot",
            Esp.first()
                .with("/EFI/systemd/systemd-bootx64.efi")
                .text("/loader/entries/arch.conf", ""),
            loader("arch", "systemd-boot"),
            BOOT + " < /EFI/systemd/systemd-bootx64.efi"),
        row(
            "SUSE, whose shim has other names",
            Esp.first()
                .put(
                    "/EFI/opensuse/shim.efi",
                    Esp.shim("grub.efi", "fallback.efi", "MokManager.efi"))
                .with("/EFI/opensuse/grub.efi", "/EFI/opensuse/grubx64.efi")
                .with("/EFI/opensuse/MokManager.efi"),
            guest("opensuse-leap", "suse", "opensuse"),
            BOOT + " < /EFI/opensuse/shim.efi",
            "/EFI/BOOT/grub.efi < /EFI/opensuse/grub.efi",
            "/EFI/BOOT/MokManager.efi < /EFI/opensuse/MokManager.efi"),
        row(
            "lower-case names and an upper-case folder",
            Esp.first()
                .put("/efi/UBUNTU/SHIMX64.EFI", Esp.shim("grubx64.efi", "fbx64.efi", "mmx64.efi"))
                .with("/efi/UBUNTU/GRUBX64.EFI"),
            guest("ubuntu", "debian"),
            BOOT + " < /efi/UBUNTU/SHIMX64.EFI",
            "/EFI/BOOT/GRUBX64.EFI < /efi/UBUNTU/GRUBX64.EFI"),
        row(
            "the distribution's own among several",
            Esp.debian()
                .with("/EFI/ubuntu/grubx64.efi", "/EFI/fedora/grubx64.efi")
                .with("/EFI/systemd/systemd-bootx64.efi"),
            guest("fedora"),
            BOOT + " < /EFI/fedora/grubx64.efi"),
        row(
            "a relative's folder",
            Esp.first().with("/EFI/ubuntu/grubx64.efi", "/EFI/Other/grubx64.efi"),
            guest("linuxmint", "ubuntu", "debian"),
            BOOT + " < /EFI/ubuntu/grubx64.efi"),
        row(
            "RHEL's folder",
            Esp.first().with("/EFI/redhat/grubx64.efi", "/EFI/Other/grubx64.efi"),
            guest("rhel", "fedora"),
            BOOT + " < /EFI/redhat/grubx64.efi"),
        row(
            "one whose grub.cfg leads to this guest",
            Esp.first()
                .with("/EFI/old/grubx64.efi")
                .put("/EFI/new/grubx64.efi", Esp.pe(EfiProcessor.X64, "another"))
                .text(
                    "/EFI/old/grub.cfg",
                    "search.fs_uuid 99999999-2222-4333-8444-000000000001 root\n")
                .text("/EFI/new/grub.cfg", Esp.STUB),
            guest("gentoo"),
            BOOT + " < /EFI/new/grubx64.efi",
            "/EFI/BOOT/grub.cfg < /EFI/new/grub.cfg"),
        row(
            "an unusable file in the loader's place",
            Esp.first().with("/EFI/debian/grubx64.efi").put("/EFI/boot/bootx64.efi", new byte[0]),
            guest("debian"),
            "/EFI/boot/bootx64.efi < /EFI/debian/grubx64.efi"),
        row(
            "Windows' boot manager in the loader's place",
            Esp.first()
                .with("/EFI/debian/grubx64.efi")
                .put("/EFI/Microsoft/Boot/bootmgfw.efi", Esp.pe(EfiProcessor.X64, "bootmgr"))
                .put(BOOT, Esp.pe(EfiProcessor.X64, "bootmgr")),
            guest("debian"),
            BOOT + " < /EFI/debian/grubx64.efi"),
        row(
            "a shim in the loader's place, without its GRUB",
            Esp.debian().put(BOOT, Esp.shim("grubx64.efi", "fbx64.efi", "mmx64.efi")),
            guest("debian"),
            "/EFI/BOOT/grubx64.efi < /EFI/debian/grubx64.efi",
            "/EFI/BOOT/grub.cfg < /EFI/debian/grub.cfg",
            "/EFI/BOOT/mmx64.efi < /EFI/debian/mmx64.efi"),
        row(
            "a unified kernel image, the newest",
            Esp.first()
                .put("/EFI/Linux/arch-6.9.1.efi", uki("6.9.1"))
                .put("/EFI/Linux/arch-6.10.0.efi", uki("6.10.0"))
                .put("/EFI/Linux/arch-6.10.0-fallback.efi", uki("fallback")),
            loader("arch", "none"),
            BOOT + " < /EFI/Linux/arch-6.10.0.efi"),
        row(
            "rEFInd with its drivers",
            Esp.first()
                .with("/EFI/refind/refind_x64.efi", "/EFI/refind/drivers_x64/ext4_x64.efi")
                .text("/EFI/refind/refind.conf", "timeout 20\n"),
            loader("arch", "none"),
            BOOT + " < /EFI/refind/refind_x64.efi",
            "/EFI/BOOT/drivers_x64/ext4_x64.efi < /EFI/refind/drivers_x64/ext4_x64.efi",
            "/EFI/BOOT/refind.conf < /EFI/refind/refind.conf"),
        row(
            "programs whose header cannot be read, by their names",
            Esp.first()
                .put("/EFI/debian/shimx64.efi", "MZ shimx64.efi\n".getBytes(StandardCharsets.UTF_8))
                .put(
                    "/EFI/debian/grubx64.efi", "MZ grubx64.efi\n".getBytes(StandardCharsets.UTF_8)),
            guest("debian"),
            BOOT + " < /EFI/debian/shimx64.efi",
            "/EFI/BOOT/grubx64.efi < /EFI/debian/grubx64.efi"));
  }

  private static UefiGuest loader(String distribution, String bootLoader) {
    return new UefiGuest(
        true,
        distribution,
        List.of(),
        bootLoader,
        EfiProcessor.of("x86_64"),
        false,
        Set.of(Esp.ROOT_UUID));
  }

  private static byte[] uki(String content) {
    return Esp.pe(0x8664, 10, content, List.of(".text", ".cmdline", ".linux", ".initrd"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guestsWithoutLoader")
  void theLoaderOfTheOldBootEntryIsPutWhereFirmwareLooks(
      String name, EfiPartition partition, UefiGuest guest, List<String> copies) {
    LoaderPlan plan = LoaderPlan.of(List.of(partition), guest);

    assertThat(FirmwareStart.of(List.of(partition), guest).outcome())
        .isNotEqualTo(FirmwareStart.Outcome.STARTS);
    assertThat(plan.refusal()).isEmpty();
    assertThat(plan.files().stream().map(f -> f.path() + " < " + f.source().orElse("text")))
        .containsExactlyElementsOf(copies);
    assertThat(afterwards(List.of(partition), guest).outcome())
        .isNotEqualTo(FirmwareStart.Outcome.NOTHING);
  }

  static Stream<Arguments> otherProcessors() {
    return Stream.of(
        Arguments.of("aarch64", "aa64", EfiProcessor.AA64, "/EFI/BOOT/BOOTAA64.EFI"),
        Arguments.of("i386", "ia32", EfiProcessor.IA32, "/EFI/BOOT/BOOTIA32.EFI"),
        Arguments.of("x86_64", "ia32", EfiProcessor.IA32, "/EFI/BOOT/BOOTIA32.EFI"),
        Arguments.of("arm", "arm", EfiProcessor.ARM, "/EFI/BOOT/BOOTARM.EFI"),
        Arguments.of("riscv64", "riscv64", EfiProcessor.RISCV64, "/EFI/BOOT/BOOTRISCV64.EFI"));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("otherProcessors")
  void otherProcessorsHaveNamesOfTheirOwn(
      String architecture, String suffix, EfiProcessor processor, String target) {
    EfiPartition partition =
        Esp.first()
            .put("/EFI/debian/grub" + suffix + ".efi", Esp.pe(processor, "grub"))
            .partition();
    UefiGuest guest =
        new UefiGuest(
            true, "debian", List.of(), "grub2", EfiProcessor.of(architecture), false, Set.of());

    assertThat(LoaderPlan.of(List.of(partition), guest).files())
        .extracting(LoaderFile::path)
        .containsExactly(target);
  }

  @Test
  void aConfigurationThatLiesBesideTheLoaderIsReferredToAndNotCopied() {
    EfiPartition partition =
        Esp.first()
            .with("/EFI/centos/grubx64.efi")
            .text("/EFI/centos/grub.cfg", "menuentry 'CentOS' {\n linuxefi /vmlinuz ro\n}\n")
            .partition();

    LoaderPlan plan = LoaderPlan.of(List.of(partition), guest("centos"));

    LoaderFile config = plan.files().get(1);
    assertThat(config.path()).isEqualTo("/EFI/BOOT/grub.cfg");
    assertThat(config.text().orElseThrow())
        .contains("set prefix=($root)/EFI/centos\n", "configfile $prefix/grub.cfg\n");
  }

  @Test
  void aShimBesideTheFallbackProgramGetsItsList() {
    EfiPartition partition = Esp.debian().with("/EFI/BOOT/fbx64.efi").partition();

    LoaderPlan plan = LoaderPlan.of(List.of(partition), guest("debian"));

    LoaderFile list =
        plan.files().stream().filter(f -> f.path().endsWith(".CSV")).findFirst().orElseThrow();
    assertThat(list.path()).isEqualTo("/EFI/debian/BOOTX64.CSV");
    assertThat(FallbackList.firstProgram(list.text().orElseThrow())).contains("shimx64.efi");
    assertThat(afterwards(List.of(partition), guest("debian")).outcome())
        .isEqualTo(FirmwareStart.Outcome.STARTS);
  }

  @Test
  void everyMemberOfAMirrorGetsTheLoader() {
    EfiPartition one = Esp.first().with("/EFI/debian/grubx64.efi").partition();
    EfiPartition two = Esp.second().with("/EFI/debian/grubx64.efi").partition();

    assertThat(LoaderPlan.of(List.of(one, two), guest("debian")).files())
        .extracting(file -> file.partition().device())
        .containsExactly("/dev/sda1", "/dev/sdb1");
  }

  @Test
  void thePartitionOfAnotherSystemStaysAsItIs() {
    EfiPartition one = Esp.first().with("/EFI/debian/grubx64.efi").partition();
    EfiPartition two = Esp.second().with("/EFI/fedora/grubx64.efi").partition();

    assertThat(LoaderPlan.of(List.of(one, two), guest("debian")).files())
        .extracting(file -> file.partition().device())
        .containsExactly("/dev/sda1");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "several, and nothing tells which",
            Esp.first()
                .with("/EFI/one/grubx64.efi")
                .put("/EFI/two/grubx64.efi", Esp.pe(EfiProcessor.X64, "another")),
            "/EFI/one/grubx64.efi, /EFI/two/grubx64.efi"),
        Arguments.of("an empty partition", Esp.first(), "no program"),
        Arguments.of(
            "only what cannot start alone",
            Esp.first().with("/EFI/debian/mmx64.efi", "/EFI/BOOT/fbx64.efi"),
            "only /EFI/debian/mmx64.efi, /EFI/BOOT/fbx64.efi"),
        Arguments.of(
            "a shim without its GRUB",
            Esp.first()
                .put("/EFI/debian/shimx64.efi", Esp.shim("grubx64.efi", "fbx64.efi", "mmx64.efi")),
            "shim without its grubx64.efi"),
        Arguments.of(
            "a kernel that needs a command line",
            Esp.first().put("/EFI/arch/vmlinuz-linux.efi", Esp.pe(EfiProcessor.X64, "kernel")),
            "only /EFI/arch/vmlinuz-linux.efi"),
        Arguments.of(
            "loaders for another processor",
            Esp.first().put("/EFI/debian/grubx64.efi", Esp.pe(EfiProcessor.AA64, "grub")),
            "only /EFI/debian/grubx64.efi"),
        Arguments.of(
            "a file system that firmware does not read",
            Esp.first().with("/EFI/debian/grubx64.efi").withFileSystem("ext4"),
            "firmware does not read ext4"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatCannotBeDecidedIsRefusedWithItsReason(String name, Esp esp, String reason) {
    LoaderPlan plan = LoaderPlan.of(List.of(esp.partition()), guest("gentoo"));

    assertThat(plan.files()).isEmpty();
    assertThat(plan.refusal().orElseThrow()).contains(reason);
    assertThat(plan.lacksSpace()).isFalse();
  }

  @Test
  void aPartitionWithoutSpaceForTheLoaderIsRefused() {
    LoaderPlan plan =
        LoaderPlan.of(List.of(Esp.debian().withFreeBytes(60_000).partition()), guest("debian"));

    assertThat(plan.lacksSpace()).isTrue();
    assertThat(plan.refusal().orElseThrow()).contains("60000 bytes free");
  }

  @Test
  void theProgramThatEnrolsKeysIsLeftOutWhereItDoesNotFit() {
    long needed = 32768 + 2 * (4096 + 32768) + Esp.STUB.length() + 32768;

    LoaderPlan plan =
        LoaderPlan.of(List.of(Esp.debian().withFreeBytes(needed).partition()), guest("debian"));

    assertThat(plan.files()).extracting(LoaderFile::path).noneMatch(path -> path.contains("mm"));
    assertThat(plan.warnings()).singleElement().asString().contains("no space");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/EFI/BOOT/BOOTX64.EFI", "/efi/boot/bootx64.efi", "/EFI/Boot/bootx64.EFI"})
  void aLoaderThatIsThereStaysAsItIs(String path) {
    EfiPartition partition = Esp.debian().with(path).partition();

    assertThat(LoaderPlan.of(List.of(partition), guest("debian"))).isEqualTo(LoaderPlan.NOTHING);
  }

  @Test
  void aGuestWithoutPartitionIsRefused() {
    assertThat(LoaderPlan.of(List.of(), guest("debian")).refusal().orElseThrow())
        .contains("no EFI system partition");
  }

  @Test
  void aHostilePartitionIsDecidedInTime() {
    Esp esp = Esp.first();
    byte[] backslashes = new byte[EfiProgram.WHOLE_BYTES];
    Arrays.fill(backslashes, (byte) '\\');
    backslashes[0] = 'M';
    backslashes[1] = 'Z';
    for (int i = 0; i < 16; i++) {
      esp.put("/EFI/%d/shimx64.efi".formatted(i), backslashes);
      esp.text("/EFI/%d/grub.cfg".formatted(i), "search ".repeat(9000));
    }

    assertThat(LoaderPlan.of(List.of(esp.partition()), guest("debian")).refusal()).isPresent();
  }
}
