package io.hyper2kvm.guest.network.survey;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The guest's files that decide on its network.
 *
 * @param text content by absolute guest path; the caller has bounded the sizes
 */
public record GuestFiles(SortedMap<String, String> text) {

  public GuestFiles {
    for (Map.Entry<String, String> file : text.entrySet()) {
      if (!file.getKey().startsWith("/")) {
        throw new IllegalArgumentException("guest path is not absolute: " + file.getKey());
      }
      if (file.getValue() == null) {
        throw new IllegalArgumentException("no text for guest path " + file.getKey());
      }
    }
    text = Collections.unmodifiableSortedMap(new TreeMap<>(text));
  }

  /** The files directly in a folder ({@code "/etc/netplan/"}) whose names end so. */
  public SortedMap<String, String> in(String folder, String suffix) {
    TreeMap<String, String> found = new TreeMap<>();
    text.forEach(
        (path, content) -> {
          if (path.startsWith(folder)
              && path.endsWith(suffix)
              && path.length() > folder.length()
              && path.indexOf('/', folder.length()) < 0) {
            found.put(path, content);
          }
        });
    return found;
  }
}
