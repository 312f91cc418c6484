package io.hyper2kvm.image.iso;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Images with any bytes in the fields that are followed. */
@Tag("property")
class IsoListingPropertiesTest {

  @Property
  void anyImageIsListedOrRefused(
      @ForAll @Size(max = 40) byte[] bytes,
      @ForAll @IntRange(max = 120) int in,
      @ForAll boolean joliet,
      @ForAll @IntRange(min = 20, max = 23) int sector)
      throws IOException {
    byte[] image = IsoImages.of(joliet).bytes();
    System.arraycopy(bytes, 0, image, sector * IsoImages.SECTOR + in, bytes.length);
    Path file = Files.createTempFile("h2k", ".iso");
    try {
      Files.write(file, image);
      assertThat(IsoListing.of(file)).allSatisfy(path -> assertThat(path).doesNotStartWith("/"));
    } catch (IOException refused) {
      assertThat(refused).hasMessageNotContaining("null");
    } finally {
      Files.delete(file);
    }
  }
}
