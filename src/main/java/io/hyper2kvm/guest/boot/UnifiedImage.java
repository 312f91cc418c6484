package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.boot.UnifiedKernel.Section;
import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A unified kernel image of a guest, with what was read of it (UAPI Group, "Unified Kernel Image").
 *
 * @param path the guest's file
 * @param signed whether it has a table of certificates: any change would break the signature
 * @param sections its sections, in their order
 * @param commandLine the text of the section {@code .cmdline}; empty without one
 * @param version the kernel's version, by {@code .uname}, or by what the kernel in it states; empty
 *     when neither tells
 * @param release the keys of the os-release in it
 */
public record UnifiedImage(
    String path,
    boolean signed,
    List<Section> sections,
    String commandLine,
    String version,
    Map<String, String> release) {

  /** What a new image is made of; a splash screen is carried over as well. */
  private static final Set<String> MADE_OF =
      Set.of(".linux", ".initrd", ".cmdline", ".osrel", ".uname", ".splash");

  /** What is bound to the old content, or cannot be carried over exactly. */
  private static final Set<String> BOUND =
      Set.of(".pcrsig", ".pcrpkey", ".profile", ".dtb", ".dtbauto", ".hwids", ".efifw", ".ucode");

  public UnifiedImage {
    Objects.requireNonNull(path, "path");
    sections = List.copyOf(sections);
    Objects.requireNonNull(commandLine, "commandLine");
    Objects.requireNonNull(version, "version");
    release = Map.copyOf(release);
  }

  /** The keys of the os-release inside an image. */
  public static Map<String, String> release(String text) {
    Map<String, String> release = new LinkedHashMap<>();
    for (ShellAssignments.Assignment key : ShellAssignments.of(new TextEdit("", text))) {
      release.put(key.name(), key.value(text));
    }
    return release;
  }

  /** The first section of that name. */
  public Optional<Section> section(String name) {
    return sections.stream().filter(section -> section.name().equals(name)).findFirst();
  }

  /** Whether a kernel starts from it; an addon has a command line alone. */
  public boolean hasKernel() {
    return section(".linux").isPresent();
  }

  /** Why no new image can be put in its place; empty when one can. */
  public Optional<String> rebuildObstacle() {
    if (signed) {
      return Optional.of("it is signed, and the signature would not hold");
    }
    Set<String> seen = new HashSet<>();
    for (Section section : sections) {
      if (BOUND.contains(section.name())) {
        return Optional.of(
            "it has a section %s, which a new image would not have".formatted(section.name()));
      }
      if (MADE_OF.contains(section.name()) && !seen.add(section.name())) {
        return Optional.of("it has several sections %s".formatted(section.name()));
      }
    }
    return Optional.empty();
  }

  /** Its command line as one line. */
  public String arguments() {
    return commandLine.replace('\n', ' ').strip();
  }
}
