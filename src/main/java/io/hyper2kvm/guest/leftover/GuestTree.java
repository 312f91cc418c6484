package io.hyper2kvm.guest.leftover;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of a guest's files.
 *
 * @param texts content by absolute path, one character for each byte; through links
 * @param paths files and links that are there, whether or not their text was read
 * @param systemd whether systemd is the guest's init
 * @param initLink where the link {@code /sbin/init} leads; empty when it is none
 */
public record GuestTree(
    SortedMap<String, String> texts, SortedSet<String> paths, boolean systemd, String initLink) {

  public GuestTree {
    texts = new TreeMap<>(texts);
    paths = new TreeSet<>(paths);
    paths.addAll(texts.keySet());
    Objects.requireNonNull(initLink, "initLink");
  }

  /** A tree of a guest whose {@code /sbin/init} was not looked at. */
  public GuestTree(SortedMap<String, String> texts, SortedSet<String> paths, boolean systemd) {
    this(texts, paths, systemd, "");
  }

  /** A tree of which all files were read. */
  public static GuestTree of(Map<String, String> texts, boolean systemd) {
    return new GuestTree(new TreeMap<>(texts), new TreeSet<>(), systemd);
  }

  /** Whether the guest has the file. */
  public boolean has(String path) {
    return paths.contains(path);
  }

  /** The text of a file, if it was read. */
  public Optional<String> text(String path) {
    return Optional.ofNullable(texts.get(path));
  }

  /** The files directly in a folder, or deeper below it; {@code folder} ends with a slash. */
  public SortedSet<String> below(String folder) {
    return paths.subSet(folder, folder + Character.MAX_VALUE);
  }

  /** The same with the texts of files that were changed, or are known from elsewhere. */
  public GuestTree with(Map<String, String> changed) {
    SortedMap<String, String> all = new TreeMap<>(texts);
    all.putAll(changed);
    return new GuestTree(all, paths, systemd, initLink);
  }
}
