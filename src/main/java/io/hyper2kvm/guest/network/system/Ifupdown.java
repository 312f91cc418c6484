package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.IpAddress;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Debian's {@code /etc/network/interfaces}, also as ifupdown2 writes it. */
public final class Ifupdown implements ConfigurationSystem {
  private static final String FILE = "/etc/network/interfaces";
  private static final String FOLDER = "/etc/network/interfaces.d/";

  /** Debian's {@code auto /mac/00:50:56:00:00:01=lan}, and {@code rename mac/…=lan}. */
  private static final Pattern BY_ADDRESS =
      Pattern.compile("^(?:auto|allow-\\S+|iface|rename)\\s(?:.*\\s)?/?mac/");

  /** Ports of a bridge by a regular expression; those that match any card's name stay. */
  private static final Pattern PORTS_BY_EXPRESSION =
      Pattern.compile("^bridge[-_]ports\\s(?:.*\\s)?regex\\s+(?!(?:en?|e)?\\.\\*(?:\\s|$))");

  /** One stanza: its first line and its options. */
  private record Stanza(List<String> head, List<List<String>> options) {
    Optional<List<String>> option(String... names) {
      return options.stream()
          .filter(words -> List.of(names).contains(words.get(0).replace('_', '-')))
          .map(words -> words.subList(1, words.size()))
          .findFirst();
    }

    Optional<String> value(String name) {
      return option(name).filter(words -> !words.isEmpty()).map(words -> words.get(0));
    }
  }

  @Override
  public void read(GuestFiles files, Survey survey) {
    Set<String> logical = logicalNames(files);
    sources(files)
        .forEach(
            (path, text) -> {
              for (Stanza stanza : stanzas(new TextEdit(path, text))) {
                String keyword = stanza.head().get(0);
                if (keyword.equals("iface")
                    && stanza.head().size() > 1
                    && !logical.contains(stanza.head().get(1))) {
                  survey.configuredBy("ifupdown");
                  iface(stanza, path, survey);
                } else if (keyword.equals("auto") || keyword.startsWith("allow-")) {
                  for (String name : stanza.head().subList(1, stanza.head().size())) {
                    String bare =
                        (name.startsWith("/") ? name.substring(1) : name).split("=", 2)[0];
                    survey.use(bare, path);
                    survey.active(bare, path);
                  }
                }
              }
            });
  }

  /**
   * The names of configurations that are no interfaces: what {@code auto eth0=home} or a mapping
   * chooses, and what no line brings up by that name.
   */
  private static Set<String> logicalNames(GuestFiles files) {
    Set<String> logical = new TreeSet<>();
    Set<String> brought = new TreeSet<>();
    sources(files)
        .forEach(
            (path, text) -> {
              for (Stanza stanza : stanzas(new TextEdit(path, text))) {
                String keyword = stanza.head().get(0);
                if (keyword.equals("mapping")) {
                  stanza.options().stream()
                      .filter(words -> words.get(0).equals("map") && words.size() > 1)
                      .forEach(words -> logical.add(words.get(words.size() - 1)));
                } else if (keyword.equals("auto") || keyword.startsWith("allow-")) {
                  for (String name : stanza.head().subList(1, stanza.head().size())) {
                    String[] pair = name.split("=", 2);
                    brought.add(pair[0]);
                    if (pair.length > 1) {
                      logical.add(pair[1]);
                    }
                  }
                }
              }
            });
    logical.removeAll(brought);
    return logical;
  }

  private static SortedMap<String, String> sources(GuestFiles files) {
    SortedMap<String, String> sources = new TreeMap<>(files.in(FOLDER, ""));
    String main = files.text().get(FILE);
    if (main != null) {
      sources.put(FILE, main);
    }
    return sources;
  }

  private static void iface(Stanza stanza, String path, Survey survey) {
    String name = stanza.head().get(1);
    String method = stanza.head().size() > 3 ? stanza.head().get(3) : "";
    if (name.equals("lo")) {
      return;
    }
    survey.use(name, path);
    boolean built =
        stanza
                .option(
                    "bridge-ports",
                    "bond-slaves",
                    "slaves",
                    "bond-mode",
                    "wpa-ssid",
                    "bridge-vlan-aware")
                .isPresent()
            || method.equals("tunnel")
            || method.equals("ppp")
            || stanza.option("vlan-raw-device").isPresent();
    if (built) {
      survey.virtual(name, path);
    }
    stanza.option("bridge-ports").ifPresent(words -> members(words, path, survey));
    stanza.option("bond-slaves", "slaves").ifPresent(words -> members(words, path, survey));
    stanza.option("vlan-raw-device").ifPresent(words -> members(words, path, survey));
    if (method.equals("dhcp")) {
      survey.address(name, path, "dhcp");
    }
    stanza
        .value("address")
        .ifPresent(
            address ->
                survey.address(name, path, IpAddress.cidr(address, stanza.value("netmask"))));
    stanza.value("gateway").ifPresent(gateway -> survey.gateway(name, path, gateway));
  }

  /** The names among the words: what follows {@code regex} is an expression. */
  private static void members(List<String> words, String path, Survey survey) {
    boolean expression = false;
    for (String word : words) {
      if (word.equals("regex") || word.equals("noregex")) {
        expression = word.equals("regex");
      } else if (!expression && !word.equals("none") && !word.equals("all")) {
        survey.use(word, path);
      }
    }
  }

  /** Stanzas of a file; a trailing backslash continues a line. */
  private static List<Stanza> stanzas(TextEdit file) {
    List<Stanza> stanzas = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < file.lineCount(); i++) {
      String line = file.line(i);
      if (text.length() == 0 && line.stripLeading().startsWith("#")) {
        continue;
      }
      if (line.endsWith("\\") && i + 1 < file.lineCount()) {
        text.append(line, 0, line.length() - 1).append(' ');
        continue;
      }
      List<String> words = words(text.append(line).toString());
      text.setLength(0);
      if (words.isEmpty()) {
        continue;
      }
      if (head(words.get(0))) {
        stanzas.add(new Stanza(words, new ArrayList<>()));
      } else if (!stanzas.isEmpty()) {
        stanzas.get(stanzas.size() - 1).options().add(words);
      }
    }
    return stanzas;
  }

  private static boolean head(String word) {
    return switch (word) {
      case "iface", "auto", "mapping", "source", "source-directory", "no-auto-down", "no-scripts" ->
          true;
      default -> word.startsWith("allow-");
    };
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.strip().split("\\s+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    sources(files)
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              for (int i = 0; i < file.lineCount(); i++) {
                String line = file.line(i).strip();
                if (line.startsWith("hwaddress ") || line.startsWith("hwaddress\t")) {
                  repair.findings().note(file, i, Repair.CHOSEN_ADDRESS);
                } else if (line.startsWith("mapping ")) {
                  String why =
                      "a script of the guest's own chooses the configuration of an interface here: if it asks for an old hardware address, driver or place, it chooses none or another one";
                  repair.findings().note(file, i, why);
                  repair.findings().warning("%s line %d: %s".formatted(path, i + 1, why));
                } else if (PORTS_BY_EXPRESSION.matcher(line).find()) {
                  String why =
                      "the ports are told by an expression, which may match no card any more";
                  repair.findings().note(file, i, why);
                  repair
                      .findings()
                      .warning("%s line %d: %s; name them there".formatted(path, i + 1, why));
                } else if (BY_ADDRESS.matcher(line).find()) {
                  repair.unresolved(file, i, "asks for a card by its hardware address");
                }
              }
            });
  }
}
