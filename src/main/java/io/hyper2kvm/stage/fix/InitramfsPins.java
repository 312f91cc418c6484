package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.initramfs.AppendedArchive;
import io.hyper2kvm.guest.initramfs.InitramfsPlan;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.modules.PresentModules;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.system.PinFiles;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.KernelFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names of network cards in the initramfs of one kernel, where the initramfs is not fixed
 * otherwise: if its udev sees the virtio cards, the pins are appended to it. An initramfs that
 * cannot be extended is told to the operator.
 */
final class InitramfsPins {

  private static final List<String> UDEV =
      List.of(
          "usr/lib/systemd/systemd-udevd",
          "lib/systemd/systemd-udevd",
          "usr/lib/udev/udevd",
          "lib/udev/udevd",
          "usr/sbin/udevd",
          "sbin/udevd",
          "usr/bin/udevadm",
          "bin/udevadm",
          "sbin/udevadm");

  private final FixContext context;
  private final GuestFacts.Kernel kernel;
  private final KernelFiles files;
  private final FixEvidence evidence;
  private final PinFiles pins;
  private final GuestfishSession session;

  InitramfsPins(
      FixContext context,
      KernelFiles files,
      FixEvidence evidence,
      PinFiles pins,
      GuestfishSession session) {
    this.context = context;
    this.kernel = files.kernel();
    this.files = files;
    this.evidence = evidence;
    this.pins = pins;
    this.session = session;
  }

  /** The files of an archive: one byte for each character. */
  static Map<String, byte[]> bytes(Map<String, String> texts) {
    Map<String, byte[]> bytes = new TreeMap<>();
    texts.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.ISO_8859_1)));
    return bytes;
  }

  /** Adds the first turn; the other follows from its answer. */
  void ask() {
    session.then(files::ask, this::decide);
  }

  private void decide(GuestfishAnswers answers) {
    if (!files.isInitramfsComplete(answers)) {
      warn("could not be read");
      return;
    }
    try {
      InitramfsContents contents = files.initramfs();
      if (contents.isSquashed()) {
        warn("has its files in a squashed image");
      } else if (seesCards(contents, files.modules())) {
        append(contents);
      }
    } catch (IOException | IllegalArgumentException e) {
      warn("could not be extended (%s)".formatted(e.getMessage()));
    }
  }

  /** Whether a udev is in there together with the driver of the virtio cards. */
  private boolean seesCards(InitramfsContents contents, KernelModules modules) throws IOException {
    return UDEV.stream().anyMatch(path -> contents.find(path).isPresent())
        && (modules.isBuiltin(Hardware.VIRTIO_NET)
            || PresentModules.of(contents, modules, kernel.version())
                .paths()
                .containsKey(Hardware.VIRTIO_NET));
  }

  private void append(InitramfsContents contents) throws IOException {
    Map<String, byte[]> extra = bytes(pins.in(path -> contents.find(path).isPresent()));
    InitramfsPlan plan =
        InitramfsPlan.of(contents, files.modules(), kernel.version(), List.of(), extra);
    if (plan.indexOutdated()) {
      warn("has a damaged list of modules");
    } else if (plan.isNeeded()) {
      files.append(AppendedArchive.suffix(contents, plan, Map.of(), Map.of()));
      session.then(
          () -> files.askAppend(contents.length()), done -> readBack(done, contents.length()));
    }
  }

  private void readBack(GuestfishAnswers answers, long before) {
    try {
      if (!files.isAppended(answers)) {
        throw evidence.failed(
            "%s could not be written: %s".formatted(kernel.initramfs(), context.applianceErrors()));
      }
      files.initramfs();
    } catch (IOException e) {
      throw evidence.failed(
          "%s cannot be read back: %s".formatted(kernel.initramfs(), e.getMessage()));
    }
    evidence.changed(
        new Change(
            kernel.initramfs(),
            0,
            before + " bytes",
            files.initramfsLength() + " bytes",
            "initramfs-append",
            "its udev names the network cards first"));
  }

  private void warn(String why) {
    context.warn(
        "%s %s; if its udev finds the network cards, they get other names than those of the configuration: ask for the initramfs fix, too"
            .formatted(kernel.initramfs(), why));
  }
}
