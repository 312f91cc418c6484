package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KmodIndexTest {

  private static KmodIndex.Entry entry(String key, String value, int priority) {
    return new KmodIndex.Entry(key, value, priority);
  }

  @Test
  void otherFilesAreNoIndex() {
    assertThatThrownBy(() -> KmodIndex.open(new byte[0])).hasMessageContaining("no module index");
    assertThatThrownBy(() -> KmodIndex.open(new byte[64])).hasMessageContaining("no module index");
    byte[] other = KmodIndexWriter.write(List.of());
    other[5] = 3;
    assertThatThrownBy(() -> KmodIndex.open(other)).hasMessageContaining("version 2");
  }

  @Test
  void bytesAreThoseThatDepmodWrites() {
    // depmod 30, for one module a.ko without dependencies.
    byte[] bytes = KmodIndexWriter.write(List.of(entry("a", "a.ko:", 0)));

    assertThat(bytes)
        .containsExactly(
            0xb0, 0x07, 0xf4, 0x57, 0, 2, 0, 1, 0xc0, 0, 0, 12, 'a', 0, 0, 0, 0, 1, 0, 0, 0, 0, 'a',
            '.', 'k', 'o', ':', 0);
  }

  @Test
  void oneKeyMayBeTheBeginningOfAnother() throws IOException {
    KmodIndex index =
        KmodIndex.open(
            KmodIndexWriter.write(
                List.of(entry("virtio", "a", 1), entry("virtio_blk", "b", 2), entry("x", "c", 3))));

    assertThat(index.find("virtio")).containsExactly("a");
    assertThat(index.find("virtio_blk")).containsExactly("b");
    assertThat(index.find("virtio_")).isEmpty();
    assertThat(index.find("virtio_blk_more")).isEmpty();
    assertThat(index.find("")).isEmpty();
  }

  @Test
  void valuesOfOneKeyComeByPriority() throws IOException {
    KmodIndex index =
        KmodIndex.open(
            KmodIndexWriter.write(List.of(entry("k", "second", 9), entry("k", "first", 2))));

    assertThat(index.find("k")).containsExactly("first", "second");
  }

  @Test
  void nodeThatIsItsOwnChildIsRefused() throws IOException {
    var bytes = ByteBuffer.allocate(40);
    int self = KmodIndex.CHILDREN | 12;
    bytes.putInt(KmodIndex.MAGIC).putInt(KmodIndex.VERSION).putInt(self);
    bytes.put((byte) 'a').put((byte) 'b').putInt(self).putInt(self);
    KmodIndex index = KmodIndex.open(bytes.array());

    assertThat(index.find("ab".repeat(100))).isEmpty();
    assertThatThrownBy(index::entries).hasMessageContaining("loops");
  }

  @Test
  void endlessCountOfValuesIsRefused() throws IOException {
    var bytes = ByteBuffer.allocate(40);
    bytes.putInt(KmodIndex.MAGIC).putInt(KmodIndex.VERSION).putInt(KmodIndex.VALUES | 12);
    bytes.putInt(Integer.MAX_VALUE);

    assertThatThrownBy(KmodIndex.open(bytes.array())::entries).hasMessageContaining("values");
  }

  @Property(tries = 300)
  void whatWasWrittenIsWhatIsRead(@ForAll("entries") Set<KmodIndex.Entry> entries)
      throws IOException {
    KmodIndex index = KmodIndex.open(KmodIndexWriter.write(entries));

    assertThat(index.entries()).containsExactlyInAnyOrderElementsOf(entries);
    for (KmodIndex.Entry entry : entries) {
      assertThat(index.find(entry.key())).contains(entry.value());
    }
  }

  @Provide
  Arbitrary<Set<KmodIndex.Entry>> entries() {
    Arbitrary<String> keys =
        Arbitraries.strings().withChars("abc_:*").ofMinLength(1).ofMaxLength(8);
    Arbitrary<String> values = Arbitraries.strings().withCharRange('a', 'z').ofMaxLength(5);
    return Combinators.combine(keys, values, Arbitraries.integers().between(0, 99))
        .as(KmodIndex.Entry::new)
        .set()
        .ofMaxSize(60);
  }

  @Property(tries = 1000)
  void damagedIndexIsReadOrRefused(
      @ForAll("entries") Set<KmodIndex.Entry> entries,
      @ForAll @IntRange(max = 1 << 16) int place,
      @ForAll byte value)
      throws IOException {
    byte[] bytes = KmodIndexWriter.write(entries);
    bytes[place % bytes.length] = value;
    try {
      KmodIndex index = KmodIndex.open(bytes);
      index.find("abc");
      index.entries();
    } catch (InitramfsFormatException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
