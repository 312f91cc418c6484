package io.hyper2kvm.config;

import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.DurationText;
import io.hyper2kvm.config.value.LogLevel;
import io.hyper2kvm.config.value.NetworkMapping;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.tool.luks.LuksKey;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the text of a value becomes a value, and what is allowed.
 *
 * @param placeholder the word for the value in a help text, {@code DIR} for instance; empty where
 *     the flag alone says all
 * @param allowed what may be written, as the end of a sentence
 * @param parser throws {@link IllegalArgumentException} for anything else
 * @param fields of a mapping in the file, which means the text {@code field=value; field=value};
 *     empty where only a text may be written
 */
record ValueSyntax<T>(String placeholder, String allowed, Parser<T> parser, List<String> fields) {

  ValueSyntax(String placeholder, String allowed, Parser<T> parser) {
    this(placeholder, allowed, parser, List.of());
  }

  /** Reads one text; {@code base} is the folder that a relative path starts from. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(String text, Path base);
  }

  /** Exactly one word, for keys that are there because they always were. */
  static ValueSyntax<String> literal(String word) {
    return new ValueSyntax<>(
        "",
        word,
        (text, base) -> {
          require(text.equals(word));
          return text;
        });
  }

  /** As YAML writes it; a flag on the command line needs no value. */
  static ValueSyntax<Boolean> yesOrNo() {
    return new ValueSyntax<>(
        "",
        "true or false",
        (text, base) -> {
          require(text.equals("true") || text.equals("false"));
          return text.equals("true");
        });
  }

  static ValueSyntax<Integer> number(int least, int most) {
    return new ValueSyntax<>(
        "N",
        "a whole number from " + least + " to " + most,
        (text, base) -> {
          require(text.matches("\\d{1,9}"));
          return between(least, Integer.valueOf(text), most);
        });
  }

  static ValueSyntax<Duration> duration(String least, String most) {
    return ordered("TIME", DurationText.SYNTAX, DurationText::parse, least, most);
  }

  static ValueSyntax<DataSize> size(String least, String most) {
    return ordered("SIZE", DataSize.SYNTAX, DataSize::parse, least, most);
  }

  /** One of an enum's constants; capitals do not matter. */
  static <E extends Enum<E>> ValueSyntax<E> choice(String placeholder, Class<E> type) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    String allowed =
        constants.stream().map(ValueSyntax::word).collect(Collectors.joining(", ", "one of ", ""));
    return new ValueSyntax<>(
        placeholder,
        allowed,
        (text, base) ->
            constants.stream()
                .filter(constant -> word(constant).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
  }

  static ValueSyntax<LogLevel> verbosity() {
    return new ValueSyntax<>(
        "0|1|2",
        "0 (WARN), 1 (INFO) or 2 (DEBUG)",
        (text, base) ->
            switch (text) {
              case "0" -> LogLevel.WARN;
              case "1" -> LogLevel.INFO;
              case "2" -> LogLevel.DEBUG;
              default -> throw new IllegalArgumentException(text);
            });
  }

  /** An address by its digits; a name would have to be looked up. */
  static ValueSyntax<String> address() {
    return new ValueSyntax<>(
        "ADDRESS",
        "an IP address of this machine, such as 127.0.0.1, ::1 or 0.0.0.0",
        (text, base) -> {
          require(text.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*"));
          return text;
        });
  }

  /** A name as it stands in the address line of a browser, without a port. */
  static ValueSyntax<String> hostName() {
    return new ValueSyntax<>(
        "NAME",
        "a host name or address without a port, such as kvm01.example.org",
        (text, base) -> {
          require(text.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"));
          return text;
        });
  }

  /** Without user and query: the text appears in the log and in what --print-config shows. */
  static ValueSyntax<URI> collector() {
    return new ValueSyntax<>(
        "URL",
        "an http or https URL without user, query and fragment, such as http://127.0.0.1:4318",
        (text, base) -> {
          require(text.length() <= 2000);
          URI url = URI.create(text);
          require("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
          require(url.getHost() != null && url.getRawUserInfo() == null);
          require(url.getRawQuery() == null && url.getRawFragment() == null);
          require(url.getPort() == -1 || url.getPort() > 0 && url.getPort() <= 65535);
          return url;
        });
  }

  /** A name for programs, which nobody need be able to open. */
  static ValueSyntax<String> uri() {
    return new ValueSyntax<>(
        "URI",
        "a URI, such as https://kvm01.example.org/hyper2kvm or urn:example:kvm01",
        (text, base) -> {
          require(text.length() <= 2000 && URI.create(text).isAbsolute());
          return text;
        });
  }

  /** Root would be no other user than the one that starts the tools. */
  static ValueSyntax<String> userName() {
    return new ValueSyntax<>(
        "NAME",
        "the name of a user of this machine other than root",
        (text, base) -> {
          require(text.matches("[A-Za-z_][A-Za-z0-9_.-]{0,63}") && !text.equals("root"));
          return text;
        });
  }

  /** What the cards of a network are connected to. */
  static ValueSyntax<NetworkMapping> network() {
    return new ValueSyntax<>(
        "MAPPING", NetworkMapping.SYNTAX, (text, base) -> NetworkMapping.parse(text));
  }

  /** Where the key of an encrypted volume is. */
  static ValueSyntax<LuksKey> luksKey() {
    return new ValueSyntax<>("KEY", LuksKey.SYNTAX, LuksKey::parse, LuksKey.FIELDS);
  }

  static ValueSyntax<String> cpu() {
    return new ValueSyntax<>(
        "CPU",
        "host-passthrough, host-model, maximum or the name of one of libvirt's processor models",
        (text, base) -> {
          require(DomainSpec.isCpu(text));
          return text;
        });
  }

  static ValueSyntax<Path> path(String placeholder) {
    return new ValueSyntax<>(
        placeholder,
        "a path, written out in full (~ and variables stay as they are)",
        ValueSyntax::resolve);
  }

  /**
   * What a constant is called in the configuration: levels in capitals, as everybody knows them.
   */
  static String word(Enum<?> constant) {
    return constant instanceof LogLevel
        ? constant.name()
        : constant.name().toLowerCase(Locale.ROOT);
  }

  /** How a value is written, so that it is read back as the same. */
  static String text(Object value) {
    if (value instanceof Duration time) {
      return DurationText.format(time);
    }
    return value instanceof Enum<?> constant ? word(constant) : value.toString();
  }

  private static Path resolve(String text, Path base) {
    // Neither a file nor a quoted flag goes through a shell: this would make a folder named "~".
    require(!text.isEmpty() && !text.startsWith("~") && !text.startsWith("$"));
    try {
      return base.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static <T extends Comparable<T>> ValueSyntax<T> ordered(
      String placeholder, String syntax, Function<String, T> parser, String least, String most) {
    return new ValueSyntax<>(
        placeholder,
        syntax + "; from " + least + " to " + most,
        (text, base) -> between(parser.apply(least), parser.apply(text), parser.apply(most)));
  }

  private static <T extends Comparable<T>> T between(T least, T value, T most) {
    require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
    return value;
  }

  private static void require(boolean met) {
    if (!met) {
      throw new IllegalArgumentException();
    }
  }
}
