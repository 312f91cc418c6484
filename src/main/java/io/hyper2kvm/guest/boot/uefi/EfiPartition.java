package io.hyper2kvm.guest.boot.uefi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An EFI system partition and what on it has to do with booting.
 *
 * @param device the appliance's name of what is mounted to reach it
 * @param place in an operator's words: {@code disk 1, partition 1 (vfat)}
 * @param disk the index of its disk
 * @param fileSystem its file system, as blkid calls it
 * @param read whether it could be mounted, and so is known
 * @param freeBytes the free space on it, in bytes
 * @param programs the files that have the name of a program
 * @param texts small configuration files by their path, one character for each byte; an empty text
 *     stands for a file of which only the name was asked for
 */
public record EfiPartition(
    String device,
    String place,
    int disk,
    String fileSystem,
    boolean read,
    long freeBytes,
    List<EfiProgram> programs,
    SortedMap<String, String> texts) {

  /** The folder where firmware looks without a boot entry. */
  static final String REMOVABLE_FOLDER = "/EFI/BOOT";

  public EfiPartition {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(fileSystem, "fileSystem");
    programs = List.copyOf(programs);
    texts = new TreeMap<>(texts);
  }

  /** The program of that path, in whatever case it is written there. */
  Optional<EfiProgram> program(String path) {
    return programs.stream().filter(program -> program.path().equalsIgnoreCase(path)).findFirst();
  }

  /** The text of that path, in whatever case it is written there. */
  Optional<Map.Entry<String, String>> text(String path) {
    return texts.entrySet().stream()
        .filter(text -> text.getKey().equalsIgnoreCase(path))
        .findFirst();
  }

  /** The path as it is written on the partition, if it is there, else as it is given. */
  String spelled(String path) {
    return program(path)
        .map(EfiProgram::path)
        .or(() -> text(path).map(Map.Entry::getKey))
        .orElse(path);
  }

  /** The folder where firmware looks, as it is written on the partition. */
  String removableFolder() {
    return programs.stream()
        .map(EfiProgram::folder)
        .filter(folder -> folder.equalsIgnoreCase(REMOVABLE_FOLDER))
        .findFirst()
        .orElse(REMOVABLE_FOLDER);
  }

  /** Whether it is a file system that firmware reads. */
  boolean isReadByFirmware() {
    return fileSystem.equals("vfat");
  }

  /** The same file of the same partition in an operator's words. */
  String placeOf(String path) {
    return "%s on %s".formatted(path, place);
  }

  boolean hasLoaderEntries() {
    return texts.keySet().stream().anyMatch(path -> isBelow(path, "/loader/entries/"))
        || programs.stream().anyMatch(program -> isBelow(program.path(), "/EFI/Linux/"));
  }

  /** Whether it holds anything that firmware could start. */
  public boolean hasPrograms() {
    return programs.stream().anyMatch(EfiProgram::program);
  }

  /** Whether both hold the same programs, apart from those at the removable-media path. */
  boolean isMirrorOf(EfiPartition other) {
    return read && !ownPrograms().isEmpty() && ownPrograms().equals(other.ownPrograms());
  }

  private Set<String> ownPrograms() {
    return programs.stream()
        .filter(program -> !program.folder().equalsIgnoreCase(REMOVABLE_FOLDER))
        .map(program -> program.path().toLowerCase(Locale.ROOT) + " " + program.content())
        .collect(Collectors.toSet());
  }

  /** Whether there is a program that firmware of any processor starts without a boot entry. */
  public boolean hasRemovableLoader() {
    return Arrays.stream(EfiProcessor.values())
        .flatMap(p -> program(REMOVABLE_FOLDER + "/" + p.removableName()).stream())
        .anyMatch(EfiProgram::program);
  }

  private static boolean isBelow(String path, String folder) {
    return path.regionMatches(true, 0, folder, 0, folder.length());
  }
}
