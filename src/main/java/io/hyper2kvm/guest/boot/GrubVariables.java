package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.boot.GrubScript.Kind;
import io.hyper2kvm.guest.boot.GrubScript.Statement;
import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.DeviceTag;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of GRUB from which kernels get their root file system. */
final class GrubVariables {

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]{0,63})");

  /** A path whose last part is no variable. */
  private static final Pattern ALWAYS =
      Pattern.compile("(?:^|[ \\t/)])[^ \\t/$]{1,255}(?=[ \\t]|$)");

  private GrubVariables() {}

  /** Whether a variable has words of a command line; a menu entry's title may look like them. */
  static boolean isCommandLine(String name, String value) {
    return GrubScript.isCommandLineVariable(name)
        || !name.endsWith("entry") && KernelCommandLine.value(value, "root").isPresent();
  }

  /** Whether a variable has a value that kernels of this or another file take as their root. */
  static boolean isRootDevice(String name, String value) {
    return GrubScript.isRootVariable(name)
        && value.length() <= DeviceNames.MAX_LENGTH
        && (DeviceNames.isUnstable(value) || DeviceTag.of(value).isPresent());
  }

  /** The variables on the lines of kernels, with what finds the root file system there. */
  static Map<String, Set<RootFinder>> onKernelLines(String text, List<Statement> statements) {
    Map<String, Set<RootFinder>> variables = new HashMap<>();
    for (int i = 0; i < statements.size(); i++) {
      Statement statement = statements.get(i);
      if (statement.kind() != Kind.KERNEL || variables.size() >= GrubScript.MAX_STATEMENTS) {
        continue;
      }
      RootFinder finder = finder(text, statements, i);
      Matcher variable = VARIABLE.matcher(text).region(statement.start(), statement.end());
      while (variable.find()) {
        variables
            .computeIfAbsent(variable.group(1), name -> EnumSet.noneOf(RootFinder.class))
            .add(finder);
      }
    }
    return variables;
  }

  /** What finds the root file system of a kernel: that is sure where its initramfs always is. */
  static RootFinder finder(String text, List<Statement> statements, int kernel) {
    boolean conditional = false;
    for (int i = kernel + 1; i < statements.size(); i++) {
      Statement statement = statements.get(i);
      if (statement.kind() == Kind.INITRD) {
        String paths = text.substring(statement.start(), statement.end());
        return conditional || !ALWAYS.matcher(paths).find()
            ? RootFinder.EITHER
            : RootFinder.INITRAMFS;
      }
      if (statement.kind() == Kind.KERNEL || statement.kind() == Kind.TITLE) {
        break;
      }
      conditional |= statement.kind() == Kind.CONDITION;
    }
    return RootFinder.KERNEL;
  }
}
