package io.hyper2kvm.guest.initramfs.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import java.io.IOException;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

@Tag("property")
class KmodIndexPropertiesTest {

  @Property
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

  @Property
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
