package io.hyper2kvm.stage.inspect.uki;

import io.hyper2kvm.guest.boot.UnifiedImage;
import io.hyper2kvm.guest.boot.UnifiedKernel.Section;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What an operator should know of a guest's unified kernel images, whatever is fixed. */
public final class UnifiedKernelWarnings {

  /** Keys and signatures of measurements, by which a TPM opens a secret. */
  private static final Set<String> MEASURED = Set.of(".pcrsig", ".pcrpkey");

  private UnifiedKernelWarnings() {}

  /**
   * The warnings.
   *
   * @param credentials the encrypted credentials beside the images
   */
  public static List<String> of(UnifiedKernels images, List<String> credentials) {
    List<String> warnings = new ArrayList<>();
    for (UnifiedImage image : images.kernels()) {
      if (image.sections().stream().map(Section::name).anyMatch(MEASURED::contains)) {
        warnings.add(
            Printable.guestLine(
                "%s has signed measurements for a TPM: what the old machine's TPM has sealed for it, such as the key of a disk, opens on no other machine"
                    .formatted(image.path())));
      }
    }
    if (!credentials.isEmpty()) {
      warnings.add(
          Printable.guestLine(
              "%s: systemd hands the credential to the guest when it starts; one that was sealed with the old machine's TPM cannot be opened on another"
                  .formatted(String.join(", ", credentials))));
    }
    return warnings;
  }
}
