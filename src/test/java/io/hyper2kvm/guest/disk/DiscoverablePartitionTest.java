package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoverablePartitionTest {

  @ParameterizedTest
  @CsvSource({
    "C12A7328-F81F-11D2-BA4B-00A0C93EC93B, ESP",
    "0xef, ESP",
    "bc13c2ff-59e6-4262-a352-b275fd6f7172, EXTENDED_BOOT",
    "4f68bce3-e8cd-4db1-96e7-fbcaf984b709, ROOT",
    "44479540-F297-41B2-9AF7-D131D5F0458A, ROOT",
    "8484680c-9521-48c6-9c11-b0720656f69e, USR",
    "4d21b016-b534-45c2-a9fb-5c16e091fd2d, VAR"
  })
  void aTypeTellsTheUse(String type, DiscoverablePartition use) {
    assertThat(DiscoverablePartition.of(type)).contains(use);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x83", "0fc63daf-8483-4772-8e79-3d69d8477de4", "root"})
  void otherTypesTellNothing(String type) {
    assertThat(DiscoverablePartition.of(type)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0x8000000000000000, true",
    "0x9000000000000000, true",
    "0xffffffffffffffff, true",
    "0x1000000000000000, false",
    "0x1, false",
    "'', false",
    "0x, false",
    "0x80000000000000000, false",
    "8000000000000000, false"
  })
  void theHighestBitHidesAPartition(String flags, boolean hidden) {
    assertThat(DiscoverablePartition.isHidden(flags)).isEqualTo(hidden);
  }

  /** The values are those that systemd-id128 prints. */
  @ParameterizedTest
  @CsvSource({
    "3d1219c7c4c5404aaa1f6d2a48adfda4, 24e43059-9734-49cd-a32e-bcae30d648ed",
    "0123456789abcdef0123456789abcdef, c0c46eff-e386-4746-a2bd-0962cd326ea2"
  })
  void theVarOfAMachineHasAnIdentifierOfItsOwn(String machine, String uuid) {
    assertThat(DiscoverablePartition.varUuid(machine + "\n")).contains(uuid);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "uninitialized", "0123", "0123456789abcdef0123456789abcdeg"})
  void withoutAMachineIdThereIsNone(String machine) {
    assertThat(DiscoverablePartition.varUuid(machine)).isEmpty();
  }
}
