package io.hyper2kvm.image.ova;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the lines of a manifest of sums are read. */
class SumListTest {

  private static final String SHA256 = "0a".repeat(32);

  private static SumList.Sum only(String text) {
    SumList list = SumList.parse(text.getBytes(StandardCharsets.UTF_8));
    assertThat(list.problems()).isEmpty();
    assertThat(list.sums()).hasSize(1);
    return list.sums().get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHA256(disk.vmdk)= D",
        "SHA256(disk.vmdk) = D",
        "SHA256 (disk.vmdk) = D",
        "SHA256(disk.vmdk)=D",
        "  SHA256(disk.vmdk)= D  ",
        "\tSHA256\t(disk.vmdk)\t=\tD\t",
        "SHA256(disk.vmdk)= D\r\n",
        "SHA256(disk.vmdk)= D\r",
        "\uFEFFSHA256(disk.vmdk)= D",
        "\n\n \nSHA256(disk.vmdk)= D\n\n",
        "SHA-256(disk.vmdk)= D",
        "sha256(disk.vmdk)= D",
        "Sha-256(disk.vmdk)= D",
        "SHA2-256(disk.vmdk)= D",
        "SHA2_256(disk.vmdk)= D",
        "SHA-2-256(disk.vmdk)= D",
        "sha 256 (disk.vmdk) = D",
        "SHA_256(disk.vmdk)= D",
      })
  void everySpellingOfALineIsTheSameSum(String line) {
    SumList.Sum sum = only(line.replace("D", SHA256.toUpperCase(Locale.ROOT)));

    assertThat(sum.algorithm()).isEqualTo("SHA-256");
    assertThat(sum.name()).isEqualTo("disk.vmdk");
    assertThat(sum.digits()).isEqualTo(SHA256);
  }

  @ParameterizedTest
  @CsvSource({
    "SHA1, 40, SHA-1",
    "sha-1, 40, SHA-1",
    "SHA224, 56, SHA-224",
    "SHA384, 96, SHA-384",
    "SHA512, 128, SHA-512",
    "SHA-512, 128, SHA-512",
    "SHA2-512, 128, SHA-512",
    "SHA3-256, 64, SHA3-256",
    "sha3_512, 128, SHA3-512",
  })
  void theAlgorithmsHaveTheirLengths(String word, int digits, String algorithm) {
    assertThat(only("%s(x)= %s".formatted(word, "a".repeat(digits))).algorithm())
        .isEqualTo(algorithm);
  }

  @ParameterizedTest
  @CsvSource({
    "disk (1).vmdk, disk (1).vmdk",
    "a)=b.vmdk, a)=b.vmdk",
    "../x, ../x",
    "' blank ', ' blank '",
    "(, (",
  })
  void aNameMayHaveParenthesesAndBlanks(String name, String read) {
    assertThat(only("SHA256(%s)= %s".formatted(name, SHA256)).name()).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({
    "MD5(x)= 00, 'line 2, has a checksum of an algorithm that is not known here, MD5: MD5(x)= 00'",
    "WHIRLPOOL (x) = 0a, 'line 2, has a checksum of an algorithm that is not known here, WHIRLPOOL'",
    "SHA512/256(x)= 0a, 'line 2, has a checksum of an algorithm that is not known here, SHA512/256'",
    "SHA256(x)= 0a, 'line 2, is no checksum, since it has 2 digits and a SHA-256 has 64'",
    "SHA1(x)= zz, 'line 2, is no checksum: SHA1(x)= zz'",
    "SHA1(x) 0a, 'line 2, is no checksum: SHA1(x) 0a'",
    "SHA1 x = 0a, 'line 2, is no checksum: SHA1 x = 0a'",
    "# a comment, 'line 2, is no checksum: # a comment'",
    "=, 'line 2, is no checksum: ='",
  })
  void whatIsNoSumIsToldWithItsLine(String line, String problem) {
    SumList list = SumList.parse("\n" + line + "\n");

    assertThat(list.sums()).isEmpty();
    assertThat(list.problems()).singleElement().asString().startsWith(problem);
  }

  @Test
  void aManifestInUtf16IsRead() {
    String text = "\uFEFFSHA256(disk.vmdk)= " + SHA256 + "\r\n";

    assertThat(SumList.parse(text.getBytes(StandardCharsets.UTF_16LE)).sums())
        .isEqualTo(List.of(only(text)));
  }
}
