package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.UnifiedImage;
import io.hyper2kvm.guest.initramfs.KernelDrivers;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.VmJob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads what every kernel of a guest can drive, and changes nothing: for a guest whose initramfs is
 * not fixed. An initramfs is a second of work on the host. What cannot be read is not proven, and
 * fails nothing.
 */
final class KernelSurvey {

  /** More kernels than a guest keeps. */
  private static final int MOST_KERNELS = 16;

  private final VmJob job;
  private final GuestFacts guest;
  private final List<UnifiedImage> images;
  private final List<KernelDrivers> found = new ArrayList<>();

  /**
   * A survey.
   *
   * @param images the unified kernel images, whose initramfs is inside them
   */
  KernelSurvey(VmJob job, GuestFacts guest, List<UnifiedImage> images) {
    this.job = job;
    this.guest = guest;
    this.images = images;
  }

  /** Adds the questions; after the last answer the job has {@link ProvenDrivers}. */
  void ask(GuestfishSession session) {
    int number = 0;
    for (GuestFacts.Kernel kernel : guest.kernels()) {
      if (number == MOST_KERNELS) {
        found.add(
            KernelDrivers.unproven(
                kernel.version(),
                "the guest has %d kernels, and %d are read at most"
                    .formatted(guest.kernels().size(), MOST_KERNELS)));
        break;
      }
      KernelFiles files =
          new KernelFiles(kernel, job.toolFiles(), job.directory().resolve("survey" + number++));
      session.then(files::ask, answers -> found.add(read(files, answers)));
    }
    for (UnifiedImage image : images.subList(0, Math.min(images.size(), MOST_KERNELS))) {
      if (image.version().isEmpty()) {
        found.add(
            KernelDrivers.unproven(
                image.path(), image.path() + " does not tell the version of its kernel"));
        continue;
      }
      KernelFiles files =
          KernelFiles.inside(image, job.toolFiles(), job.directory().resolve("survey" + number++));
      session.then(files::ask, answers -> found.add(read(files, answers)));
    }
    session.then(
        GuestfishScript::new,
        answers ->
            job.keep(ProvenDrivers.of(found, guest, guest.texts(), job.spec().pipeline().fix())));
  }

  private KernelDrivers read(KernelFiles files, GuestfishAnswers answers) {
    GuestFacts.Kernel kernel = files.kernel();
    Map<String, String> modprobe = KernelDrivers.modprobe(guest.texts());
    try {
      KernelModules modules = files.modules();
      if (modules.isEmpty()) {
        return KernelDrivers.unproven(
            kernel.version(),
            "kernel %s has no modules.dep and no modules.builtin".formatted(kernel.version()));
      }
      if (kernel.initramfs().isEmpty()) {
        return KernelDrivers.withoutInitramfs(modules, kernel.version(), modprobe);
      }
      if (!files.isInitramfsComplete(answers)) {
        return KernelDrivers.unproven(
            kernel.version(), kernel.initramfs() + " could not be read from the guest");
      }
      return KernelDrivers.of(files.initramfs(), modules, kernel.version(), modprobe);
    } catch (IOException e) {
      return KernelDrivers.unproven(
          kernel.version(), "%s: %s".formatted(kernel.initramfs(), e.getMessage()));
    } finally {
      files.removeInitramfs();
    }
  }
}
