package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs bin/hyper2kvm with a Java that only prints how it was called. */
class LauncherTest {

  @TempDir Path folder;
  private Path home;
  private Path java;

  private record Ended(int exit, List<String> lines) {}

  @BeforeEach
  void installation() throws IOException {
    folder = folder.toRealPath();
    home = Files.createDirectories(folder.resolve("in stallation"));
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.createDirectories(home.resolve("config"));
    Files.createFile(home.resolve("lib/hyper2kvm.jar"));
    Files.createFile(home.resolve("config/log4j2.properties"));
    Files.writeString(
        home.resolve("bin/hyper2kvm"),
        Files.readString(Path.of("bin/hyper2kvm"))
            .replace("/sys/kernel/mm/transparent_hugepage/enabled", "large-pages"));
    java = fakeJava("17.0.1");
  }

  private Path fakeJava(String version) throws IOException {
    Path jdk = folder.resolve("jdk " + version);
    script(
        jdk.resolve("bin/java"),
        "[ \"$1\" != -version ] || { echo 'openjdk version \"" + version + "\" x' >&2; exit; }",
        "printf '%s\\n' \"LC_ALL=$LC_ALL\" \"$@\"",
        "exit 7");
    return jdk;
  }

  private static void script(Path path, String... lines) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended run(Path launcher, Map<String, String> environment, String... arguments)
      throws Exception {
    var command =
        Stream.concat(Stream.of("/bin/sh", launcher.toString()), Stream.of(arguments)).toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output.lines().toList());
  }

  private Ended run(Map<String, String> environment, String... arguments) throws Exception {
    return run(home.resolve("bin/hyper2kvm"), environment, arguments);
  }

  @Test
  void installationIsStartedWithArgumentsAndExitCodeUntouched() throws Exception {
    var ended = run(Map.of(), "daemon", "--output-dir", "/a b/*", "");
    assertThat(ended.exit()).isEqualTo(7);
    assertThat(ended.lines())
        .containsExactly(
            "LC_ALL=C.UTF-8",
            "-XX:Tier4InvocationThreshold=200000",
            "-XX:Tier4MinInvocationThreshold=50000",
            "-XX:Tier4CompileThreshold=500000",
            "-XX:Tier4BackEdgeThreshold=1000000",
            "-XX:Tier3InvocationThreshold=400",
            "-XX:Tier3MinInvocationThreshold=200",
            "-XX:Tier3CompileThreshold=4000",
            "-XX:TypeProfileLevel=0",
            "-Xms24m",
            "-Xmx256m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dh2k.home=" + home,
            "-Dh2k.ascii=true",
            "-XX:+UseSerialGC",
            "-Dlog4j2.configurationFile=" + home + "/config/log4j2.properties",
            "-jar",
            home + "/lib/hyper2kvm.jar",
            "daemon",
            "--output-dir",
            "/a b/*",
            "");
  }

  @ParameterizedTest
  @CsvSource({
    "always [madvise] never, true",
    "[always] madvise never, true",
    "always madvise [never], false",
    "something else, false",
    "'', false"
  })
  void heapIsInLargePagesWhereTheKernelGivesThem(String modes, boolean large) throws Exception {
    Files.writeString(folder.resolve("large-pages"), modes + "\n");
    assertThat(run(Map.of(), "daemon").lines().contains("-XX:+UseTransparentHugePages"))
        .isEqualTo(large);
  }

  @Test
  void shortCommandsHaveNoLargePages() throws Exception {
    Files.writeString(folder.resolve("large-pages"), "[always] madvise never\n");
    assertThat(run(Map.of(), "status").lines()).doesNotContain("-XX:+UseTransparentHugePages");
  }

  @Test
  void optionsForJavaComeLastSoThatTheyWin() throws Exception {
    var lines =
        run(Map.of("HYPER2KVM_JAVA_OPTS", " -Xmx1g  -XX:+UseG1GC -Dx=* "), "--version").lines();
    assertThat(lines).doesNotContain("-XX:+UseSerialGC");
    assertThat(lines.subList(lines.indexOf("-Xmx1g"), lines.indexOf("-jar")))
        .containsExactly("-Xmx1g", "-XX:+UseG1GC", "-Dx=*");
    assertThat(lines.indexOf("-Xmx1g")).isGreaterThan(lines.indexOf("-Xmx256m"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"submit", "status", "cancel", "retry", "completion", "--help"})
  void commandThatLivesShortIsCompiledLittle(String command) throws Exception {
    assertThat(run(Map.of(), command).lines()).contains("-XX:TieredStopAtLevel=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"daemon", "--config", "statusx"})
  void whatLivesLongIsCompiledWell(String command) throws Exception {
    assertThat(run(Map.of(), command, "status").lines()).doesNotContain("-XX:TieredStopAtLevel=1");
  }

  @Test
  void ownLogConfigurationIsLeftAlone() throws Exception {
    assertThat(run(Map.of("LOG4J_CONFIGURATION_FILE", "/mine")).lines())
        .noneMatch(line -> line.startsWith("-Dlog4j2"));
  }

  @Test
  void folderIsFoundThroughLinks() throws Exception {
    Files.createDirectories(folder.resolve("usr/bin"));
    Files.createSymbolicLink(
        folder.resolve("usr/bin/one"), Path.of("../../in stallation/bin/hyper2kvm"));
    Files.createSymbolicLink(folder.resolve("two"), folder.resolve("usr/bin/one"));
    assertThat(run(folder.resolve("two"), Map.of()).lines()).contains("-Dh2k.home=" + home);
  }

  @Test
  void sourceTreeIsStartedFromItsTarget() throws Exception {
    Files.createDirectories(home.resolve("target"));
    Files.move(home.resolve("lib/hyper2kvm.jar"), home.resolve("target/hyper2kvm.jar"));
    assertThat(run(Map.of()).lines()).contains(home + "/target/hyper2kvm.jar");
  }

  @Test
  void programThatIsNotBuilt() throws Exception {
    Files.delete(home.resolve("lib/hyper2kvm.jar"));
    var ended = run(Map.of());
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.lines())
        .containsExactly(
            "hyper2kvm: not built yet: run mvn package in " + home + ", or bin/quickstart");
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.0.2", "1.8.0_402", "16"})
  void javaThatIsTooOld(String version) throws Exception {
    var ended = run(Map.of("JAVA_HOME", fakeJava(version).toString()));
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.lines())
        .singleElement()
        .asString()
        .startsWith("hyper2kvm: Java 17 or later is needed; ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "21.0.4", "25-ea"})
  void javaThatIsNewEnough(String version) throws Exception {
    assertThat(run(Map.of("JAVA_HOME", fakeJava(version).toString())).exit()).isEqualTo(7);
  }

  @Test
  void versionIsReadFromTheReleaseFileIfThereIsOne() throws Exception {
    Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
    assertThat(run(Map.of()).lines()).singleElement().asString().endsWith("is version 11");
  }

  @Test
  void wrongJavaHome() throws Exception {
    assertThat(run(Map.of("JAVA_HOME", "/nowhere")).lines())
        .containsExactly("hyper2kvm: JAVA_HOME is set to /nowhere, but there is no bin/java in it");
  }

  @Test
  void javaFromThePath() throws Exception {
    var ended = run(Map.of("JAVA_HOME", "", "PATH", java + "/bin:/usr/bin:/bin"));
    assertThat(ended.exit()).isEqualTo(7);
  }

  @Test
  void noJavaAtAll() throws Exception {
    for (String tool : List.of("dirname", "readlink", "sed")) {
      script(folder.resolve("tools/" + tool), "exec /usr/bin/" + tool + " \"$@\"");
    }
    var ended = run(Map.of("JAVA_HOME", "", "PATH", folder.resolve("tools").toString()));
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.lines()).singleElement().asString().contains("install Java 17");
  }

  @Test
  void utf8LocaleOfTheUserStays() throws Exception {
    assertThat(run(Map.of("LANG", "de_DE.UTF-8")).lines()).startsWith("LC_ALL=");
    assertThat(run(Map.of("LANG", "de_DE.UTF-8", "LC_ALL", "C")).lines())
        .startsWith("LC_ALL=C.UTF-8");
  }

  @Test
  void homeFromTheEnvironment() throws Exception {
    Path launcher = Files.copy(Path.of("bin/hyper2kvm"), folder.resolve("copy"));
    assertThat(run(launcher, Map.of("HYPER2KVM_HOME", home.toString())).lines())
        .contains("-Dh2k.home=" + home);
    assertThat(run(launcher, Map.of("HYPER2KVM_HOME", "/nowhere")).lines())
        .containsExactly("hyper2kvm: HYPER2KVM_HOME is no folder: /nowhere");
  }

  private Path archive(String mode) throws IOException {
    Path archive = Files.createFile(home.resolve("lib/hyper2kvm.jsa"));
    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString(mode));
    return archive;
  }

  @Test
  void archiveBesideTheJarIsUsed() throws Exception {
    Path archive = archive("rw-r--r--");
    assertThat(run(Map.of(), "status").lines())
        .containsSubsequence(
            "-XX:SharedArchiveFile=" + archive, "-Dh2k.archive=" + archive, "-jar", "status");
  }

  @Test
  void optionsForJavaWinOverTheArchive() throws Exception {
    archive("rw-r--r--");
    var lines = run(Map.of("HYPER2KVM_JAVA_OPTS", "-XX:SharedArchiveFile=/mine"), "status").lines();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("-XX:Shared"))
        .endsWith("-XX:SharedArchiveFile=/mine");
  }

  @Test
  void archiveIsUsedThroughALink() throws Exception {
    Path target = Files.createFile(folder.resolve("cache.jsa"));
    Path link = Files.createSymbolicLink(home.resolve("lib/hyper2kvm.jsa"), target);
    assertThat(run(Map.of(), "status").lines()).contains("-XX:SharedArchiveFile=" + link);
  }

  @Test
  void linkThatLeadsToNoArchiveChangesNothing() throws Exception {
    Files.createSymbolicLink(home.resolve("lib/hyper2kvm.jsa"), folder.resolve("none"));
    assertThat(run(Map.of(), "status").lines()).noneMatch(line -> line.contains("Shared"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--rw-", "rw-rw-rw-", "rwxr-x-w-"})
  void archiveThatAnybodyMayWriteIsNotUsed(String mode) throws Exception {
    archive(mode);
    assertThat(run(Map.of(), "status").lines()).noneMatch(line -> line.contains("Shared"));
  }

  private Path cache(String version, String mode) throws IOException {
    java = fakeJava(version);
    archive("rw-r--r--");
    Path cache = Files.createFile(home.resolve("lib/hyper2kvm.jsa.aot"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString(mode));
    return cache;
  }

  @ParameterizedTest
  @ValueSource(strings = {"25.0.3", "26", "30.1"})
  void laterJavaStartsTheDaemonWithTheCache(String version) throws Exception {
    Path cache = cache(version, "rw-r--r--");
    for (String command : List.of("daemon", "--config")) {
      assertThat(run(Map.of(), command).lines())
          .contains("-XX:AOTCache=" + cache)
          .noneMatch(line -> line.contains("SharedArchiveFile"));
    }
    assertThat(run(Map.of(), "status").lines())
        .contains("-XX:SharedArchiveFile=" + home.resolve("lib/hyper2kvm.jsa"))
        .noneMatch(line -> line.contains("AOTCache"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "21.0.1", "24.0.2"})
  void earlierJavaTakesTheArchive(String version) throws Exception {
    cache(version, "rw-r--r--");
    assertThat(run(Map.of(), "daemon").lines())
        .anyMatch(line -> line.startsWith("-XX:SharedArchiveFile="))
        .noneMatch(line -> line.contains("AOTCache"));
  }

  @Test
  void cacheThatAnybodyMayWriteIsNotUsed() throws Exception {
    cache("25", "rw-rw-rw-");
    assertThat(run(Map.of(), "daemon").lines())
        .anyMatch(line -> line.startsWith("-XX:SharedArchiveFile="))
        .noneMatch(line -> line.contains("AOTCache"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:SharedArchiveFile=/mine", "-XX:AOTCache=/mine"})
  void optionsForJavaWinOverTheCache(String own) throws Exception {
    cache("25", "rw-r--r--");
    assertThat(run(Map.of("HYPER2KVM_JAVA_OPTS", own), "daemon").lines())
        .filteredOn(line -> line.startsWith("-XX:AOT") || line.startsWith("-XX:Shared"))
        .last()
        .isEqualTo(own);
    assertThat(run(Map.of("HYPER2KVM_JAVA_OPTS", own), "daemon").lines())
        .doesNotContain("-XX:AOTCache=" + home.resolve("lib/hyper2kvm.jsa.aot"));
  }

  private Path libs(String mode) throws IOException {
    Path libs = Files.createDirectories(folder.resolve("lib d"));
    Files.createFile(libs.resolve("camel-kafka.jar"));
    Files.setPosixFilePermissions(libs, PosixFilePermissions.fromString(mode));
    return libs;
  }

  @Test
  void furtherJarsComeBehindTheProgramOnTheClassPath() throws Exception {
    Path libs = libs("rwxr-xr-x");

    assertThat(run(Map.of("HYPER2KVM_LIB_D", libs.toString()), "daemon").lines())
        .containsSubsequence(
            "-cp",
            home.resolve("lib/hyper2kvm.jar") + ":" + libs + "/*",
            "io.hyper2kvm.cli.Hyper2Kvm",
            "daemon")
        .doesNotContain("-jar");
  }

  @Test
  void aFolderWithoutJarsChangesNothing() throws Exception {
    Path libs = Files.createDirectories(folder.resolve("empty"));

    assertThat(run(Map.of("HYPER2KVM_LIB_D", libs.toString()), "daemon").lines())
        .containsSubsequence("-jar", home.resolve("lib/hyper2kvm.jar").toString(), "daemon");
  }

  @Test
  void jarsThatAnybodyMayReplaceAreRefused() throws Exception {
    Path libs = libs("rwxr-xrwx");

    var ended = run(Map.of("HYPER2KVM_LIB_D", libs.toString()), "daemon");
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.lines().get(0)).contains(libs.toString(), "must belong to root");
  }
}
