package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.initramfs.Archive;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the pins of network names go so that the udev that sees the cards first reads them. */
class NetworkPinsTest extends FixedGuest {
  private static final String K = "6.1.0";
  private static final String INITRAMFS = "/boot/initrd.img-" + K;
  private static final String LINK = "/etc/systemd/network/10-hyper2kvm-ens192.link";
  private static final String RULES = "/etc/udev/rules.d/70-hyper2kvm-net.rules";
  private static final String STALE = "70-persistent-net.rules";

  @BeforeEach
  void networkFixAlone() {
    jobs.fix = spec(null, null, null, NetworkLevel.FULL);
    guest.file(ROOT, "/etc/network/interfaces", "iface ens192 inet dhcp\n");
    guest.file(ROOT, "/lib/modules/" + K + "/modules.dep", "kernel/virtio_net.ko:\n");
  }

  private void initramfs(byte[] content) {
    guest.file(ROOT, INITRAMFS, new String(content, StandardCharsets.ISO_8859_1));
  }

  private byte[] initramfs() {
    return guest.fileSystems.get(ROOT).get(INITRAMFS);
  }

  private static Archive withUdev() {
    return new Archive()
        .dir(".")
        .dir("conf")
        .file("conf/initramfs.conf", "MODULES=most\n")
        .dirs("usr/lib/systemd")
        .file("usr/lib/systemd/systemd-udevd", "\u007fELF")
        .dirs("usr/lib/modules/" + K + "/kernel");
  }

  private static Archive withUdevAndDriver() {
    return withUdev()
        .file("usr/lib/modules/" + K + "/kernel/virtio_net.ko", "\u007fELF")
        .file("usr/lib/modules/" + K + "/modules.dep", "kernel/virtio_net.ko:\n");
  }

  private Optional<String> inInitramfs(String path) throws IOException {
    return Archive.read(initramfs()).text(path.substring(1));
  }

  @Test
  void anInitramfsThatSeesTheCardsGetsThePinsWithoutItsOwnFix() throws IOException {
    byte[] before = withUdevAndDriver().end();
    initramfs(before);
    fix();

    assertThat(initramfs()).startsWith(before);
    assertThat(inInitramfs(LINK)).hasValueSatisfying(t -> assertThat(t).contains("Name=ens192"));
    assertThat(applied().toString()).contains("file=" + INITRAMFS, "rule=initramfs-append");
    assertThat(JobOutcome.of(job).warnings()).isEmpty();
  }

  @Test
  void namesOnVirtioCardsAreWarnedOfWhereTheDomainHasOthers() throws IOException {
    initramfs(withUdevAndDriver().end());
    jobs.domain =
        new DomainSpec(Optional.empty(), Optional.of(CardModel.E1000E), Map.of(), Optional.empty());
    fix();
    ConvertStage.warnOfDevices(job);

    assertThat(JobOutcome.of(job).warnings())
        .anyMatch(
            w ->
                w.startsWith(
                    "the network fix names virtio cards only, and the domain's cards are e1000e"));
  }

  @Test
  void staleRulesInTheInitramfsAreEmptied() throws IOException {
    String rules = "SUBSYSTEM==\"net\", KERNELS==\"0000:03:00.0\", NAME=\"ens192\"\n";
    guest.file(ROOT, "/etc/udev/rules.d/" + STALE, rules);
    initramfs(
        withUdevAndDriver()
            .dirs("usr/lib/udev/rules.d")
            .file("usr/lib/udev/rules.d/" + STALE, rules)
            .end());
    fix();

    assertThat(inInitramfs("/usr/lib/udev/rules.d/" + STALE))
        .hasValueSatisfying(
            text -> assertThat(text).startsWith("# Emptied").doesNotContain("NAME"));
  }

  @Test
  void anInitramfsWithoutTheDriverNamesNoCardAndStays() throws IOException {
    byte[] before = withUdev().end();
    initramfs(before);
    fix();

    assertThat(initramfs()).isEqualTo(before);
    assertThat(JobOutcome.of(job).warnings()).isEmpty();
  }

  @Test
  void anInitramfsWithoutUdevStays() throws IOException {
    byte[] before =
        new Archive()
            .dir(".")
            .dirs("usr/lib/modules/" + K + "/kernel")
            .file("usr/lib/modules/" + K + "/kernel/virtio_net.ko", "\u007fELF")
            .end();
    initramfs(before);
    fix();

    assertThat(initramfs()).isEqualTo(before);
  }

  @Test
  void anInitramfsThatCannotBeReadIsAWarning() throws IOException {
    guest.file(ROOT, INITRAMFS, "no archive at all");
    fix();

    assertThat(JobOutcome.of(job).warnings())
        .singleElement()
        .asString()
        .contains(INITRAMFS, "ask for the initramfs fix, too");
  }

  @Test
  void anInitramfsThatIsNotToBeChangedIsAWarning() throws IOException {
    jobs.fix = spec(null, null, new InitramfsFix(false), NetworkLevel.FULL);
    byte[] before = withUdevAndDriver().end();
    initramfs(before);
    fix();

    assertThat(initramfs()).isEqualTo(before);
    assertThat(JobOutcome.of(job).warnings())
        .anySatisfy(w -> assertThat(w).contains(INITRAMFS, LINK.substring(1), "name the network"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# this file says nothing\n"})
  void aLinkRuleThatIsHiddenGivesRulesInThePlaceOfLinks(String mask) throws IOException {
    guest.file(ROOT, "/etc/udev/rules.d/80-net-setup-link.rules", mask);
    initramfs(withUdevAndDriver().end());
    fix();

    assertThat(guest.text(ROOT, RULES)).contains("NAME=\"ens192\"");
    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey(LINK);
    assertThat(inInitramfs(RULES)).isPresent();
  }

  @Test
  void aUdevWithoutTheLinkRuleGetsRules() throws IOException {
    guest.file(ROOT, "/usr/lib/udev/rules.d/60-block.rules", "#\n");
    fix();

    assertThat(guest.fileSystems.get(ROOT)).containsKey(RULES).doesNotContainKey(LINK);
  }

  @Test
  void aUdevWithTheLinkRuleGetsLinks() throws IOException {
    guest.file(
        ROOT,
        "/usr/lib/udev/rules.d/80-net-setup-link.rules",
        "IMPORT{builtin}=\"net_setup_link\"\nNAME==\"\", NAME=\"$env{ID_NET_NAME}\"\n");
    fix();

    assertThat(guest.fileSystems.get(ROOT)).containsKey(LINK).doesNotContainKey(RULES);
  }

  @Test
  void manyFilesOfUdevAreNotRead() throws IOException {
    for (int i = 0; i < 700; i++) {
      guest.file(ROOT, "/usr/lib/udev/rules.d/%03d-disk.rules".formatted(i), "#\n");
    }
    fix();

    assertThat(guest.fileSystems.get(ROOT)).containsKey(RULES);
  }
}
