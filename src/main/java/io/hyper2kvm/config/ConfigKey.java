package io.hyper2kvm.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A key of the configuration: its spellings, its default and its rule. Each is declared as a
 * constant of the record that holds its value, {@link IntakeConfig#POLL_INTERVAL} for instance, and
 * listed in {@link ConfigKeys}; the file reader, the environment, the command line, the help text
 * and the tests of the documents all read that list.
 *
 * @param <T> the type of its value, or of one element if it is a list
 */
public final class ConfigKey<T> {

  /** Under which heading a key stands in the help text. */
  public enum Group {
    MODE,
    FOLDERS,
    WORK,
    TIME_LIMITS,
    TOOLS,
    DOMAIN,
    SIGNING,
    HEALTH,
    WEB,
    LOGGING
  }

  /**
   * What a key says in place of another.
   *
   * @param key the other
   * @param meaning the other's value for a value of this one
   */
  record OtherWord<T>(ConfigKey<T> key, UnaryOperator<T> meaning) {}

  private final Group group;
  private final String name;
  private final ValueSyntax<T> syntax;
  private final String description;
  private String defaultText;
  private boolean list;
  private boolean required;
  private OtherWord<T> otherWord;

  private ConfigKey(Group group, String name, ValueSyntax<T> syntax, String description) {
    this.group = group;
    this.name = name;
    this.syntax = syntax;
    this.description = description;
  }

  /**
   * A key that may be left out and has no default.
   *
   * @param name as in the file: lower case, words joined by underscores
   * @param description half a sentence; it is the key's line in the help text and in the documents
   */
  static <T> ConfigKey<T> of(Group group, String name, ValueSyntax<T> syntax, String description) {
    return new ConfigKey<>(group, name, syntax, description);
  }

  /**
   * The same with a default.
   *
   * @param text as it would be written; in angle brackets if the loader finds it out
   */
  ConfigKey<T> withDefault(String text) {
    ConfigKey<T> key = copy();
    key.defaultText = text;
    return key;
  }

  /** The same for any number of values. */
  ConfigKey<T> asList() {
    ConfigKey<T> key = copy();
    key.list = true;
    return key;
  }

  /** The same as one that the daemon does not start without. */
  ConfigKey<T> asRequired() {
    ConfigKey<T> key = copy();
    key.required = true;
    return key;
  }

  /** The same as another word for a key: of the two, one may be written. */
  ConfigKey<T> insteadOf(ConfigKey<T> other, UnaryOperator<T> meaning) {
    ConfigKey<T> key = copy();
    key.otherWord = new OtherWord<>(other, meaning);
    return key;
  }

  private ConfigKey<T> copy() {
    ConfigKey<T> key = new ConfigKey<>(group, name, syntax, description);
    key.defaultText = defaultText;
    key.list = list;
    key.required = required;
    key.otherWord = otherWord;
    return key;
  }

  /** The key in the file, {@code output_dir} for instance. */
  public String name() {
    return name;
  }

  /** The flag on the command line, {@code --output-dir} for instance. */
  public String flag() {
    return "--" + name.replace('_', '-');
  }

  /** The environment variable, {@code HYPER2KVM_OUTPUT_DIR} for instance. */
  public String environmentVariable() {
    return "HYPER2KVM_" + name.toUpperCase(Locale.ROOT);
  }

  /** The heading it belongs under. */
  public Group group() {
    return group;
  }

  /** What it means, in half a sentence. */
  public String description() {
    return description;
  }

  /** Its default as it would be written; empty if there is none. */
  public Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /** The word for its value in a help text; empty for a {@linkplain #isSwitch switch}. */
  public String placeholder() {
    return syntax.placeholder();
  }

  /** Whether its flag alone says all, without a value. */
  public boolean isSwitch() {
    return syntax.placeholder().isEmpty();
  }

  /** Whether it takes any number of values. */
  public boolean isList() {
    return list;
  }

  /** Whether there is no daemon without it. */
  public boolean isRequired() {
    return required;
  }

  /** The fields of a mapping that may be written in place of one text; empty for none. */
  List<String> fields() {
    return syntax.fields();
  }

  /** What may be written for it. */
  public String allowed() {
    return syntax.allowed();
  }

  /** The key that it is another word for. */
  Optional<OtherWord<T>> otherWord() {
    return Optional.ofNullable(otherWord);
  }

  /** Whether its default depends on other things and {@link #defaultText} only describes it. */
  boolean hasComputedDefault() {
    return defaultText != null && defaultText.startsWith("<");
  }

  /**
   * Reads one value, or one element of a list.
   *
   * @param base the folder that a relative path starts from
   * @throws IllegalArgumentException if the text is not {@link #allowed}
   */
  public T parse(String text, Path base) {
    return syntax.parser().parse(text, base);
  }

  @Override
  public String toString() {
    return name;
  }
}
