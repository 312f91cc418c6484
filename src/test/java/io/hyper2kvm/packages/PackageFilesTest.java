package io.hyper2kvm.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files that the packages are made of agree with each other. */
class PackageFilesTest {

  private static final Path DIST = Path.of("src/dist");
  private static final String CONTROL = text(DIST.resolve("debian/control/control"));
  private static final String POM = text(Path.of("pom.xml"));
  private static final String UNIT = text(Path.of("config/hyper2kvm-manifest.service"));

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The first word of each alternative of a field, and only the first alternative. */
  private static List<String> packages(String field) {
    Matcher line = Pattern.compile("(?m)^" + field + ": (.*)$").matcher(CONTROL);
    assertThat(line.find()).as(field).isTrue();
    return Arrays.stream(line.group(1).split(", *")).map(each -> each.split("[ |(]")[0]).toList();
  }

  private static String value(String key) {
    Matcher line = Pattern.compile("(?m)^" + key + "=(.*)$").matcher(UNIT);
    assertThat(line.find()).as(key).isTrue();
    return line.group(1);
  }

  static Stream<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(DIST)) {
      return Stream.concat(
          Stream.of(Path.of("bin/hyper2kvm"), Path.of("bin/hyper2kvm-archive")),
          files.filter(file -> file.toString().matches(".*/(rpm/.*\\.sh|post.*|pre.*)")))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void scriptIsUnderstoodByThePlainShell(Path script) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-n", script.toString()).redirectErrorStream(true).start();
    String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(answer).isZero();
  }

  @Test
  void allScriptsAreTried() throws IOException {
    assertThat(scripts()).hasSize(9);
  }

  @Test
  void debianPackageDependsOnWhatEachConversionNeeds() {
    assertThat(packages("Depends"))
        .containsExactly("default-jre-headless", "libguestfs-tools", "qemu-utils", "systemd");
  }

  @Test
  void imageHasWhatThePackageRecommends() {
    assertThat(text(DIST.resolve("Containerfile"))).contains(packages("Recommends"));
  }

  @Test
  void unitStartsTheProgramsThatThePackagesBring() {
    assertThat(value("ExecStart")).startsWith("/usr/bin/hyper2kvm --config /etc/hyper2kvm/");
    assertThat(value("ExecStartPre")).startsWith("-+/usr/share/hyper2kvm/bin/hyper2kvm-archive");
    assertThat(POM)
        .contains("<linkName>/usr/bin/hyper2kvm</linkName>")
        .contains("<name>/usr/bin/hyper2kvm</name>");
  }

  @Test
  void userOfTheUnitIsMadeByBothPackages() {
    String user = value("User");
    assertThat(text(DIST.resolve("sysusers.conf"))).contains("u " + user + " -");
    assertThat(text(DIST.resolve("debian/control/postinst"))).contains("-o " + user);
    assertThat(text(DIST.resolve("rpm/preinstall.sh"))).contains("useradd").contains(user);
  }

  @Test
  void archiveIsOutsideOfWhatTheDaemonMayWrite() {
    Matcher link =
        Pattern.compile("<link(?:Target|To)>(/var/\\S+\\.jsa)</link(?:Target|To)>").matcher(POM);
    List<String> targets = link.results().map(each -> each.group(1)).toList();
    assertThat(targets).hasSize(2);
    List<String> writable = List.of(value("ReadWritePaths").split(" "));
    assertThat(targets)
        .allSatisfy(
            target -> assertThat(writable).noneMatch(folder -> Path.of(target).startsWith(folder)));
  }

  @Test
  void configurationIsKeptByBothPackages() {
    assertThat(POM).contains("<conffile>true</conffile>").contains("<noreplace>true</noreplace>");
  }

  @Test
  void nothingElseRotatesTheLog() throws IOException {
    assertThat(POM).doesNotContain("logrotate");
    assertThat(text(Path.of("config/log4j2.properties"))).contains("SizeBasedTriggeringPolicy");
  }
}
