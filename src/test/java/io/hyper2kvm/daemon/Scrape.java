package io.hyper2kvm.daemon;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape says: the values of its series, and the kind of each metric. */
final class Scrape {

  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  private final Map<String, Double> values = new LinkedHashMap<>();
  private final Map<String, String> kinds = new TreeMap<>();
  private final Map<String, String> helps = new TreeMap<>();

  Scrape(String text) {
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# TYPE ")) {
        kinds.put(words[2], words[3]);
      } else if (line.startsWith("# HELP ")) {
        helps.put(words[2], words[3]);
      } else if (!line.startsWith("#")) {
        int space = line.lastIndexOf(' ');
        values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
      }
    }
  }

  /** The series as it is written in a scrape; labels are sorted by name. */
  double value(String series) {
    Double value = values.get(series);
    if (value == null) {
      throw new AssertionError("no series " + series + " among " + values.keySet());
    }
    return value;
  }

  /** The series of a metric that are not zero. */
  Map<String, Double> counted(String metric) {
    Map<String, Double> counted = new TreeMap<>(values);
    counted.keySet().removeIf(series -> !series.startsWith(metric + "{") && !series.equals(metric));
    counted.values().removeIf(value -> value == 0);
    return counted;
  }

  /** The value of each series. */
  Map<String, Double> series() {
    return values;
  }

  /** The name of the metric that the series belongs to. */
  String metric(String series) {
    String name = series.replaceFirst("\\{.*", "");
    return kinds.containsKey(name) ? name : name.replaceFirst("_(bucket|count|sum)$", "");
  }

  /** The labels of a metric with their values; without the bound of a histogram's bucket. */
  Map<String, Set<String>> labels(String metric) {
    Map<String, Set<String>> labels = new TreeMap<>();
    for (String series : values.keySet()) {
      if (metric(series).equals(metric)) {
        Matcher label = LABEL.matcher(series);
        while (label.find()) {
          labels.computeIfAbsent(label.group(1), any -> new TreeSet<>()).add(label.group(2));
        }
      }
    }
    labels.remove("le");
    return labels;
  }

  /** The kind of each metric, by its name. */
  Map<String, String> kinds() {
    return kinds;
  }

  /** The help of each metric, by its name. */
  Map<String, String> helps() {
    return helps;
  }
}
