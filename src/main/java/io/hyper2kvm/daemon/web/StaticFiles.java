package io.hyper2kvm.daemon.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of the page, which are in the program's archive. Each is read once. */
final class StaticFiles {

  private static final String FOLDER = "/io/hyper2kvm/web/static/";

  /** Neither a folder above nor a hidden file has such a name. */
  private static final Pattern NAME =
      Pattern.compile(
          "([a-zA-Z0-9_-]{1,64}/){0,3}[a-zA-Z0-9_-]{1,64}(\\.[a-zA-Z0-9_-]{1,32}){1,4}");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final Map<String, WebAnswer> read = new ConcurrentHashMap<>();

  /**
   * The file of a path.
   *
   * @param path without the slash at its beginning; empty: the page
   * @return empty when there is none
   */
  Optional<WebAnswer> find(String path) throws IOException {
    String name = path.isEmpty() ? "index.html" : path;
    WebAnswer known = read.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    try (InputStream in = StaticFiles.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return Optional.empty();
      }
      WebAnswer answer = WebAnswer.tagged(type, in.readAllBytes());
      read.put(name, answer);
      return Optional.of(answer);
    }
  }
}
