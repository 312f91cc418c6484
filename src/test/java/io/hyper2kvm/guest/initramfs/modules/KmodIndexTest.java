package io.hyper2kvm.guest.initramfs.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
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
    // depmod 30, for the one module a.ko without dependencies.
    String depmods = "b007f457000200012000001a" + "0000000100000000612e6b6f3a00" + "61614000000c";
    byte[] bytes = KmodIndexWriter.write(List.of(entry("a", "a.ko:", 0)));

    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(depmods);
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
}
