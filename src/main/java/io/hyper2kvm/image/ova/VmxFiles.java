package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ova.container.Container;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.ova.container.MemberName;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the file that a VMX names: beside it or below it, by the same rule as an OVF's references.
 * An absolute name counts where it leads into the VMX's own folder; what lies on another datastore
 * does not.
 */
final class VmxFiles {

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:[\\\\/].*", Pattern.DOTALL);
  private static final Pattern DATASTORE = Pattern.compile("\\[[^\\]]*\\].*", Pattern.DOTALL);
  private static final Pattern SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

  private final Container container;
  private final Path folder;

  /**
   * Files of one VMX.
   *
   * @param folder the VMX's own; absolute, without links
   */
  VmxFiles(Container container, Path folder) {
    this.container = container;
    this.folder = folder;
  }

  /**
   * The file of a name.
   *
   * @param where names the description and the line, for messages
   */
  Member resolve(String name, String where) {
    for (String candidate : names(name, where)) {
      Optional<Member> found = container.find(candidate);
      if (found.isPresent()) {
        return found.get();
      }
    }
    List<String> disks =
        container.in("").stream()
            .map(Member::name)
            .filter(file -> file.toLowerCase(Locale.ROOT).endsWith(".vmdk"))
            .toList();
    throw OvaRefusals.diskMissing(where, name, disks);
  }

  /** As it is written, and with Windows' separators as ours. */
  private Set<String> names(String written, String where) {
    if (DATASTORE.matcher(written).matches()) {
      throw OvaRefusals.diskOutside(
          where, written, "is on a datastore that is named, not beside it");
    }
    if (DRIVE.matcher(written).matches() || written.startsWith("\\")) {
      throw OvaRefusals.diskOutside(where, written, "has an absolute name");
    }
    String own = folder + "/";
    String relative = written.startsWith(own) ? written.substring(own.length()) : written;
    Set<String> names = new LinkedHashSet<>();
    for (String name : List.of(relative, relative.replace('\\', '/'))) {
      if (SCHEME.matcher(name).matches()) {
        throw OvaRefusals.diskOutside(where, written, "is an address, not a file beside it");
      }
      Optional<String> problem = MemberName.problem(name);
      if (problem.isPresent()) {
        throw OvaRefusals.diskOutside(where, written, problem.get());
      }
      String normal = MemberName.normal(name);
      if (normal.isEmpty()) {
        throw OvaRefusals.diskOutside(where, written, "is no file name");
      }
      names.add(normal);
    }
    return names;
  }
}
