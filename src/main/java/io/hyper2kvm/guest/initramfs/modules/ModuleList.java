package io.hyper2kvm.guest.initramfs.modules;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The form of /etc/initramfs-tools/modules, conf/modules and modules-load.d: a name per line. */
public final class ModuleList {

  private ModuleList() {}

  /** The names that a list holds; comments and module options are none. */
  static Set<String> names(String text) {
    var names = new LinkedHashSet<String>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != ';')
        .forEach(line -> names.add(ModuleFile.normalized(line.split("[ \t#]", 2)[0])));
    return names;
  }

  /** The list with those of these names that it lacks; the list itself if it lacks none. */
  public static String with(String text, Collection<String> wanted) {
    var lacking = new LinkedHashSet<String>();
    wanted.forEach(name -> lacking.add(ModuleFile.normalized(name)));
    lacking.removeAll(names(text));
    if (lacking.isEmpty()) {
      return text;
    }
    var longer = new StringBuilder(text);
    if (!text.isEmpty() && !text.endsWith("\n")) {
      longer.append('\n');
    }
    lacking.forEach(name -> longer.append(name).append('\n'));
    return longer.toString();
  }
}
