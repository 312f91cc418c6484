package io.hyper2kvm.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** The commands in the help text of the program, by what they are for. */
final class CommandGroups {

  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("Begin", List.of("init"));
    GROUPS.put("Run", List.of("daemon", "run"));
    GROUPS.put("Look before", List.of("validate", "plan", "doctor", "routes"));
    GROUPS.put(
        "Work with a daemon", List.of("submit", "status", "cancel", "retry", "drain", "resume"));
    GROUPS.put("Look afterwards", List.of("verify"));
  }

  private static final String OTHERS = "Others";

  private CommandGroups() {}

  /** Puts the groups into the help text in place of one list. */
  static CommandLine applyTo(CommandLine root) {
    root.getHelpSectionMap()
        .put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::render);
    return root;
  }

  private static String render(Help help) {
    Map<String, Map<String, Help>> grouped = new LinkedHashMap<>();
    GROUPS.keySet().forEach(group -> grouped.put(group, new LinkedHashMap<>()));
    grouped.put(OTHERS, new LinkedHashMap<>());
    Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
    GROUPS.forEach(
        (group, names) ->
            names.forEach(
                name -> {
                  Help command = left.remove(name);
                  if (command != null) {
                    grouped.get(group).put(name, command);
                  }
                }));
    grouped.get(OTHERS).putAll(left);
    List<String> sections = new ArrayList<>();
    grouped.forEach(
        (group, commands) -> {
          if (!commands.isEmpty()) {
            sections.add("%n%s:%n%s".formatted(group, help.commandList(commands)));
          }
        });
    return String.join("", sections);
  }
}
