package io.hyper2kvm.guest.network;

import io.hyper2kvm.guest.network.survey.FileEdit;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.guest.network.survey.Note;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What to change in a guest so that its network comes up on virtio cards, and what was found.
 *
 * @param edits files to write or remove, by path; empty when there are failures, because a network
 *     that is half changed is worse than one that is not
 * @param notes what was seen and left alone, and why
 * @param warnings what the operator should look at
 * @param failures what was asked for and cannot be done; not empty means that the fix failed
 * @param interfaces the configured interfaces: cards first, in the order of the machine's cards,
 *     then what is built on them
 * @param configuredBy the configuration systems found: {@code ifupdown}, {@code netplan}, {@code
 *     systemd-networkd}, {@code NetworkManager}, {@code ifcfg}, {@code wicked}
 */
public record NetworkPlan(
    List<FileEdit> edits,
    List<Note> notes,
    List<String> warnings,
    List<String> failures,
    List<Interface> interfaces,
    Set<String> configuredBy) {

  public NetworkPlan {
    edits = List.copyOf(edits);
    notes = List.copyOf(notes);
    warnings = List.copyOf(warnings);
    failures = List.copyOf(failures);
    interfaces = List.copyOf(interfaces);
    configuredBy = Collections.unmodifiableSet(new TreeSet<>(configuredBy));
  }

  /** A plan that changes nothing. */
  public static NetworkPlan nothing() {
    return new NetworkPlan(List.of(), List.of(), List.of(), List.of(), List.of(), Set.of());
  }

  /**
   * The new and changed {@code .link} files, content by path. All of them must lie in the initramfs
   * as well: the udev in there sees the cards first, and a name given once is kept.
   */
  public SortedMap<String, String> linkFiles() {
    TreeMap<String, String> links = new TreeMap<>();
    for (FileEdit edit : edits) {
      if (edit.path().endsWith(".link")) {
        edit.after().ifPresent(text -> links.put(edit.path(), text));
      }
    }
    return Collections.unmodifiableSortedMap(links);
  }
}
