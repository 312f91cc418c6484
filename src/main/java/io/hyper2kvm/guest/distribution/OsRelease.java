package io.hyper2kvm.guest.distribution;

import io.hyper2kvm.text.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the guest's os-release: shell-like assignments, of which only values are taken. */
public final class OsRelease {

  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Z][A-Z0-9_]{0,40})=(.{0,300})");

  private OsRelease() {}

  /** The keys and their values, made printable. */
  public static Map<String, String> parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    text.lines()
        .limit(200)
        .forEach(
            line -> {
              Matcher matcher = ASSIGNMENT.matcher(line.strip());
              if (matcher.matches()) {
                values.put(matcher.group(1), Printable.guestLine(unquoted(matcher.group(2))));
              }
            });
    return values;
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1).replace("\\", "") : value;
  }
}
