package io.hyper2kvm.tool.luks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LuksKeyTest {

  private static final Path BASE = Path.of("/etc/hyper2kvm");

  private static LuksKey key(String text) {
    return LuksKey.parse(text, BASE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vm=*; key_file=a|vm=*; device=*; key_file=/etc/hyper2kvm/a",
        "key_file=/k/a b.key ;vm=db-?|vm=db-?; device=*; key_file=/k/a b.key",
        "vm=x;device=DISK2;credential=luks|vm=x; device=DISK2; credential=luks",
        "vm=x; device=/dev/vg0/*; key_file=../k=1|vm=x; device=/dev/vg0/*; key_file=/etc/k=1",
        "vm=x; device=0b1e6f9a-*; credential=a.b_c-d|vm=x; device=0b1e6f9a-*; credential=a.b_c-d",
      })
  void whatIsReadIsWrittenSoThatItIsReadAgain(String text, String written) {
    assertThat(key(text)).hasToString(written).isEqualTo(key(written));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "vm=*",
        "key_file=/k",
        "vm=*; key_file=",
        "vm=; key_file=/k",
        "vm=*; key_file=/k; credential=c",
        "vm=*; key_file=/k; key_file=/l",
        "vm=*; key_file=~/k",
        "vm=*; key_file=$HOME/k",
        "vm=*; key_file=/k/",
        "vm=*; key_file=/k\n/l",
        "vm=*; key_file=/k\u0000",
        "vm=*; credential=../shadow",
        "vm=*; credential=..",
        "vm=*; credential=a/b",
        "vm=*; passphrase=secret",
        "vm=a b; key_file=/k",
        "vm=[a-z]; key_file=/k",
        "vm=*; device=$(id); key_file=/k",
        "vm=*; device=a b; key_file=/k",
        "VM=*; key_file=/k",
        "*: /k"
      })
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> key(text));
  }

  @ParameterizedTest
  @CsvSource({
    "*, *, true",
    "db-*, disk1-partition2, true",
    "db-*, DISK1-PARTITION2, true",
    "db-01, 0B1E6F9A-*, true",
    "DB-01, *, false",
    "db-0, *, false",
    "db-*, disk1, false",
    "db-*, disk*, true",
    "db-*, /dev/vg/*, false",
  })
  void aKeyIsForAVolumeWhoseVmAndOneOfWhoseNamesFit(String vm, String device, boolean fits) {
    LuksKey key = key("vm=%s; device=%s; credential=c".formatted(vm, device));

    assertThat(key.isFor("db-01", List.of("disk1-partition2", "0b1e6f9a-5b1e", "data")))
        .isEqualTo(fits);
  }

  @Test
  void keysAreTriedInTheOrderOfTheConfiguration() {
    LuksKey first = key("vm=*; credential=first");
    LuksKey other = key("vm=web; credential=other");
    LuksKey second = key("vm=db; credential=second");
    var keys = new LuksKeys(List.of(first, other, second), java.util.Optional.empty());

    assertThat(keys.matching("db", List.of("disk1"))).containsExactly(first, second);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative", "run"})
  void aFolderOfCredentialsThatIsNoPathCountsAsNone(String folder) {
    assertThat(LuksKeys.of(List.of(), Map.of("CREDENTIALS_DIRECTORY", folder)).credentials())
        .isEmpty();
  }
}
