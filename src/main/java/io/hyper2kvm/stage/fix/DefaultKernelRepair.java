package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.boot.menu.DefaultKernel;
import io.hyper2kvm.guest.boot.menu.DefaultKernel.Choice;
import io.hyper2kvm.guest.boot.menu.DefaultKernel.Way;
import io.hyper2kvm.guest.boot.menu.MenuStart;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel that no archive can give its virtio drivers, such as one built for another hypervisor:
 * another kernel that is ready becomes the default, or the fix fails.
 */
final class DefaultKernelRepair {

  private final FixContext context;
  private final KernelVerdicts verdicts;
  private final GuestfishSession session;

  DefaultKernelRepair(FixContext context, KernelVerdicts verdicts, GuestfishSession session) {
    this.context = context;
    this.verdicts = verdicts;
    this.session = session;
  }

  /** Adds what there is to ask, while the answer about the last kernel is being taken. */
  void ask() {
    Optional<String> reason = verdicts.unusable();
    if (reason.isEmpty()) {
      warnOfUnknown();
    } else {
      choose(reason.get());
    }
    warnOfFallbacks();
  }

  private void choose(String reason) {
    Map<GuestFacts.Kernel, Choice> choices = new LinkedHashMap<>();
    // The newest first, as far as their names are in order.
    List<GuestFacts.Kernel> ready = verdicts.ready();
    for (int i = ready.size() - 1; i >= 0; i--) {
      choices.put(
          ready.get(i),
          DefaultKernel.of(
              context.edits().texts(), context.unified().releases(), ready.get(i).image()));
    }
    GuestFacts.Kernel kernel =
        first(choices, Way.ALREADY)
            .or(() -> first(choices, Way.EDIT))
            .or(() -> first(choices, Way.LINK))
            .orElseThrow(() -> verdicts.failed(refusal(reason, choices)));
    Choice choice = choices.get(kernel);
    switch (choice.way()) {
      case EDIT -> choice.edits().forEach(this::edit);
      case LINK -> link(kernel, choice.detail(), reason);
      default -> {}
    }
    context.warn(
        "%s, so it cannot start on virtio; the guest's default is kernel %s%s"
            .formatted(
                reason,
                kernel.version(),
                choice.way() == Way.ALREADY ? "" : ", which the fix has made it"));
  }

  /** All kernels that are known are ready; the one that starts by itself may be another. */
  private void warnOfUnknown() {
    DefaultKernel.start(context.edits().texts(), context.unified().releases())
        .ifPresent(
            start ->
                start
                    .entry()
                    .flatMap(
                        entry ->
                            context.guest().unmatchedKernels().stream()
                                .filter(entry::starts)
                                .findFirst())
                    .ifPresent(
                        image ->
                            context.warn(
                                Printable.guestLine(
                                    "%s, which starts %s: whether that kernel has virtio drivers is not known; make another the default, or look at it in the guest"
                                        .formatted(start.setting(), image)))));
  }

  /** The menu goes on to them when the default cannot be loaded. */
  private void warnOfFallbacks() {
    for (MenuStart start : DefaultKernel.fallbacks(context.edits().texts())) {
      boolean ready =
          verdicts.ready().stream()
              .anyMatch(
                  kernel -> start.entry().filter(it -> it.starts(kernel.image())).isPresent());
      start
          .entry()
          .filter(entry -> !ready)
          .ifPresent(
              entry ->
                  context.warn(
                      Printable.guestLine(
                          "%s, which starts %s: that is no kernel that is known to have its virtio drivers; name another entry"
                              .formatted(
                                  start.setting(),
                                  entry.kernel().isEmpty() ? "no kernel" : entry.kernel()))));
    }
  }

  private static Optional<GuestFacts.Kernel> first(
      Map<GuestFacts.Kernel, Choice> choices, Way way) {
    return choices.entrySet().stream()
        .filter(entry -> entry.getValue().way() == way)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static String refusal(String reason, Map<GuestFacts.Kernel, Choice> choices) {
    return choices.entrySet().stream()
        .findFirst()
        .map(
            entry ->
                "%s; kernel %s is ready, but cannot be made the default here: %s"
                    .formatted(reason, entry.getKey().version(), entry.getValue().detail()))
        .orElse(reason);
  }

  private void edit(Edited edited) {
    edited.changes().forEach(verdicts::changed);
    context.edits().apply(edited.plan());
  }

  private void link(GuestFacts.Kernel kernel, String target, String reason) {
    Optional<String> before =
        Optional.ofNullable(context.guest().texts().get(DefaultKernel.PHOTON));
    if (!context.edits().text(DefaultKernel.PHOTON).equals(before)) {
      // The edit would be written through the new link.
      throw verdicts.failed(
          "%s; %s is changed by another fix and cannot lead to kernel %s as well"
              .formatted(reason, DefaultKernel.PHOTON, kernel.version()));
    }
    String name = kernel.image().substring(kernel.image().lastIndexOf('/') + 1);
    session
        .then(
            () -> read("/boot/" + target),
            answers -> require(answers, name, "/boot/" + target, reason))
        .then(
            () -> read(DefaultKernel.PHOTON, target),
            answers -> {
              require(answers, name, DefaultKernel.PHOTON, reason);
              verdicts.changed(
                  new Change(
                      DefaultKernel.PHOTON,
                      0,
                      "",
                      "-> " + target,
                      "boot.default-kernel",
                      "the kernel that was started before has no virtio drivers"));
            });
  }

  private static GuestfishScript read(String file) {
    return new GuestfishScript().read("block", file, GuestFilesOfInterest.MAX_TEXT_BYTES);
  }

  private static GuestfishScript read(String file, String target) {
    return new GuestfishScript()
        .ask("link", "ln-sf", target, file)
        .read("block", file, GuestFilesOfInterest.MAX_TEXT_BYTES);
  }

  private void require(GuestfishAnswers answers, String name, String file, String reason) {
    if (!DefaultKernel.namesPhotonKernel(answers.bytesAsText("block"), name)) {
      throw verdicts.failed("%s; %s does not start %s".formatted(reason, file, name));
    }
  }
}
