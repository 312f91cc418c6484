package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One test per thing that can be wrong in a source; the folders have {@link FolderRulesTest}. */
class ConfigProblemsTest {

  @TempDir Path root;

  @Test
  void requiredKeysAreMissing() throws Exception {
    assertThat(new Site(root).problems())
        .containsExactly(
            "command line: manifest_workflow_dir: found nothing; allowed: manifest_workflow_dir in"
                + " the file, --manifest-workflow-dir on the command line, or"
                + " HYPER2KVM_MANIFEST_WORKFLOW_DIR in the environment",
            "command line: output_dir: found nothing; allowed: output_dir in the file,"
                + " --output-dir on the command line, or HYPER2KVM_OUTPUT_DIR in the environment");
  }

  @Test
  void unknownKeyNamesTheNearestOne() throws Exception {
    assertThat(Site.with(root, "max_concurent_jobs: 3").problems())
        .containsExactly(
            "daemon.yaml:3:1: max_concurent_jobs: found an unknown key; allowed: did you mean"
                + " max_concurrent_jobs?");
  }

  @Test
  void unknownKeyThatResemblesNothingGetsTheListOfAll() throws Exception {
    assertThat(Site.with(root, "hypervisor: {a: [1, 2]}").problems())
        .singleElement()
        .asString()
        .contains("found an unknown key", "output_dir, source_dir");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{vm: db, key_file: ~/k}|4:5: luks_keys: found \"vm=db; key_file=~/k\"",
        "{vm: db, pass: x, key_file: /k}|4:14: luks_keys.pass: found an unknown key",
        "{vm: db, keyfile: /k}|4:14: luks_keys.keyfile: found an unknown key; allowed: did you mean luks_keys.key_file?",
        "{vm: [a], key_file: /k}|4:10: luks_keys.vm: found a list",
        "{vm: db, key_file: '/k;x'}|4:24: luks_keys.key_file: found a semicolon",
        "{vm: db, key_file:}|4:23: luks_keys.key_file: found a key without a value",
        "{vm: db}|4:5: luks_keys: found",
        "{}|4:5: luks_keys: found",
        "secret|4:5: luks_keys: found \"secret\"",
        "[vm, db]|4:5: luks_keys: found a list",
        "{vm: 'a b', credential: c}|4:5: luks_keys: found",
        "{vm: db, device: '$(id)', credential: c}|4:5: luks_keys: found",
      })
  void aKeyOfAnEncryptedGuestIsToldWithItsOwnLine(String item, String words) throws Exception {
    assertThat(Site.with(root, "luks_keys:\n  - " + item).problems())
        .anySatisfy(problem -> assertThat(problem).contains("daemon.yaml:" + words));
  }

  @Test
  void unknownVariableNamesTheNearestOne() throws Exception {
    var site = Site.with(root);
    site.environment.put("HYPER2KVM_OUTPUT_DIRR", "x");
    site.environment.put("HYPER2KVM_HOME", "x");
    site.environment.put("HYPER2KVM_LIB_D", "x");
    site.environment.put("HYPER2KVM_JAVA_OPTS", "x");
    site.environment.put("PATH", "x");
    assertThat(site.problems())
        .containsExactly(
            "environment: HYPER2KVM_OUTPUT_DIRR: found an unknown variable; allowed: did you mean"
                + " HYPER2KVM_OUTPUT_DIR?");
  }

  @Test
  void keyTwiceInTheFile() throws Exception {
    assertThat(Site.with(root, "kvm: on", "kvm: off").problems())
        .containsExactly(
            "daemon.yaml:4:1: kvm: found the same key again; allowed: one line; the first is at"
                + " daemon.yaml:3:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "max_concurrent_jobs: [2] ~ 3:22 ~ a list ~ a whole number from 1 to 64",
        "max_concurrent_jobs: {a: 2} ~ 3:22 ~ a mapping ~ a whole number from 1 to 64",
        "max_concurrent_jobs: ~ 3:21 ~ a key without a value ~ a whole number from 1 to 64",
        "max_concurrent_jobs: 0 ~ 3:22 ~ \"0\" ~ a whole number from 1 to 64",
        "max_concurrent_jobs: 65 ~ 3:22 ~ \"65\" ~ a whole number from 1 to 64",
        "max_concurrent_jobs: 2.0 ~ 3:22 ~ \"2.0\" ~ a whole number from 1 to 64",
        "max_concurrent_jobs: two ~ 3:22 ~ \"two\" ~ a whole number from 1 to 64",
        "convert_threads: 17 ~ 3:18 ~ \"17\" ~ a whole number from 1 to 16",
        "manifest_workflow_mode: false ~ 3:25 ~ \"false\" ~ true",
        "command: convert ~ 3:10 ~ \"convert\" ~ daemon",
        "kvm: maybe ~ 3:6 ~ \"maybe\" ~ one of auto, on, off",
        "log_level: loud ~ 3:12 ~ \"loud\" ~ one of ERROR, WARN, INFO, DEBUG, TRACE",
        "verbose: 3 ~ 3:10 ~ \"3\" ~ 0 (WARN), 1 (INFO) or 2 (DEBUG)",
        "allowed_source_roots: work ~ 3:23 ~ a single value ~ a list, one \"- path\" per line",
        "allowed_source_roots: {a: b} ~ 3:23 ~ a mapping ~ a list, one \"- path\" per line",
      })
  void wrongValue(String line, String place, String found, String allowed) throws Exception {
    String key = line.substring(0, line.indexOf(':'));
    assertThat(Site.with(root, line).problems())
        .containsExactly(
            "daemon.yaml:%s: %s: found %s; allowed: %s".formatted(place, key, found, allowed));
  }

  @Test
  void durationWithoutUnit() throws Exception {
    assertThat(Site.with(root, "fix_timeout: 30").problems())
        .containsExactly(
            "daemon.yaml:3:14: fix_timeout: found \"30\"; allowed: a whole number and its unit ms,"
                + " s, m, h or d, like 90s; from 1s to 30d");
  }

  @Test
  void sizeOutOfRange() throws Exception {
    assertThat(Site.with(root, "max_manifest_size: 1G").problems())
        .containsExactly(
            "daemon.yaml:3:20: max_manifest_size: found \"1G\"; allowed: a whole number and its"
                + " unit B, KiB, MiB, GiB or TiB (K, M, G, T mean the same), like 1280MiB; from"
                + " 1KiB to 64MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "~/out", "$HOME/out", "\"a\\0b\""})
  void pathThatNoShellWillExpand(String text) throws Exception {
    assertThat(Site.with(root, "work_dir: " + text).problems())
        .singleElement()
        .asString()
        .startsWith("daemon.yaml:3:11: work_dir: found \"")
        .endsWith("allowed: a path, written out in full (~ and variables stay as they are)");
  }

  @Test
  void elementOfAListThatIsAList() throws Exception {
    assertThat(Site.with(root, "allowed_source_roots: [[a], null]").problems())
        .hasSize(2)
        .allMatch(problem -> problem.contains(": allowed_source_roots: found a "));
  }

  @Test
  void aliasIsRefused() throws Exception {
    assertThat(Site.with(root, "source_dir: &here work", "work_dir: *here").problems())
        .contains(
            "daemon.yaml:4:11: work_dir: found a YAML alias; allowed: a path, written out in full"
                + " (~ and variables stay as they are)");
  }

  @Test
  void twoKeysForTheSameThing() throws Exception {
    assertThat(
            Site.with(root, "log_level: INFO", "verbose: 2", "log_dir: l", "log_file: m")
                .problems())
        .containsExactly(
            "daemon.yaml:4:10: verbose: found besides log_level (daemon.yaml:3:12); allowed: one"
                + " of log_level and verbose",
            "daemon.yaml:6:11: log_file: found besides log_dir (daemon.yaml:5:10); allowed: one of"
                + " log_dir and log_file");
  }

  @Test
  void wrongVariableAndWrongFlagAreNamed() throws Exception {
    var site = Site.with(root);
    site.environment.put("HYPER2KVM_KVM", "");
    site.flags.put(ToolsConfig.CONVERT_THREADS, List.of("many"));
    assertThat(site.problems())
        .containsExactly(
            "--convert-threads: convert_threads: found \"many\"; allowed: a whole number from 1 to"
                + " 16",
            "HYPER2KVM_KVM: kvm: found \"\"; allowed: one of auto, on, off");
  }

  @Test
  void allProblemsOfAllSourcesComeAtOnce() throws Exception {
    var site = Site.with(root, "kvm: x", "colour: red", "fix_timeout: x", "source_dir: nowhere");
    site.environment.put("HYPER2KVM_COLOUR", "x");
    site.flags.put(IntakeConfig.POLL_INTERVAL, List.of("x"));
    assertThat(site.problems()).hasSize(6);
  }

  @Test
  void missingFileIsOneProblem() throws Exception {
    var site = new Site(root);
    site.file = java.util.Optional.of(Path.of("nowhere.yaml"));
    assertThat(site.problems())
        .containsExactly(
            "nowhere.yaml: --config: found no such file; allowed: a readable YAML file");
  }

  @Test
  void folderAsFile() throws Exception {
    var site = new Site(root).folder("daemon.d");
    site.file = java.util.Optional.of(Path.of("daemon.d"));
    assertThat(site.problems()).singleElement().asString().contains("no regular file");
  }

  @Test
  void hugeFileIsNotRead() throws Exception {
    var site = new Site(root).file("# " + "x".repeat(1 << 20));
    assertThat(site.problems()).singleElement().asString().contains("more than 1 MiB");
  }

  @Test
  void fileThatIsNoUtf8() throws Exception {
    var site = new Site(root).file("");
    Files.write(site.file.orElseThrow(), "output_dir: ü".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(site.problems()).singleElement().asString().contains("not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"output_dir: [a", "output_dir: \"a", "log_dir: b: c", "\tx: y", "@: 1", "'"})
  void brokenYamlIsOneProblemWithItsPlace(String text) throws Exception {
    assertThat(new Site(root).file(text).problems())
        .singleElement()
        .asString()
        .matches("daemon\\.yaml:1:\\d+: file: found a YAML error .*|daemon\\.yaml:2:1: file: .*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"- a\n- b", "just a text", "7"})
  void fileThatIsNoMapping(String text) throws Exception {
    assertThat(new Site(root).file(text).problems())
        .singleElement()
        .asString()
        .contains("no mapping at its top");
  }

  @Test
  void secondDocument() throws Exception {
    assertThat(Site.with(root, "---", "kvm: on").problems())
        .singleElement()
        .asString()
        .contains("a second document begins here");
  }

  @Test
  void valuesBeforeAYamlErrorAreJudged() throws Exception {
    assertThat(new Site(root).file("kvm: maybe\nlog_level: INFO\nlog_dir: b: c\n").problems())
        .containsExactlyInAnyOrder(
            "daemon.yaml:1:6: kvm: found \"maybe\"; allowed: one of auto, on, off",
            "daemon.yaml:3:11: file: found a YAML error (a colon cannot stand here); allowed: Check"
                + " the indentation, or put text with a colon in quotes.");
  }

  @Test
  void deepNestingIsAProblemAndNoStackOverflow() throws Exception {
    assertThat(Site.with(root, "x: " + "[".repeat(100_000)).problems()).isNotEmpty();
  }

  @Test
  void pastedTextIsCutAndKeepsToItsLine() throws IOException {
    var problem = new ConfigProblem("a", "b\nc", "x".repeat(1000) + "\u001b[2J", "d");
    assertThat(problem.toString()).hasSizeLessThan(300).doesNotContain("\n", "\u001b");
  }

  @Test
  void programWithoutItsFolder() throws Exception {
    var site = Site.with(root);
    site.home = java.util.Optional.empty();
    assertThat(site.problems()).singleElement().asString().contains("bin/hyper2kvm");
  }
}
