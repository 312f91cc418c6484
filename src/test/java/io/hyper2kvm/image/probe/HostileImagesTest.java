package io.hyper2kvm.image.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule has an image that breaks it and nothing else. */
class HostileImagesTest {

  @TempDir Path dir;

  static Stream<HostileImage> cases() {
    return Stream.of(
            HostileOtherImages.all(),
            HostileSparseVmdks.all(),
            HostileDescriptors.all(),
            HostileChains.all(),
            HostileMicrosoftImages.all(),
            HostileDifferencing.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedWithItsCode(HostileImage hostile) throws IOException {
    Path image = hostile.maker().make(dir);

    var refusal =
        catchThrowableOfType(
            ImageRefusedException.class, () -> new ImageProbe().probe(image, hostile.declared()));

    assertThat(refusal).as("nothing refused").isNotNull();
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(hostile.code());
    assertThat(refusal.hint()).isNotBlank();
    assertThat(refusal.getMessage()).contains("/").doesNotContain("\n", "\r", "\0");
    assertThat(refusal.getMessage().length()).isLessThan(1500);
  }

  @Test
  void everyCodeButOneHasACase() {
    // SOURCE_UNREADABLE cannot be made as root; ImageProbeTest skips there.
    Pattern ofImages =
        Pattern.compile("SOURCE_NOT_FOUND|SOURCE_NOT_REGULAR|(FORMAT|IMAGE|EXTENT|PARENT)_.*");
    assertThat(cases().map(HostileImage::code).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(FailureCode.values())
                .filter(code -> ofImages.matcher(code.name()).matches())
                .toList());
  }
}
