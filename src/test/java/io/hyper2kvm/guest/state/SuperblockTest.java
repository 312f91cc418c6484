package io.hyper2kvm.guest.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.state.FileSystemState.Kind;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuperblockTest {

  @ParameterizedTest
  @CsvSource({
    // s_state, compatible and incompatible features, error count; the state
    "1, 4, 0, 0, CLEAN",
    "1, 4, 4, 0, JOURNAL",
    "0, 4, 4, 0, JOURNAL",
    "0, 4, 0, 0, JOURNAL",
    "0, 0, 0, 0, NOT_UNMOUNTED",
    "1, 0, 0, 0, CLEAN",
    "3, 4, 0, 0, ERRORS",
    "2, 0, 0, 0, ERRORS",
    "1, 4, 0, 7, ERRORS",
    "1, 4, 4, 7, ERRORS",
    "4, 4, 0, 0, JOURNAL",
    "5, 4, 0, 0, CLEAN"
  })
  void extTellsItsState(int state, int compatible, int incompatible, int errors, Kind kind) {
    assertThat(ExtSuperblock.state(Superblock.ext(state, compatible, incompatible, errors)).kind())
        .isEqualTo(kind);
  }

  @Test
  void extTellsWhenItsLastErrorWas() {
    byte[] block = Superblock.ext(3, 4, 0, 2);
    Superblock.put(block, 0x1cc, 1_700_000_000L, 4);

    assertThat(ExtSuperblock.state(block).detail())
        .isEqualTo("its kernel counted 2 errors, the last at 2023-11-14T22:13:20Z");
  }

  @Test
  void extTellsHowManyInodesAreUsed() {
    byte[] block = new byte[1024];
    Superblock.put(block, 0, 1000, 4);
    Superblock.put(block, 0x10, 990, 4);

    assertThat(ExtSuperblock.usedInodes(block)).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 57, 1023, 1025, 4096})
  void aBlockOfAnotherLengthIsNoSuperblock(int length) {
    byte[] block = Arrays.copyOf(Superblock.ext(3, 4, 4, 1), length);

    assertThat(ExtSuperblock.state(block)).isEqualTo(FileSystemState.NOT_KNOWN);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7})
  void anyBytesAreNoFailure(long seed) {
    byte[] block = new byte[1024];
    new Random(seed).nextBytes(block);
    assertThat(ExtSuperblock.state(block).kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(BtrfsSuperblock.state(block).kind()).isEqualTo(Kind.UNKNOWN);
    block[0x38] = 0x53;
    block[0x39] = (byte) 0xef;

    assertThat(ExtSuperblock.state(block).kind()).isNotEqualTo(Kind.UNKNOWN);
    assertThat(ExtSuperblock.usedInodes(block)).isNotNegative();
  }

  @ParameterizedTest
  @CsvSource({"0, CLEAN", "1, JOURNAL", "30408704, JOURNAL", "-1, JOURNAL"})
  void btrfsTellsItsState(long logRoot, Kind kind) {
    byte[] block = new byte[512];
    Superblock.put(block, 0x40, 0x4d5f53665248425fL, 8);
    Superblock.put(block, 0x60, logRoot, 8);

    assertThat(BtrfsSuperblock.state(block).kind()).isEqualTo(kind);
    assertThat(BtrfsSuperblock.state(Arrays.copyOf(block, 100)).kind()).isEqualTo(Kind.UNKNOWN);
  }
}
