package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.initramfs.Archive;
import io.hyper2kvm.guest.initramfs.InitramfsVerdict;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.stage.inspect.ProvenDrivers;
import io.hyper2kvm.stage.machine.VirtioProof;
import io.hyper2kvm.stage.machine.VirtioProof.Finding;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The initramfs of a guest's kernel on its way through FIX. */
class InitramfsRepairTest extends FixedGuest {

  private static final String K = "6.1.0";
  private static final String INITRAMFS = "/boot/initrd.img-" + K;
  private static final String MODULES = "/lib/modules/" + K + "/";
  private static final List<String> DRIVERS =
      List.of("virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net");
  private static final String DEP =
      DRIVERS.stream().map(name -> "kernel/" + name + ".ko:\n").collect(Collectors.joining());
  private static final String ALIAS =
      """
      alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio_pci
      alias virtio:d00000001v* virtio_net
      alias virtio:d00000002v* virtio_blk
      alias virtio:d00000008v* virtio_scsi
      """;
  private static final String BUILTIN = "kernel/drivers/scsi/sd_mod.ko\n";

  @BeforeEach
  void kernelWithModules() {
    jobs.fix = spec(null, null, new InitramfsFix(true), null);
    guest.file(ROOT, MODULES + "modules.dep", DEP);
    guest.file(ROOT, MODULES + "modules.alias", ALIAS);
    guest.file(ROOT, MODULES + "modules.builtin", BUILTIN);
    DRIVERS.forEach(
        name -> guest.file(ROOT, MODULES + "kernel/" + name + ".ko", "\u007fELF " + name));
    initramfs(archive().end());
  }

  private static Archive archive() {
    return new Archive()
        .dir(".")
        .dir("conf")
        .dir("conf/conf.d")
        .file("conf/initramfs.conf", "MODULES=dep\n")
        .file("conf/conf.d/resume", "RESUME=/dev/sda5\n")
        .dirs("usr/lib/modules/" + K)
        .link("lib", "usr/lib");
  }

  private void initramfs(byte[] content) {
    guest.file(ROOT, INITRAMFS, new String(content, StandardCharsets.ISO_8859_1));
  }

  private byte[] initramfs() {
    return guest.fileSystems.get(ROOT).get(INITRAMFS);
  }

  private boolean hasDrivers() throws IOException {
    return InitramfsVerdict.verify(
            Archive.read(initramfs()), KernelModules.parse(DEP, BUILTIN, "", ALIAS), K)
        .isComplete();
  }

  private Map<?, ?> evidence() {
    return (Map<?, ?>) applied().get(applied().size() - 1);
  }

  @Test
  void driversAreAppendedToTheInitramfs() throws IOException {
    byte[] before = initramfs();
    fix();

    assertThat(initramfs()).startsWith(before);
    assertThat(hasDrivers()).isTrue();
  }

  @Test
  void appendedDriversAndTheDropInAreEvidence() throws IOException {
    fix();

    assertThat(evidence().get("changes").toString())
        .contains(
            "rule=initramfs-append",
            "added kernel/virtio_pci.ko",
            "file=/etc/initramfs-tools/modules",
            "rule=initramfs-drop-in");
    assertThat(evidence().get("kernels").toString())
        .contains("kernel=" + K, "initramfs=" + INITRAMFS, "sd_mod=built-in")
        .contains("virtio_blk=usr/lib/modules/6.1.0/kernel/virtio_blk.ko")
        .doesNotContain("missing");
  }

  @Test
  void whatWasReadBackIsProven() throws IOException {
    bootsWithAnInitramfs();
    fix();

    VirtioProof proof = ProvenDrivers.of(job);
    assertThat(proof.card().proven()).as(proof.toString()).isTrue();
    // Neither fstab nor the boot loader was to be fixed, and both name /dev/sda1.
    assertThat(proof.disk().reason()).contains("names /dev/sda1 in /etc/fstab:2");

    jobs.fix = spec(FstabMode.STABILIZE_ALL, new GrubFix(false), new InitramfsFix(true), null);
    fix();
    assertThat(ProvenDrivers.of(job).disk())
        .isEqualTo(
            new Finding(true, "virtio_blk and virtio_pci are there when kernel 6.1.0 starts"));
  }

  /** So that {@code root=} may be a UUID. */
  private void bootsWithAnInitramfs() {
    guest.file(
        ROOT,
        "/boot/grub/grub.cfg",
        """
        menuentry 'Debian' {
        	linux /boot/vmlinuz-6.1.0 root=/dev/sda1 ro
        	initrd /boot/initrd.img-6.1.0
        }
        """);
  }

