package io.hyper2kvm.cli.manual;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The man page of one command, made of the model that its help is made of. */
public final class ManPage {

  private static final String EXAMPLES = "Example";

  private final CommandSpec spec;
  private final List<String> commands;

  /**
   * The page of a command.
   *
   * @param command one of the program's, or the program itself
   */
  public ManPage(CommandLine command) {
    this.spec = command.getCommandSpec();
    this.commands = all(spec.root()).map(ManPage::name).toList();
  }

  /** The pages of a program and of all its commands. */
  public static List<ManPage> all(CommandLine program) {
    return all(program.getCommandSpec()).map(spec -> new ManPage(spec.commandLine())).toList();
  }

  private static Stream<CommandSpec> all(CommandSpec spec) {
    return Stream.concat(
        Stream.of(spec),
        spec.subcommands().values().stream().flatMap(each -> all(each.getCommandSpec())));
  }

  /** The name of the page's file, {@code hyper2kvm-status.1} for instance. */
  public String fileName() {
    return name(spec) + ".1";
  }

  private static String name(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  /**
   * The page's text.
   *
   * @param date the day that its foot shows
   * @param version the program's
   */
  public String text(LocalDate date, String version) {
    Roff page = new Roff();
    List<String> description = lines(spec.usageMessage().description());
    page.head(name(spec), date, "hyper2kvm " + version);
    page.macro("SH", "NAME").line(name(spec) + " - " + summary(description));
    page.macro("SH", "SYNOPSIS");
    page.lines(List.of(spec.usageMessage().customSynopsis()));
    page.macro("SH", "DESCRIPTION").paragraphs(description);
    commands(page);
    positionals(page);
    options(page);
    exitCodes(page);
    footer(page);
    seeAlso(page);
    return page.toString();
  }

  /** The first sentence, as whatis(1) lists it. */
  private static String summary(List<String> description) {
    String first = description.stream().filter(line -> !line.isBlank()).findFirst().orElse("");
    String words = first.split("(?<=\\w)[.:;]( |$)", 2)[0];
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
  }

  private static List<String> lines(String... texts) {
    return Arrays.stream(texts)
        .flatMap(text -> Arrays.stream(String.format(text).split("\\R", -1)))
        .map(String::strip)
        .toList();
  }

  private void commands(Roff page) {
    if (spec.subcommands().isEmpty()) {
      return;
    }
    page.macro("SH", "COMMANDS");
    for (CommandLine command : spec.subcommands().values()) {
      CommandSpec each = command.getCommandSpec();
      page.macro("TP").macro("BR", name(each), "(1)");
      page.line(summaryLine(each));
    }
  }

  private static String summaryLine(CommandSpec command) {
    return lines(command.usageMessage().description()).stream()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("");
  }

  private void positionals(Roff page) {
    List<PositionalParamSpec> shown =
        spec.positionalParameters().stream().filter(each -> !each.hidden()).toList();
    if (!shown.isEmpty()) {
      page.macro("SH", "ARGUMENTS");
      shown.forEach(each -> tagged(page, List.of(each.paramLabel()), "", each));
    }
  }

  private void options(Roff page) {
    page.macro("SH", "OPTIONS");
    spec.options().stream()
        .filter(option -> option.group() == null && !option.hidden())
        .forEach(option -> option(page, option));
    spec.argGroups().stream()
        .sorted(Comparator.comparing(ArgGroupSpec::order))
        .forEach(
            group -> {
              page.macro("SS", String.format(group.heading()).strip().replaceFirst(":$", ""));
              group.allOptionsNested().stream()
                  .filter(option -> !option.hidden())
                  .forEach(option -> option(page, option));
            });
  }

  private static void option(Roff page, OptionSpec option) {
    tagged(
        page,
        List.of(option.names()),
        option.arity().max() == 0 ? "" : option.paramLabel(),
        option);
  }

  private static void tagged(Roff page, List<String> names, String value, ArgSpec argument) {
    List<String> words = new ArrayList<>();
    for (String name : names) {
      words.add(name);
      words.add(", ");
    }
    words.remove(words.size() - 1);
    page.macro("TP");
    if (value.isEmpty()) {
      page.macro("BR", words.toArray(String[]::new));
    } else {
      page.macro(
          "BI",
          Stream.concat(Stream.of(String.join("", words) + "="), Stream.of(value))
              .toArray(String[]::new));
    }
    page.line(String.join(" ", lines(argument.description())));
  }

  private void exitCodes(Roff page) {
    Map<String, String> codes = spec.usageMessage().exitCodeList();
    if (!codes.isEmpty()) {
      page.macro("SH", "EXIT STATUS");
      codes.forEach(
          (code, meaning) -> {
            if (!code.isBlank()) {
              page.macro("TP").macro("B", code.strip()).line(String.format(meaning));
            }
          });
    }
  }

  /** A line that ends in a colon introduces the commands below it. */
  private void footer(Roff page) {
    List<String> words = new ArrayList<>();
    List<String> typed = new ArrayList<>();
    boolean begun = false;
    for (String line : spec.usageMessage().footer()) {
      String text = String.format(line);
      if (!begun && !text.isBlank()) {
        page.macro("SH", "EXAMPLES");
        begun = true;
      }
      if (text.startsWith("  ")) {
        typed.add(text.substring(2));
      } else if (!text.isBlank() && !text.startsWith(EXAMPLES)) {
        words.add(text);
      }
    }
    if (begun) {
      page.paragraphs(words);
      page.lines(typed);
    }
  }

  private void seeAlso(Roff page) {
    page.macro("SH", "SEE ALSO");
    List<String> others =
        commands.stream().filter(each -> !each.equals(name(spec))).sorted().toList();
    for (int i = 0; i < others.size(); i++) {
      page.macro("BR", others.get(i), i == others.size() - 1 ? "(1)" : "(1),");
    }
    page.macro("PP").line("Documents: /usr/share/doc/hyper2kvm");
  }
}
