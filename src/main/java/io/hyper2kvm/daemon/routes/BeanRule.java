package io.hyper2kvm.daemon.routes;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Beans and their methods exist; a call has as many arguments as a method takes. */
final class BeanRule implements RouteRule {

  private static final Set<String> HOLDERS = Set.of("bean", "method", "process");
  private static final Pattern INLINE = Pattern.compile("\\$\\{bean:(\\w+)(?:(?:\\.|::)(\\w+))?");
  private static final Pattern REFERENCE = Pattern.compile("#(?:bean:)?([A-Za-z]\\w*)");

  @Override
  public void check(RouteSet routes, Findings findings) {
    for (RouteFile file : routes.files()) {
      file.root()
          .visit(
              (key, element) -> {
                if (HOLDERS.contains(key) && element.isObject()) {
                  holder(routes, file, element, findings);
                }
                if (key.equals("uri")) {
                  uri(routes, file, element, findings);
                }
                inline(routes, file, element, findings);
                if (!key.equals("expression") && !key.equals("constant")) {
                  reference(routes, file, element, findings);
                }
              });
    }
  }

  private static void holder(RouteSet routes, RouteFile file, Element element, Findings findings) {
    String name = element.text("ref");
    if (name.isEmpty() || name.contains(":")) {
      return;
    }
    String bean = name.startsWith("#") ? name.substring(1) : name;
    int line = element.line("ref");
    if (known(routes, file, bean, line, findings)) {
      call(routes, file, bean, element.text("method"), element.line("method"), findings);
    }
  }

  /** {@code bean:name?method=…}, or with the method among the parameters. */
  private static void uri(RouteSet routes, RouteFile file, Element element, Findings findings) {
    Matcher matcher =
        Pattern.compile("bean:([\\w.]+)(?:\\?method=(\\w+))?.*").matcher(element.text());
    if (matcher.matches() && known(routes, file, matcher.group(1), element.line(), findings)) {
      String method = matcher.group(2) == null ? "" : matcher.group(2);
      call(routes, file, matcher.group(1), method, element.line(), findings);
    }
  }

  private static void inline(RouteSet routes, RouteFile file, Element element, Findings findings) {
    Matcher matcher = INLINE.matcher(element.text());
    while (matcher.find()) {
      if (known(routes, file, matcher.group(1), element.line(), findings)
          && matcher.group(2) != null) {
        call(routes, file, matcher.group(1), matcher.group(2), element.line(), findings);
      }
    }
  }

  private static void reference(
      RouteSet routes, RouteFile file, Element element, Findings findings) {
    Matcher matcher = REFERENCE.matcher(element.text());
    if (matcher.matches()) {
      known(routes, file, matcher.group(1), element.line(), findings);
    }
  }

  private static boolean known(
      RouteSet routes, RouteFile file, String bean, int line, Findings findings) {
    if (routes.beans().containsKey(bean)) {
      return true;
    }
    findings.error(
        file.path(),
        line,
        "there is no bean %s%s".formatted(bean, Findings.meant(bean, routes.beans().keySet())));
    return false;
  }

  private static void call(
      RouteSet routes, RouteFile file, String bean, String call, int line, Findings findings) {
    int open = call.indexOf('(');
    String name = (open < 0 ? call : call.substring(0, open)).strip();
    if (name.isEmpty()) {
      return;
    }
    List<Method> methods =
        Arrays.stream(routes.beans().get(bean).getClass().getMethods())
            .filter(method -> method.getDeclaringClass() != Object.class)
            .toList();
    List<Method> named = methods.stream().filter(method -> method.getName().equals(name)).toList();
    if (named.isEmpty()) {
      findings.error(
          file.path(),
          line,
          "the bean %s has no method %s%s"
              .formatted(
                  bean,
                  name,
                  Findings.meant(name, methods.stream().map(Method::getName).distinct().toList())));
      return;
    }
    if (open >= 0 && !call.endsWith(")")) {
      findings.error(file.path(), line, "%s lacks its closing parenthesis".formatted(call));
    } else if (open >= 0) {
      int given = arguments(call.substring(open + 1, call.length() - 1));
      if (named.stream().noneMatch(method -> takes(method, given))) {
        findings.error(
            file.path(),
            line,
            "%s.%s takes %s, not %d"
                .formatted(bean, name, words(named.get(0).getParameterCount(), "argument"), given));
      }
    }
  }

  private static boolean takes(Method method, int given) {
    int count = method.getParameterCount();
    return method.isVarArgs() ? given >= count - 1 : given == count;
  }

  /**
   * Commas between the arguments; those in braces, parentheses and quotes are the argument's own.
   */
  private static int arguments(String inside) {
    if (inside.isBlank()) {
      return 0;
    }
    int depth = 0;
    int commas = 0;
    boolean quoted = false;
    for (char c : inside.toCharArray()) {
      if (c == '\'' || c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '{' || c == '(')) {
        depth++;
      } else if (!quoted && (c == '}' || c == ')')) {
        depth--;
      } else if (!quoted && depth == 0 && c == ',') {
        commas++;
      }
    }
    return commas + 1;
  }

  private static String words(int count, String noun) {
    return count == 1 ? "one " + noun : count + " " + noun + "s";
  }
}
