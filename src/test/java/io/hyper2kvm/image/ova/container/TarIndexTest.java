package io.hyper2kvm.image.ova.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ova.Ovas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarIndexTest {

  private static final String LONG = "a/very/long/name/".repeat(20) + "disk.vmdk";

  @TempDir Path directory;

  private List<Member> index(byte[] archive) throws IOException {
    Path file = Ovas.write(directory.toRealPath().resolve("x.ova"), archive);
    try (TarContainer container = TarContainer.open(file)) {
      return container.all();
    }
  }

  private static TarHeaders tar() {
    return new TarHeaders();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        bad("absolute", tar().entry("/etc/passwd", '0', "x").end(), "ARCHIVE_UNSAFE absolute"),
        bad("climbing", tar().entry("a/../../b", '0', "x").end(), "ARCHIVE_UNSAFE climbs out"),
        bad("a link", tar().entry("a", '2', "").end(), "ARCHIVE_UNSAFE symbolic link"),
        bad("a hard link", tar().entry("a", '1', "").end(), "ARCHIVE_UNSAFE hard link"),
        bad("a device", tar().entry("a", '4', "").end(), "ARCHIVE_UNSAFE block device"),
        bad("a pipe", tar().entry("a", '6', "").end(), "ARCHIVE_UNSAFE named pipe"),
        bad("GNU sparse", tar().entry("a", 'S', "").end(), "ARCHIVE_UNSAFE sparse"),
        bad("an unknown type", tar().entry("a", 'Q', "").end(), "ARCHIVE_UNSAFE type 'Q'"),
        bad("twice", tar().entry("a", '0', "").entry("./a", '0', "").end(), "ARCHIVE_UNSAFE twice"),
        bad("a folder with data", tar().entry("a", '5', "x").end(), "ARCHIVE_UNSAFE with data"),
        bad("no name", tar().entry("", '0', "x").end(), "ARCHIVE_UNSAFE without a name"),
        bad(
            "pax sparse",
            tar()
                .entry("p", 'x', TarHeaders.record("GNU.sparse.major", "1"))
                .entry("a", '0', "")
                .end(),
            "ARCHIVE_UNSAFE sparse"),
        bad(
            "a pax name that climbs out",
            tar().entry("p", 'x', TarHeaders.record("path", "../a")).entry("a", '0', "").end(),
            "ARCHIVE_UNSAFE climbs out"),
        bad(
            "a GNU name that climbs out",
            tar().entry("././@LongLink", 'L', "../a").entry("a", '0', "").end(),
            "ARCHIVE_UNSAFE climbs out"),
        bad(
            "a pax size that is none",
            tar().entry("p", 'x', TarHeaders.record("size", "-5")).entry("a", '0', "").end(),
            "ARCHIVE_CORRUPT size is no number"),
        bad("pax nonsense", tar().entry("p", 'x', "99 a=b\n").end(), "ARCHIVE_CORRUPT broken"),
        bad("pax without a key", tar().entry("p", 'x', "5 ab\n").end(), "ARCHIVE_CORRUPT no key"),
        bad(
            "a global name",
            tar().entry("p", 'g', TarHeaders.record("path", "b")).entry("a", '0', "").end(),
            "ARCHIVE_CORRUPT global"),
        bad(
            "an end after pax",
            tar().entry("p", 'x', "").entry("p", 'L', "b").end(),
            "ARCHIVE_CORRUPT ends after"),
        bad("a size that is none", tar().header("a", '0', "89").end(), "ARCHIVE_CORRUPT no number"),
        bad(
            "a size below 0",
            tar().header("a", '0', "\u00ff\u00ff").end(),
            "ARCHIVE_CORRUPT no number"),
        bad(
            "a huge size",
            tar().header("a", '0', "\u0080\0\0\0\u007f" + "\u00ff".repeat(7)).end(),
            "ARCHIVE_CORRUPT no file's"),
        bad(
            "a large size",
            tar().header("a", '0', "77777777777").end(),
            "ARCHIVE_CORRUPT ends within \"a\""),
        bad(
            "a pax size beyond the end",
            tar().entry("p", 'x', TarHeaders.record("size", "9000")).entry("a", '0', "x").end(),
            "ARCHIVE_CORRUPT ends within \"a\""),
        bad(
            "a huge name",
            tar().header("a", 'L', "77777777777").end(),
            "ARCHIVE_TOO_LARGE extended header"),
        bad(
            "a broken header",
            "x".repeat(512).getBytes(StandardCharsets.US_ASCII),
            "ARCHIVE_CORRUPT checksum"),
        bad("half a header", new byte[] {1, 2, 3}, "ARCHIVE_CORRUPT within a header"),
        bad("too many entries", many(), "ARCHIVE_TOO_LARGE more than 10000 entries"));
  }

  private static byte[] many() {
    TarHeaders tar = tar();
    for (int i = 0; i <= 10_000; i++) {
      tar.entry("f" + i, '0', "");
    }
    return tar.end();
  }

  private static Arguments bad(String name, byte[] archive, String expected) {
    return Arguments.of(named(name, archive), expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void isRefused(byte[] archive, String expected) {
    String code = expected.split(" ")[0];

    assertThatThrownBy(() -> index(archive))
        .isInstanceOfSatisfying(
            ImageRefusedException.class, e -> assertThat(e.code().name()).isEqualTo(code))
        .hasMessageContaining(expected.substring(code.length() + 1));
  }

  @Test
  void aMemberStandsBehindItsHeader() throws IOException {
    Path file = directory.toRealPath().resolve("x.ova");

    assertThat(
            index(
                tar()
                    .entry("./a", '0', "x".repeat(513))
                    .entry("b/", '5', "")
                    .entry("b/c", '\0', "yz")
                    .end()))
        .containsExactly(new Member("a", file, 512, 513), new Member("b/c", file, 2560, 2));
    assertThat(Files.readString(file).substring(2560, 2562)).isEqualTo("yz");
  }

  @Test
  void longNamesOfBothFormsAreRead() throws IOException {
    byte[] archive =
        tar()
            .entry("././@LongLink", 'L', LONG + "\0")
            .entry("cut", '0', "1")
            .entry(
                "p",
                'x',
                TarHeaders.record("mtime", "1.5")
                    + TarHeaders.record("path", "é" + LONG)
                        .replaceFirst(
                            "\\d+",
                            ""
                                + (Integer.parseInt(
                                        TarHeaders.record("path", "é" + LONG).split(" ")[0])
                                    + 1)))
            .entry("cut", '0', "2")
            .end();

    assertThat(index(archive)).extracting(Member::name).containsExactly(LONG, "é" + LONG);
  }

  @Test
  void theSizeOfAPaxHeaderCounts() throws IOException {
    byte[] archive =
        tar()
            .entry("p", 'g', TarHeaders.record("comment", "x"))
            .entry("p", 'x', TarHeaders.record("size", "5"))
            .header("a", '0', "0")
            .data("12345".getBytes(StandardCharsets.US_ASCII))
            .entry("b", '0', "x")
            .end();

    assertThat(index(archive)).extracting(Member::size).containsExactly(5L, 1L);
  }

  @Test
  void aPrefixBelongsToTheNameInPosixHeadersOnly() throws IOException {
    byte[] posix = TarHeaders.block("b", '0', "0");
    TarHeaders.put(posix, 345, "a");
    byte[] gnu = TarHeaders.block("c", '0', "0");
    TarHeaders.put(gnu, 257, "ustar  \0");
    TarHeaders.put(gnu, 345, "12345670");

    assertThat(index(tar().data(TarHeaders.sum(posix)).data(TarHeaders.sum(gnu)).end()))
        .extracting(Member::name)
        .containsExactly("a/b", "c");
  }

  @Test
  void anEndWithoutZerosOrPaddingIsTaken() throws IOException {
    byte[] archive = tar().entry("a", '0', "xyz").cutHere();

    assertThat(index(Arrays.copyOf(archive, 515))).hasSize(1);
    assertThat(index(archive)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "./a", "a/b", "a/./b", "...", "a/..b"})
  void namesBelowTheTopAreGood(String name) {
    assertThat(MemberName.problem(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../a", "a/..", "/a", "a\0b"})
  void namesThatClimbOutAreNot(String name) {
    assertThat(MemberName.problem(name)).isPresent();
  }
}
