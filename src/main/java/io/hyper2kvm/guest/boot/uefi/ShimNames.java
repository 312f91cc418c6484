package io.hyper2kvm.guest.boot.uefi;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs that a shim looks for in its own folder. Distributions build it with different
 * names, which are UTF-16 texts in the program itself.
 *
 * @param secondStage what it starts, such as {@code grubx64.efi}
 * @param fallback what it starts instead from {@code /EFI/BOOT}, if it is there: {@code fbx64.efi}
 * @param keys the program that enrols keys, {@code mmx64.efi}
 */
public record ShimNames(String secondStage, String fallback, String keys) {

  /** One character for each byte: a backslash, a plain file name, and each second byte zero. */
  private static final Pattern NAME =
      Pattern.compile("\\\\\0((?:[A-Za-z0-9_.-]\0){1,40}?)\\.\0e\0f\0i\0");

  /** The names that a program holds; empty when it is no shim. */
  static Optional<ShimNames> in(byte[] program) {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = NAME.matcher(new String(program, StandardCharsets.ISO_8859_1));
    while (matcher.find() && names.size() < 100) {
      names.add(matcher.group(1).replace("\0", "") + ".efi");
    }
    Optional<String> grub = beginning(names, "grub");
    Optional<String> keys = beginning(names, "mm").or(() -> beginning(names, "mokmanager"));
    Optional<String> fallback = beginning(names, "fb").or(() -> beginning(names, "fallback"));
    return grub.isPresent() && keys.isPresent() && fallback.isPresent()
        ? Optional.of(new ShimNames(grub.get(), fallback.get(), keys.get()))
        : Optional.empty();
  }

  private static Optional<String> beginning(Set<String> names, String start) {
    return names.stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(start))
        .findFirst();
  }

  /** The names that go with a shim's own name, for one that does not tell them. */
  static Optional<ShimNames> of(String fileName, EfiProcessor processor) {
    String suffix = processor.suffix();
    if (fileName.equalsIgnoreCase("shim" + suffix + ".efi")) {
      return Optional.of(
          new ShimNames("grub" + suffix + ".efi", "fb" + suffix + ".efi", "mm" + suffix + ".efi"));
    }
    return fileName.equalsIgnoreCase("shim.efi")
        ? Optional.of(new ShimNames("grub.efi", "fallback.efi", "MokManager.efi"))
        : Optional.empty();
  }
}
