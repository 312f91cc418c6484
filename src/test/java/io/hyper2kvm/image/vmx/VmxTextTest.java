package io.hyper2kvm.image.vmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageRefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of VMware's descriptions. */
class VmxTextTest {

  private final List<String> warnings = new ArrayList<>();

  private VmxText read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private VmxText read(byte[] bytes) {
    return VmxText.read(bytes, "web.vmx", warnings);
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OVF_INVALID))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      quoteCharacter = '`',
      value = {
        "key = \"web 01\" -> web 01",
        "KEY=\"web 01\" -> web 01",
        "  Key\t=\t\"web 01\"\t -> web 01",
        "key = web01 -> web01",
        "key = web01 # a comment -> web01",
        "key = \"web #1\" # a comment -> web #1",
        "key = \"a|22b|22\" -> a\"b\"",
        "key = \"a|7cb\" -> a|b",
        "key = \"a|b|2\" -> a|b|2",
        "key = \"|zz||23\" -> |zz|#",
        "key = \"C:\\VMs\\web\" -> C:\\VMs\\web",
        "key = \"= = =\" -> = = =",
      })
  void aLineGivesItsValue(String line, String value) {
    assertThat(read(line).text("key")).isEqualTo(value);
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"key = \"\"", "key =", "key = # nothing", "key = \"  \"", "other = \"x\""})
  void anEmptyValueIsNone(String line) {
    assertThat(read(line).filled("key")).isEmpty();
  }

  @Test
  void aLineBreakStandsInAValueByItsNumber() {
    assertThat(read("annotation = \"one|0Atwo\"").entry("annotation").orElseThrow().value())
        .isEqualTo("one\ntwo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#!/usr/bin/vmware\nconfig.version = \"8\"\nkey = \"x\"",
        ".encoding = \"UTF-8\"\r\n\r\n# comment\r\nkey = \"x\"\r\n",
        "\uFEFF.encoding = \"UTF-8\"\nkey = \"x\"",
        "\n\n \t\n   # comment\nkey = \"x\"\n\n",
        "key = \"x\""
      })
  void commentsEmptyLinesAndLineEndsAreNoContent(String text) {
    assertThat(read(text).text("key")).isEqualTo("x");
    assertThat(read(text).devices(Pattern.compile("#.*"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, wéb 日本",
    "windows-1252, wéb",
    "ISO-8859-1, wéb",
    "windows-1250, wěb",
    "windows-1251, веб",
    "GBK, 网络",
    "GB18030, 网络",
    "Big5, 網路",
    "Shift_JIS, ソ能表",
    "windows-932, ソ能表",
    "EUC-JP, 日本",
    "EUC-KR, 서버",
    "windows-949, 서버",
  })
  void theEncodingIsTheOneThatIsNamed(String encoding, String name) {
    Charset charset = Charset.forName(encoding);
    byte[] text =
        "displayName = \"%s\"\n.encoding = \"%s\"\n".formatted(name, encoding).getBytes(charset);

    assertThat(read(text).text("displayname")).isEqualTo(name);
    assertThat(warnings).isEmpty();
  }

  /** VMware escapes the bytes of a value: those of these characters end in that of the bar. */
  @ParameterizedTest
  @CsvSource({"Shift_JIS, ポート", "Big5, 吜", "GBK, 瓅", "UTF-8, é"})
  void escapesAreOfBytes(String encoding, String name) {
    Charset charset = Charset.forName(encoding);
    StringBuilder escaped = new StringBuilder();
    for (byte b : name.getBytes(charset)) {
      escaped.append(
          b == '|' || encoding.equals("UTF-8")
              ? "|%02X".formatted(b)
              : Character.toString(b & 0xff));
    }
    byte[] text =
        ".encoding = \"%s\"\ndisplayName = \"%s\"\n"
            .formatted(encoding, escaped)
            .getBytes(StandardCharsets.ISO_8859_1);

    assertThat(read(text).text("displayName")).isEqualTo(name);
    assertThat(warnings).isEmpty();
  }

  @Test
  void withoutAnEncodingItIsUtf8() {
    assertThat(read("displayName = \"wéb\"").text("displayName")).isEqualTo("wéb");
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatIsNeitherUtf8NorNamedIsReadAsWindowsWouldWithAWarning() {
    byte[] text = "x = \"1\"\ndisplayName = \"wéb\"".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(read(text).text("displayName")).isEqualTo("wéb");
    assertThat(warnings).singleElement().asString().startsWith("web.vmx, line 2: it is not UTF-8");
  }

  @Test
  void bytesThatAreNotOfTheNamedEncodingAreAWarningWithTheirLine() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(".encoding = \"UTF-8\"\nmemsize = \"512\"\nannotation = \"".getBytes());
    text.write(0xe9);
    text.writeBytes("\"\n".getBytes());

    assertThat(read(text.toByteArray()).text("memSize")).isEqualTo("512");
    assertThat(warnings).singleElement().asString().startsWith("web.vmx, line 3: bytes that are");
  }

  @Test
  void anUnknownEncodingOfPlainLettersDoesNotMatter() {
    assertThat(read(".encoding = \"x-klingon\"\nkey = \"x\"").text("key")).isEqualTo("x");
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-klingon", "UTF-16", "IBM037", "a b", "../etc"})
  void anUnknownEncodingOfOtherLettersIsRefused(String encoding) {
    assertRefused(
        () -> read("# 1\n.encoding = \"%s\"\nkey = \"é\"".formatted(encoding)),
        "web.vmx, line 2: the encoding \"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      quoteCharacter = '`',
      value = {
        "key -> line 2: \"key\" is not of the form",
        "= \"x\" -> line 2: \"= \"x\"\" is not of the form",
        "key \"x\" -> line 2",
        "key = \"x -> line 2",
        "key = \"x\"y -> line 2",
        "key = \"4\"other = \"2\" -> line 2: \"key = \"4\"other",
        "key = a b -> line 2",
        "key = a\"b -> line 2",
        "key # = \"x\" -> line 2",
        "<?xml version=\"1.0\"?> -> line 2",
      })
  void aLineOfAnotherFormIsRefused(String line, String message) {
    assertRefused(() -> read(".encoding = \"UTF-8\"\n" + line + "\nmemsize = \"4\""), message);
  }

  @Test
  void aNulByteIsRefusedWithItsLine() {
    assertRefused(() -> read("a = \"1\"\nb = \"\0\""), "web.vmx, line 2: a NUL byte");
    assertRefused(
        () -> read("\ufeffkey = \"x\"".getBytes(StandardCharsets.UTF_16LE)), "line 1: a NUL byte");
  }

  @Test
  void aVeryLongValueIsRead() {
    String value = "x".repeat(2_000_000);

    assertThat(read("guestinfo.userdata = \"" + value + "\"\nkey = \"x\"").text("key"))
        .isEqualTo("x");
  }

  @Test
  void aVeryLongKeyIsRefused() {
    assertRefused(() -> read("k".repeat(301) + " = \"x\""), "line 1: a key of 301 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%d = \"x\"\n", "a = \"x\"\n"})
  void tooManyEntriesAreRefused(String line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= 20_000; i++) {
      text.append(line.formatted(i));
    }

    assertRefused(() -> read(text.toString()), "line 20001: it has more than 20000 entries");
  }

  @Test
  void aKeyTwiceWithOneValueIsAWarning() {
    VmxText text = read("msg.autoAnswer = \"true\"\nMSG.autoanswer = \"true\"");

    assertThat(text.isTrue("msg.autoanswer")).isTrue();
    assertThat(warnings)
        .containsExactly(
            "web.vmx, line 2: \"MSG.autoanswer\" stands in line 1 already, with the same value;"
                + " VMware opens no such file");
  }

  @Test
  void aKeyWithTwoValuesIsRefusedOnlyWhenItIsAskedFor() {
    VmxText text = read("a = \"1\"\nscsi0:0.fileName = \"a.vmdk\"\nSCSI0:0.filename = \"b.vmdk\"");

    assertThat(text.text("a")).isEqualTo("1");
    assertThat(warnings).singleElement().asString().contains("line 3", "another value");
    assertRefused(
        () -> text.filled("scsi0:0.fileName"),
        "web.vmx, line 3: \"SCSI0:0.filename\" is \"b.vmdk\" here and \"a.vmdk\" in line 2");
  }

  @ParameterizedTest
  @CsvSource({
    "TRUE, true",
    "true, true",
    "T, true",
    "yes, true",
    "1, true",
    "FALSE, false",
    "f, false",
    "No, false",
    "0, false"
  })
  void truthHasSeveralWords(String word, boolean expected) {
    assertThat(read("scsi0.present = \"%s\"".formatted(word)).truth("scsi0.present"))
        .hasValue(expected);
  }

  @Test
  void whatIsNeitherTrueNorFalseIsRefused() {
    assertRefused(
        () -> read("scsi0.present = \"maybe\"").truth("scsi0.present"),
        "web.vmx, line 1: scsi0.present is \"maybe\", neither TRUE nor FALSE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "many", "0", "4097", "99999999999", "2.5", "0x10"})
  void whatIsNoNumberWithinItsBoundsIsAWarning(String number) {
    assertThat(read("numvcpus = \"%s\"".formatted(number)).number("numvcpus", 1, 4096)).isEmpty();
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("web.vmx, line 1: numvcpus is \"" + number);
  }

  @Test
  void aSlotThatIsNotGivenOutYetIsNone() {
    assertThat(read("ethernet0.pciSlotNumber = \"-1\"").slot("ethernet0")).isEmpty();
    assertThat(read("ethernet0.pciSlotNumber = \"1184\"").slot("ethernet0")).hasValue(1184);
    assertThat(warnings).isEmpty();
  }
}
