package io.hyper2kvm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

@Tag("property")
class QemuFileNameTest {

  @Example
  void formatAndFileAreStated() {
    assertThat(QemuFileName.image(ImageFormat.VMDK, Path.of("/in/web 01.vmdk")).value())
        .isEqualTo(
            "json:{\"driver\":\"vmdk\",\"file\":"
                + "{\"driver\":\"file\",\"filename\":\"/in/web 01.vmdk\"}}");
  }

  @Example
  void sliceIsARawWindow() {
    assertThat(QemuFileName.slice(ImageFormat.VMDK, Path.of("/in/a.ova"), 512, 1024).json())
        .isEqualTo(
            "{\"driver\":\"vmdk\",\"file\":{\"driver\":\"raw\",\"offset\":512,\"size\":1024,"
                + "\"file\":{\"driver\":\"file\",\"filename\":\"/in/a.ova\"}}}");
  }

  /** QEMU would go by the geometry. */
  @Example
  void vhdHasItsStatedSizeAlsoWithinAnArchive() {
    String option = "{\"driver\":\"vpc\",\"force_size_calc\":\"current_size\",\"file\":";
    assertThat(QemuFileName.image(ImageFormat.VPC, Path.of("/a.vhd")).json()).startsWith(option);
    assertThat(QemuFileName.slice(ImageFormat.VPC, Path.of("/a.ova"), 512, 1024).json())
        .startsWith(option);
  }

  @Example
  void charactersThatJsonKnowsAreEscaped() {
    assertThat(QemuFileName.image(ImageFormat.RAW, Path.of("/a\"b\\c\nd,e:f")).json())
        .contains("\"/a\\\"b\\\\c\\u000ad,e:f\"");
  }

  @Example
  void relativePathAndArchiveAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QemuFileName.image(ImageFormat.RAW, Path.of("json:{}")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QemuFileName.image(ImageFormat.OVA, Path.of("/a.ova")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QemuFileName.slice(ImageFormat.RAW, Path.of("/a"), -1, 5));
  }

  @Property
  void anyPathComesBackFromTheJson(@ForAll String name) throws JsonProcessingException {
    Path path;
    try {
      path = Path.of("/in/" + name);
    } catch (InvalidPathException e) {
      Assume.that(false);
      return;
    }

    JsonNode json = new ObjectMapper().readTree(QemuFileName.image(ImageFormat.RAW, path).json());

    assertThat(json.at("/file/filename").textValue()).isEqualTo(path.toString());
    assertThat(json.at("/file/driver").textValue()).isEqualTo("file");
    assertThat(json.size()).isEqualTo(2);
  }
}
