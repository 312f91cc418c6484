package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.boot.LoaderSettings;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.initramfs.InitramfsVerdict;
import io.hyper2kvm.guest.initramfs.KernelDrivers;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What each kernel of the guest can load in the end, as evidence. Where something is missing, the
 * VM fails if it was asked for, and an operator is told if not.
 */
final class KernelVerdicts {

  private final FixContext context;
  private final FixEvidence evidence;
  private final boolean regenerate;
  private final List<Object> kernels = new ArrayList<>();
  private final List<KernelDrivers> drivers = new ArrayList<>();
  private final List<GuestFacts.Kernel> ready = new ArrayList<>();
  private final List<String> unusable = new ArrayList<>();
  private final Set<String> warned = new HashSet<>();
  private final Map<String, String> modprobe;

  KernelVerdicts(FixContext context, FixEvidence evidence) {
    this.context = context;
    this.evidence = evidence;
    this.regenerate = context.spec().initramfs().orElseThrow().regenerate();
    this.modprobe = KernelDrivers.modprobe(context.guest().texts());
    evidence.fact("kernels", kernels);
  }

  /** Whether what is missing is put in; otherwise it is only told. */
  boolean regenerate() {
    return regenerate;
  }

  void changed(Change change) {
    evidence.changed(change);
  }

  /** Warns of what may be found with each kernel, once. */
  void warnOnce(String warning) {
    if (warned.add(warning)) {
      context.warn(Printable.guestBytes(warning));
    }
  }

  StageFailedException failed(String reason) {
    return evidence.failed(reason);
  }

  /**
   * The boot loader must find a changed initramfs.
   *
   * @throws StageFailedException if it loads the old one's blocks
   */
  void requireChangeable(GuestFacts.Kernel kernel) {
    if (regenerate && context.guest().bootLoader().equals("lilo")) {
      LoaderSettings.fixedInitramfs(context.edits().texts(), kernel.initramfs())
          .ifPresent(
              reason -> {
                throw failed(Printable.guestLine(reason));
              });
    }
  }

  /** Why a kernel cannot be given its drivers; empty when there is no such kernel. */
  Optional<String> unusable() {
    return unusable.stream().findFirst();
  }

  /** The kernels that have all their drivers. */
  List<GuestFacts.Kernel> ready() {
    return List.copyOf(ready);
  }

  /**
   * A kernel that no archive can help.
   *
   * @param missing the drivers that it has neither as modules nor built in
   */
  void addUnusable(GuestFacts.Kernel kernel, List<String> missing) {
    Map<String, String> reasons = new LinkedHashMap<>();
    missing.forEach(name -> reasons.put(name, "this kernel has no such module"));
    entry(kernel).put("missing", reasons);
    unusable.add("kernel %s has no driver %s".formatted(kernel.version(), missing));
  }

  /** What the kernels can drive, those that were looked at so far. */
  List<KernelDrivers> drivers() {
    return List.copyOf(drivers);
  }

  /**
   * A kernel whose initramfs was read.
   *
   * @throws InitramfsFormatException if it is damaged
   */
  void add(GuestFacts.Kernel kernel, InitramfsContents contents, KernelModules modules)
      throws InitramfsFormatException {
    InitramfsVerdict verdict = InitramfsVerdict.verify(contents, modules, kernel.version());
    drivers.add(KernelDrivers.of(contents, modules, kernel.version(), modprobe));
    Map<String, Object> entry = entry(kernel);
    entry.put("drivers", verdict.evidence());
    if (verdict.isComplete()) {
      ready.add(kernel);
      return;
    }
    entry.put("missing", verdict.missing());
    if (regenerate) {
      throw failed(
          "the initramfs of kernel %s lacks %s".formatted(kernel.version(), verdict.missing()));
    }
    context.warn(
        "the initramfs of kernel %s lacks %s, and regenerate is false"
            .formatted(kernel.version(), verdict.missing().keySet()));
  }

  /** A kernel without an initramfs: only what is built in can be loaded. */
  void addWithoutInitramfs(GuestFacts.Kernel kernel, KernelModules modules) {
    drivers.add(KernelDrivers.withoutInitramfs(modules, kernel.version(), modprobe));
    List<String> missing = modules.virtioNotBuiltIn();
    Map<String, String> reasons = new LinkedHashMap<>();
    missing.forEach(name -> reasons.put(name, "not built into the kernel"));
    entry(kernel).put("missing", reasons);
    // Only the root disk's driver must be in the kernel itself.
    if (!missing.contains("virtio_blk") && !missing.contains("virtio_pci")) {
      ready.add(kernel);
      return;
    }
    if (regenerate) {
      throw failed(
          "kernel %s has no initramfs and no built-in %s".formatted(kernel.version(), missing));
    }
    context.warn("kernel %s has no initramfs and no %s".formatted(kernel.version(), missing));
  }

  private Map<String, Object> entry(GuestFacts.Kernel kernel) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("kernel", kernel.version());
    entry.put("initramfs", kernel.initramfs());
    kernels.add(entry);
    return entry;
  }
}
