package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedConfigTest {

  @TempDir Path root;

  @Test
  void printNamesThePlaceOfEachValue() throws Exception {
    var site = Site.with(root, "verbose: 2", "log_dir: logs", "allowed_source_roots: [program]");
    site.environment.put("HYPER2KVM_KVM", "off");
    site.flags.put(StagesConfig.FIX_TIMEOUT, List.of("90m"));

    assertThat(site.load().print().replace(site.root + "/", "").lines())
        .contains(
            "manifest_workflow_dir: work  # daemon.yaml:1:24",
            "# source_dir: not set",
            "allowed_source_roots:  # daemon.yaml:5:23",
            "  - program",
            "# allowed_output_roots: not set",
            "max_concurrent_jobs: 2  # default",
            "fix_timeout: 90m  # --fix-timeout",
            "kvm: off  # HYPER2KVM_KVM",
            "log_level: DEBUG  # daemon.yaml:3:10",
            "log_file: logs/manifest-daemon.log  # daemon.yaml:4:10");
  }

  @Test
  void printNamesEveryKeyThatIsNoOtherWordForOne() throws Exception {
    String printed = Site.with(root).load().print();
    assertThat(ConfigKeys.all())
        .filteredOn(key -> !List.of("verbose", "log_dir").contains(key.name()))
        .allMatch(
            key ->
                printed.contains("\n" + key + ":")
                    || printed.startsWith(key + ":")
                    || printed.contains("\n# " + key + ": not set"));
  }

  @Test
  void printedConfigurationIsAConfiguration() throws Exception {
    var site = Site.with(root, "verbose: 0", "log_file: x.log");
    site.flags.put(OutputConfig.OUTPUT_DIR, List.of("a \"b\" \\ # : ü 日本 \n\t'c'"));
    var loaded = site.load();

    site.flags.clear();
    assertThat(site.file(loaded.print()).load().config()).isEqualTo(loaded.config());
  }
}
