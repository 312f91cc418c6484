package io.hyper2kvm.stage.inspect.state;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.state.SwapFiles;
import io.hyper2kvm.guest.state.SwapSignature;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.text.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * A saved memory in the guest's swap files: those of its fstab, those with usual names, and the
 * place that a kernel's command line names by {@code resume_offset}.
 */
public final class Hibernation {

  private final VmJob job;
  private final Supplier<SortedMap<String, String>> texts;
  private final Supplier<GuestDisks> disks;
  private final Map<String, String> places = new LinkedHashMap<>();

  /**
   * A search.
   *
   * @param texts the guest's files, when they are read
   * @param disks its block devices
   */
  public Hibernation(
      VmJob job, Supplier<SortedMap<String, String>> texts, Supplier<GuestDisks> disks) {
    this.job = job;
    this.texts = texts;
    this.disks = disks;
  }

  /** Asks for the signatures; the guest is mounted. */
  public GuestfishScript ask() {
    GuestfishScript script = new GuestfishScript();
    String bytes = String.valueOf(SwapSignature.BYTES);
    if (texts.get().isEmpty()) {
      return script;
    }
    for (String file : SwapFiles.of(Fstab.rows(texts.get().getOrDefault(Fstab.FILE, "")))) {
      for (int page : SwapSignature.PAGES) {
        String key = file + "@" + page;
        places.put(key, "the swap file " + file);
        script.ask(key, "pread", file, bytes, String.valueOf(SwapSignature.offset(page)));
      }
    }
    for (SwapFiles.Resume resume : SwapFiles.resumes(texts.get().values())) {
      disks.get().resolve(resume.device()).ifPresent(on -> ask(script, on, resume.offset()));
    }
    return script;
  }

  private void ask(GuestfishScript script, GuestPartition on, long pages) {
    for (int page : SwapSignature.PAGES) {
      String key = on.device() + "@" + pages + "@" + page;
      if (places.put(key, "the swap file at resume_offset=%d of %s".formatted(pages, on.place()))
          == null) {
        script.ask(
            key,
            "pread-device",
            on.device(),
            String.valueOf(SwapSignature.BYTES),
            String.valueOf(pages * page + SwapSignature.offset(page)));
      }
    }
  }

  /** Refuses a hibernated guest that is to be fixed, and warns of another one. */
  public void take(GuestfishAnswers answers) {
    places.entrySet().stream()
        .filter(place -> SwapSignature.hibernation(answers.bytes(place.getKey())).isPresent())
        .map(Map.Entry::getValue)
        .findFirst()
        .ifPresent(place -> found(job, place));
  }

  static void found(VmJob job, String place) {
    String message =
        "the guest is hibernated: %s holds its memory, which would go on running on hardware that it does not know, over file systems that were changed meanwhile"
            .formatted(Printable.guestLine(place));
    if (job.spec().pipeline().fix().any()) {
      throw StageFailedException.because(FailureCode.GUEST_HIBERNATED, message);
    }
    job.warn(message + "; " + FailureCode.GUEST_HIBERNATED.hint());
  }
}