  @Test
  void driversThatWereOnlyLookedForAreNotProven() throws IOException {
    bootsWithAnInitramfs();
    jobs.fix = spec(FstabMode.STABILIZE_ALL, new GrubFix(false), new InitramfsFix(false), null);
    fix();

    assertThat(ProvenDrivers.of(job).disk().proven()).isFalse();
    assertThat(ProvenDrivers.of(job).card().proven()).isTrue();
  }

  @Test
  void aGuestWhoseInitramfsIsNotFixedIsLookedInto() throws IOException {
    bootsWithAnInitramfs();
    jobs.fix = spec(FstabMode.STABILIZE_ALL, null, null, null);
    fix();
    assertThat(ProvenDrivers.of(job).disk().reason())
        .isEqualTo("the initramfs of kernel 6.1.0 lacks [virtio_pci, virtio_blk]");

    jobs.fix = spec(null, null, new InitramfsFix(true), null);
    fix();
    jobs.fix = spec(FstabMode.STABILIZE_ALL, new GrubFix(false), null, null);
    fix();
    assertThat(ProvenDrivers.of(job).disk().proven()).isTrue();
    assertThat(job.directory()).isDirectoryNotContaining("glob:**/initramfs");
  }

  /** Photon's kernel for another hypervisor beside the one that is ready. */
  private void photon(String started) {
    String esx = K + "-esx";
    guest.file(ROOT, "/boot/vmlinuz-" + esx, "kernel");
    guest.file(ROOT, "/boot/initrd.img-" + esx, "");
    initramfs("/boot/initrd.img-" + esx, archive().end());
    guest.file(ROOT, "/lib/modules/" + esx + "/modules.dep", "kernel/vmw_pvscsi.ko:\n");
    guest.file(ROOT, "/lib/modules/" + esx + "/modules.builtin", BUILTIN);
    guest.file(
        ROOT,
        "/boot/grub/grub.cfg",
        """
        load_env -f /boot/photon.cfg
        menuentry 'Photon' {
        	linux /boot/$photon_linux root=UUID=1111-root
        	initrd /boot/$photon_initrd
        }
        """);
    for (String version : List.of(K, esx)) {
      guest.file(
          ROOT,
          "/boot/linux-%s.cfg".formatted(version),
          "photon_linux=vmlinuz-%1$s\nphoton_initrd=initrd.img-%1$s\n".formatted(version));
    }
    guest.links.put("/boot/photon.cfg", "/boot/linux-%s.cfg".formatted(started));
  }

  private void initramfs(String file, byte[] content) {
    guest.file(ROOT, file, new String(content, StandardCharsets.ISO_8859_1));
  }

  @Test
  void aKernelForAnotherHypervisorIsNoLongerTheDefault() throws IOException {
    photon(K + "-esx");
    fix();

    assertThat(guest.links).containsEntry("/boot/photon.cfg", "/boot/linux-6.1.0.cfg");
    assertThat(job.warnings())
        .contains(
            "kernel 6.1.0-esx has no driver [virtio_pci, virtio_blk, virtio_scsi, virtio_net], so"
                + " it cannot start on virtio; the guest's default is kernel 6.1.0, which the fix"
                + " has made it");
    assertThat(evidence().get("changes").toString()).contains("rule=boot.default-kernel");
    assertThat(ProvenDrivers.of(job).card().proven()).isTrue();
    assertThat(hasDrivers()).isTrue();
  }

  @Test
  void aKernelForAnotherHypervisorThatIsNotTheDefaultIsAWarning() throws IOException {
    photon(K);
    fix();

    assertThat(guest.links).containsEntry("/boot/photon.cfg", "/boot/linux-6.1.0.cfg");
    assertThat(job.warnings()).anyMatch(warning -> warning.endsWith("default is kernel 6.1.0"));
  }

  @Test
  void withoutTheOtherKernelsFileTheFixFails() {
    photon(K + "-esx");
    guest.fileSystems.get(ROOT).remove("/boot/linux-6.1.0.cfg");

    assertFails(
        FailureCode.FIX_INITRAMFS_FAILED, "/boot/linux-6.1.0.cfg does not start vmlinuz-6.1.0");
  }

