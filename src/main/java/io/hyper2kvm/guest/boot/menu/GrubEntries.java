package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The tree of a grub.cfg's menu: entries and submenus, each with its place, its title and its
 * identifier. Conditions are not evaluated: an entry in a branch counts.
 */
final class GrubEntries {

  /** More than any menu has. */
  private static final int MOST = 2000;

  private static final int DEEPEST = 16;
  private static final Set<String> KERNELS =
      Set.of("linux", "linux16", "linuxefi", "$linux", "multiboot", "multiboot2", "chainloader");

  /**
   * An entry or a submenu.
   *
   * @param number its place in its menu, from 0
   * @param id its identifier; empty when it has none
   * @param line its line, from 0
   * @param submenu whether it opens a menu of its own
   * @param children what is in that menu
   * @param kernels the first argument of each line that loads something
   */
  record Node(
      int number,
      String title,
      String id,
      int line,
      boolean submenu,
      List<Node> children,
      List<String> kernels) {

    /**
     * What a default calls it: its identifier or its title, which hold when the menu grows, or its
     * number where another of its menu has the same.
     *
     * @param siblings all of its menu, itself too
     */
    String name(List<Node> siblings) {
      String name = id.isEmpty() ? title : id;
      long same =
          siblings.stream()
              .filter(node -> name.equals(node.id) || name.equals(node.title))
              .limit(2)
              .count();
      boolean plain = !name.isEmpty() && !name.matches("[0-9]+") && !name.contains("$");
      return same == 1 && plain ? name.replace(">", ">>") : String.valueOf(number);
    }
  }

  private GrubEntries() {}

  /** The nodes of the outermost menu. */
  static List<Node> of(String config) {
    TextEdit lines = new TextEdit("", config);
    Node root = new Node(0, "", "", 0, true, new ArrayList<>(), new ArrayList<>());
    Deque<Node> open = new ArrayDeque<>(List.of(root));
    int count = 0;
    for (int line = 0; line < lines.lineCount() && count < MOST; line++) {
      KeywordLine words = KeywordLine.of(lines, line);
      String keyword = words.keyword();
      boolean submenu = keyword.equals("submenu");
      if (submenu || keyword.equals("menuentry")) {
        Node menu = menu(open);
        String rest = config.substring(words.rest(), words.end()).strip();
        Node node = node(menu.children().size(), rest, line, submenu);
        menu.children().add(node);
        count++;
        if (rest.endsWith("{") && open.size() < DEEPEST) {
          open.push(node);
        }
      } else if (keyword.equals("}") && open.size() > 1) {
        open.pop();
      } else if (keyword.equals("function") && lines.line(line).strip().endsWith("{")) {
        // Its closing brace is not an entry's.
        open.push(new Node(0, "", "", line, true, new ArrayList<>(), new ArrayList<>()));
      } else if (KERNELS.contains(keyword) && !open.isEmpty() && !open.peek().submenu()) {
        MenuWords.of(config.substring(words.rest(), words.end())).stream()
            .filter(word -> !word.startsWith("--"))
            .findFirst()
            .ifPresent(open.peek().kernels()::add);
      }
    }
    return root.children();
  }

  /** An entry cannot hold another: one that is left open is closed by the next. */
  private static Node menu(Deque<Node> open) {
    while (!open.peek().submenu()) {
      open.pop();
    }
    return open.peek();
  }

  private static Node node(int number, String rest, int line, boolean submenu) {
    List<String> words = MenuWords.of(rest);
    String title = words.isEmpty() ? "" : words.get(0);
    String id = "";
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      boolean option =
          word.equals("--id")
              || word.equals("$menuentry_id_option")
              || word.equals("${menuentry_id_option}");
      if (option && i + 1 < words.size()) {
        id = words.get(i + 1);
      } else if (word.startsWith("--id=")) {
        id = word.substring("--id=".length());
      }
    }
    return new Node(
        number,
        title,
        id.equals("{") ? "" : id,
        line,
        submenu,
        new ArrayList<>(),
        new ArrayList<>());
  }
}
