package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One rule of a udev rules file; a rule may go over several lines by trailing backslashes.
 *
 * @param first its first line, from 0
 * @param last its last line, from 0
 * @param terms its comparisons and assignments
 */
record UdevRule(int first, int last, List<Term> terms) {

  /** {@code key operator "value"}. */
  record Term(String key, String operator, String value) {
    boolean compares() {
      return operator.equals("==");
    }

    /** The key without its attribute: {@code ATTR} of {@code ATTR{address}}. */
    String family() {
      int brace = key.indexOf('{');
      return brace < 0 ? key : key.substring(0, brace);
    }

    boolean address() {
      return compares()
          && (key.equals("ATTR{address}")
              || key.equals("ATTRS{address}")
              || key.equals("SYSFS{address}"));
    }

    /** Whether it ties the rule to the old card other than by its address. */
    boolean place() {
      return compares()
          && switch (family()) {
            case "KERNELS", "ID" -> Hardware.busPlace(value);
            case "DRIVERS", "DRIVER" -> Hardware.oldDriver(value);
            case "ENV" ->
                key.equals("ENV{ID_NET_DRIVER}")
                    ? Hardware.oldDriver(value)
                    : key.equals("ENV{ID_PATH}") || key.startsWith("ENV{ID_NET_NAME_");
            default -> false;
          };
    }
  }

  static List<UdevRule> of(TextEdit file) {
    List<UdevRule> rules = new ArrayList<>();
    int i = 0;
    while (i < file.lineCount()) {
      int first = i;
      StringBuilder text = new StringBuilder();
      String line = file.line(i);
      if (line.stripLeading().startsWith("#")) {
        i++;
        continue;
      }
      while (line.endsWith("\\") && i + 1 < file.lineCount()) {
        text.append(line, 0, line.length() - 1);
        line = file.line(++i);
      }
      text.append(line);
      List<Term> terms = terms(text.toString());
      if (!terms.isEmpty()) {
        rules.add(new UdevRule(first, i, terms));
      }
      i++;
    }
    return rules;
  }

  private static List<Term> terms(String text) {
    List<Term> terms = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      while (i < text.length() && (text.charAt(i) == ',' || text.charAt(i) <= ' ')) {
        i++;
      }
      int keyStart = i;
      while (i < text.length() && "=!+-:\"".indexOf(text.charAt(i)) < 0) {
        i++;
      }
      int operatorStart = i;
      while (i < text.length() && "=!+-:".indexOf(text.charAt(i)) >= 0) {
        i++;
      }
      String operator = text.substring(operatorStart, i);
      int quote = i;
      while (quote < text.length() && text.charAt(quote) == ' ') {
        quote++;
      }
      int end = quote + 1 <= text.length() ? text.indexOf('"', quote + 1) : -1;
      if (operator.isEmpty() || quote >= text.length() || text.charAt(quote) != '"' || end < 0) {
        return terms; // not a rule that udev would take either
      }
      terms.add(
          new Term(
              text.substring(keyStart, operatorStart).strip(),
              operator,
              text.substring(quote + 1, end)));
      i = end + 1;
    }
    return terms;
  }

  /** Whether the rule is about network cards. */
  boolean network() {
    return terms.stream()
        .anyMatch(t -> t.key().equals("SUBSYSTEM") && t.compares() && t.value().equals("net"));
  }

  /** The name it gives; empty when it gives none or computes it. */
  Optional<String> name() {
    return terms.stream()
        .filter(t -> t.key().equals("NAME") && !t.compares() && !t.operator().equals("!="))
        .map(Term::value)
        .filter(InterfaceName::safe)
        .findFirst();
  }

  Optional<String> mac() {
    return terms.stream()
        .filter(Term::address)
        .map(Term::value)
        .flatMap(value -> Hardware.mac(value).stream())
        .findFirst();
  }

  boolean staleAddress() {
    return terms.stream().anyMatch(Term::address);
  }

  boolean stalePlace() {
    return terms.stream().anyMatch(Term::place);
  }

  /** The kernel's name that it asks for, {@code eth0} or a pattern. */
  Optional<String> kernel() {
    return terms.stream()
        .filter(t -> t.key().equals("KERNEL") && t.compares())
        .map(Term::value)
        .findFirst();
  }
}
