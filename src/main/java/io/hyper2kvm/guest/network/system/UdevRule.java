package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.BusPlace;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One rule of a udev rules file; a rule may go over several lines by trailing backslashes.
 *
 * @param first its first line, from 0
 * @param last its last line, from 0
 * @param terms its comparisons and assignments
 */
record UdevRule(int first, int last, List<Term> terms) {

  private static final Pattern RENAME =
      Pattern.compile("\\S*/rename_netiface\\s+(?:%k|\\$kernel)\\s+(\\S+)\\s*");

  /** Comparisons that are true for a card at any place. */
  private static final Set<String> ANY_PLACE =
      Set.of("", "*", "?*", "pci-*", "pci*", "0000:*", "pci-0000:*", "*:*");

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
          && !ANY_PLACE.contains(value)
          && switch (family()) {
            case "KERNELS", "ID", "BUSID" -> Hardware.busPlace(value);
            case "DEVPATH" -> BusPlace.of(value).isPresent();
            case "ATTRS", "SYSFS" ->
                key.endsWith("{vendor}") && Hardware.otherVendor(value)
                    || key.endsWith("{device_id}") && value.startsWith("{");
            case "DRIVERS", "DRIVER" -> Hardware.oldDriver(value);
            case "ENV" ->
                key.equals("ENV{ID_NET_DRIVER}")
                    ? Hardware.oldDriver(value)
                    : key.startsWith("ENV{ID_PATH") || key.startsWith("ENV{ID_NET_NAME");
            default -> false;
          };
    }

    /** Where the card was that it asks for. */
    Optional<BusPlace> busPlace() {
      boolean told =
          place()
              && switch (family()) {
                case "KERNELS", "ID", "BUSID", "DEVPATH" -> true;
                case "ENV" -> !key.equals("ENV{ID_NET_DRIVER}");
                default -> false;
              };
      return told ? BusPlace.of(value) : Optional.empty();
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
      // A letter before the quote says how the text in it is meant.
      if (quote + 1 < text.length()
          && "ei".indexOf(text.charAt(quote)) >= 0
          && text.charAt(quote + 1) == '"') {
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

  /** Whether the rule is about network cards; those of old guides do not say so. */
  boolean network() {
    List<Term> systems =
        terms.stream().filter(t -> t.family().startsWith("SUBSYSTEM") && t.compares()).toList();
    boolean card =
        mac().isPresent()
            || kernel().filter(k -> InterfaceName.looksLikeCard(k.replace('*', '0'))).isPresent();
    return systems.isEmpty()
        ? card && name().isPresent()
        : systems.stream().anyMatch(t -> t.value().equals("net"));
  }

  /** The name it gives; empty when it gives none or computes it. */
  Optional<String> name() {
    return given().filter(InterfaceName::safe);
  }

  private Optional<String> given() {
    return terms.stream()
        .filter(t -> t.key().equals("NAME") && !t.compares() && !t.operator().equals("!="))
        .map(Term::value)
        .filter(value -> !value.isEmpty())
        .findFirst()
        .or(this::imported);
  }

  /** SLES 10 renames by a program: {@code IMPORT="/lib/udev/rename_netiface %k eth0"}. */
  private Optional<String> imported() {
    return terms.stream()
        .filter(t -> t.family().equals("IMPORT"))
        .map(t -> RENAME.matcher(t.value()))
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .findFirst();
  }

  /**
   * What decides on a card's name and cannot be known here: a name that is made up, a program that
   * is asked, a command that renames.
   */
  Optional<String> computedName() {
    if (given().isPresent()) {
      return name().isEmpty()
          ? given()
          : terms.stream()
              .filter(t -> t.key().equals("PROGRAM") || t.key().equals("IMPORT{program}"))
              .map(Term::value)
              .findFirst();
    }
    return terms.stream()
        .filter(t -> t.family().equals("RUN"))
        .map(Term::value)
        .filter(command -> command.contains(" name ") || command.contains("nameif"))
        .findFirst();
  }

  Optional<String> mac() {
    return terms.stream()
        .filter(t -> t.address() || t.compares() && t.key().equals("ENV{ID_NET_NAME_MAC}"))
        .map(Term::value)
        .flatMap(value -> Hardware.mac(value).or(() -> Hardware.macOfName(value)).stream())
        .findFirst();
  }

  /** Where the card was that it asks for; empty when it does not say so, or not clearly. */
  Optional<BusPlace> busPlace() {
    Optional<BusPlace> place = terms.stream().flatMap(term -> term.busPlace().stream()).findFirst();
    int port =
        terms.stream()
            .filter(Term::compares)
            .filter(t -> t.key().equals("ATTR{dev_port}") || t.key().equals("ATTR{dev_id}"))
            .mapToInt(t -> port(t.value()))
            .max()
            .orElse(0);
    return place.map(at -> at.port(port));
  }

  /** Of {@code 0x1} or {@code 1}. */
  private static int port(String value) {
    String digits = value.startsWith("0x") ? value.substring(2) : value;
    return digits.length() == 1 && Character.digit(digits.charAt(0), 16) > 0
        ? Character.digit(digits.charAt(0), 16)
        : 0;
  }

  /** Whether it asks for a driver that only VMware's cards have. */
  boolean vmware() {
    return terms.stream()
        .anyMatch(t -> t.family().startsWith("DRIVER") && t.value().startsWith("vmxnet"));
  }

  boolean staleAddress() {
    return terms.stream().anyMatch(Term::address);
  }

  boolean stalePlace() {
    return terms.stream().anyMatch(Term::place);
  }

  /** The answer of its program that it asks for. */
  Optional<String> result() {
    return terms.stream()
        .filter(t -> t.key().equals("RESULT") && t.compares())
        .map(Term::value)
        .findFirst();
  }

  /** The kernel's name that it asks for, {@code eth0} or a pattern. */
  Optional<String> kernel() {
    return terms.stream()
        .filter(t -> t.key().equals("KERNEL") && t.compares())
        .map(Term::value)
        .findFirst();
  }
}