  @Test
  void whereTheDefaultCannotBeSetTheFixFailsAndNamesTheReadyKernel() {
    photon(K + "-esx");
    guest.file(
        ROOT,
        "/boot/grub/grub.cfg",
        "set default=\"$other\"\n"
            + "menuentry 'a' {\n"
            + " linux /boot/vmlinuz-6.1.0 root=UUID=1111-root\n"
            + "}\n");

    assertFails(
        FailureCode.FIX_INITRAMFS_FAILED,
        "kernel 6.1.0 is ready, but cannot be made the default here: the default of");
  }

  @Test
  void theNextKernelUpdateTakesTheDriversToo() throws IOException {
    fix();

    assertThat(guest.text(ROOT, "/etc/initramfs-tools/modules"))
        .isEqualTo("virtio_pci\nvirtio_blk\nvirtio_scsi\nvirtio_net\n");
  }

  @Test
  void theResumeDeviceInTheInitramfsGetsAStableName() throws IOException {
    fix();

    assertThat(Archive.read(initramfs()).text("conf/conf.d/resume"))
        .contains("RESUME=UUID=5555-swap\n");
    assertThat(evidence().get("changes").toString())
        .contains("file=" + INITRAMFS + ":conf/conf.d/resume");
  }

  @Test
  void pinsOfNetworkNamesLieInTheInitramfsAsWell() throws IOException {
    jobs.fix = spec(null, null, new InitramfsFix(true), NetworkLevel.FULL);
    guest.file(ROOT, "/etc/network/interfaces", "iface ens192 inet dhcp\n");
    fix();

    String link = "etc/systemd/network/10-hyper2kvm-ens192.link";
    InitramfsContents contents = Archive.read(initramfs());
    assertThat(contents.find(link)).isPresent();
    assertThat(guest.text(ROOT, "/" + link)).contains("Name=ens192");
  }

  @Test
  void withoutRegenerationNothingChangesAndTheReportSaysSo() throws IOException {
    jobs.fix = spec(null, null, new InitramfsFix(false), null);
    byte[] before = initramfs();
    fix();

    assertThat(initramfs()).isEqualTo(before);
    assertThat(evidence().get("status")).isEqualTo("unchanged");
    assertThat(evidence().get("kernels").toString()).contains("missing={virtio_pci=");
    assertThat(JobOutcome.of(job).warnings())
        .containsExactly(
            "the initramfs of kernel 6.1.0 lacks [virtio_pci, virtio_blk, virtio_scsi,"
                + " virtio_net], and regenerate is false",
            "/boot/initrd.img-6.1.0 names disks as the old machine had them in"
                + " conf/conf.d/resume, and regenerate is false");
  }

  @Test
  void aKernelWithoutADriverFails() {
    guest.file(ROOT, MODULES + "modules.builtin", "");

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "kernel 6.1.0 has no driver [sd_mod]");
  }

  @Test
  void aKernelWhoseModulesAreNotThereFails() {
    guest.file(ROOT, MODULES + "modules.dep", "");
    guest.file(ROOT, MODULES + "modules.builtin", "");

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, "no modules.dep and no modules.builtin");
  }

  @Test
  void anInitramfsThatCannotBeReadIsRebuiltByTheGuestsTool() throws IOException {
    byte[] whole = completed();
    initramfs(Archive.bytesOf("junk"));
    guest.onSh = () -> initramfs(whole);
    fix();

    assertThat(initramfs()).isEqualTo(whole);
    assertThat(guest.commands)
        .anySatisfy(words -> assertThat(words.toString()).contains("update-initramfs -u -k 6.1.0"));
    assertThat(JobOutcome.of(job).warnings())
        .singleElement()
        .asString()
        .startsWith(INITRAMFS + " was rebuilt by the guest's own tool: ");
  }

  @Test
  void aToolThatDoesNotPutTheDriversInFails() {
    initramfs(new Archive().file("squash-root.img", "x").end());
    guest.onSh = () -> initramfs(archive().end());

    assertFails(
        FailureCode.FIX_INITRAMFS_FAILED, "the initramfs of kernel 6.1.0 lacks {virtio_pci=");
  }

  @Test
  void anInitramfsThatNothingCanRebuildFails() {
    initramfs(Archive.bytesOf("junk"));
    guest.fileSystems.get(ROOT).remove("/usr/sbin/update-initramfs");

    assertFails(FailureCode.FIX_INITRAMFS_FAILED, INITRAMFS + ": ");
  }

  /** An initramfs with all drivers, as this fix makes it. */
  private byte[] completed() throws IOException {
    fix();
    guest.commands.clear();
    return initramfs();
  }
}
