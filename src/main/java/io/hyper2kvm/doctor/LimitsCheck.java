package io.hyper2kvm.doctor;

import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.config.WorkflowConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Open files, and memory for the appliances that may run at once. */
final class LimitsCheck implements Check {

  private static final long FEW_FILES = 1024;
  private static final Pattern FILES = Pattern.compile("Max open files\\s+(\\d+|unlimited)");
  private static final Pattern MEMORY = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

  /** What an appliance takes besides its memory, in bytes. */
  private static final long OVERHEAD = 768L << 20;

  private final WorkflowConfig workflow;
  private final ToolsConfig tools;

  LimitsCheck(WorkflowConfig workflow, ToolsConfig tools) {
    this.workflow = workflow;
    this.tools = tools;
  }

  @Override
  public List<Finding> run(Host host) {
    List<Finding> findings = new ArrayList<>();
    find(host, "proc/self/limits", FILES)
        .ifPresent(
            most ->
                findings.add(
                    most >= FEW_FILES
                        ? Finding.ok("Open files", "at most " + shown(most))
                        : Finding.warn(
                            "Open files",
                            "at most " + most,
                            "raise it to 1024 or more: ulimit -n, or LimitNOFILE= in the unit")));
    find(host, "proc/meminfo", MEMORY).ifPresent(kib -> findings.add(memory(kib << 10)));
    return findings.isEmpty()
        ? List.of(Finding.warn("Limits", "/proc tells none", "mount /proc"))
        : findings;
  }

  private Finding memory(long available) {
    int jobs = workflow.maxConcurrentJobs();
    long needed = jobs * (tools.applianceMemory().bytes() + OVERHEAD);
    String found =
        "%d MiB available; %d VMs at once may take %d MiB"
            .formatted(available >> 20, jobs, needed >> 20);
    return available >= needed
        ? Finding.ok("Memory", found)
        : Finding.warn("Memory", found, "lower max_concurrent_jobs, or add memory");
  }

  private static String shown(long most) {
    return most == Long.MAX_VALUE ? "any number" : String.valueOf(most);
  }

  private static OptionalLong find(Host host, String file, Pattern pattern) {
    Path path = host.root().resolve(file);
    try {
      Matcher matcher = pattern.matcher(Files.readString(path));
      if (!matcher.find()) {
        return OptionalLong.empty();
      }
      String number = matcher.group(1);
      return OptionalLong.of(number.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(number));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
