package io.hyper2kvm.guest.cloud;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of cloud-init that decide about a new instance, as its files together state them:
 * {@code /etc/cloud/cloud.cfg}, then those in {@code cloud.cfg.d} by their names; the last one that
 * has a key wins.
 *
 * @param networkDisabled whether it leaves the network's configuration alone
 * @param keysKept whether it leaves the host keys of a new instance alone
 * @param cacheTrusted whether it keeps to the instance that it knows, without looking for another
 */
record CloudConfig(boolean networkDisabled, boolean keysKept, boolean cacheTrusted) {

  static final String FILE = "/etc/cloud/cloud.cfg";
  static final String FOLDER = "/etc/cloud/cloud.cfg.d/";

  private static final int MAX_LINES = 20_000;
  private static final int MAX_LINE = 2000;
  private static final Pattern KEY =
      Pattern.compile("[\"']?([A-Za-z_]{1,40})[\"']?\\s{0,20}:(?:\\s(.{0,1000}))?");
  private static final Pattern DISABLED =
      Pattern.compile(
          "[{,\\s\"']{0,20}config[\"']?\\s{0,20}:\\s{0,20}[\"']?disabled[\"']?[},\\s]{0,20}");
  private static final Set<String> TRUE = Set.of("true", "yes", "on", "1");
  private static final Set<String> FALSE = Set.of("false", "no", "off", "0");

  /** Of the guest's files: content by path; others than cloud-init's are not looked at. */
  static CloudConfig of(Map<String, String> texts) {
    Map<String, String> values = new TreeMap<>();
    Optional.ofNullable(texts.get(FILE)).ifPresent(text -> read(text, values));
    new TreeMap<>(texts)
        .forEach(
            (file, text) -> {
              if (file.startsWith(FOLDER)
                  && file.endsWith(".cfg")
                  && file.indexOf('/', FOLDER.length()) < 0) {
                read(text, values);
              }
            });
    return new CloudConfig(
        values.getOrDefault("network", "").equals("disabled"),
        FALSE.contains(values.getOrDefault("ssh_deletekeys", "")),
        TRUE.contains(values.getOrDefault("manual_cache_clean", "")));
  }

  /** The keys at the top of a YAML text; of {@code network} only whether it is disabled. */
  private static void read(String text, Map<String, String> values) {
    String[] open = {""};
    text.lines()
        .limit(MAX_LINES)
        .filter(line -> line.length() <= MAX_LINE)
        .map(CloudConfig::withoutComment)
        .filter(line -> !line.isBlank())
        .forEach(
            line -> {
              boolean inner = Character.isWhitespace(line.charAt(0));
              if (inner) {
                if (open[0].equals("network") && DISABLED.matcher(line.strip()).matches()) {
                  values.put("network", "disabled");
                }
                return;
              }
              Matcher key = KEY.matcher(line);
              open[0] = key.matches() ? key.group(1) : "";
              if (key.matches()) {
                String value = Optional.ofNullable(key.group(2)).orElse("").strip();
                boolean off = open[0].equals("network") && DISABLED.matcher(value).matches();
                values.put(
                    open[0],
                    off ? "disabled" : value.toLowerCase(Locale.ROOT).replaceAll("[\"']", ""));
              }
            });
  }

  private static String withoutComment(String line) {
    int at = line.startsWith("#") ? 0 : line.indexOf(" #");
    return (at < 0 ? line : line.substring(0, at)).stripTrailing();
  }
}
