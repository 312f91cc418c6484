package io.hyper2kvm.stage.inspect.uki;

import io.hyper2kvm.guest.boot.UnifiedImage;
import io.hyper2kvm.guest.boot.UnifiedKernel;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a machine with Secure Boot will not start of a guest: kernels without a signature. A key
 * that its owner has enrolled lay in the NVRAM of the old machine.
 */
public final class SecureBootSurvey {

  /** Where Debian's and Ubuntu's shim-signed, DKMS and Fedora's akmods keep such a key. */
  private static final List<String> OWNER_KEYS =
      List.of(
          "/var/lib/shim-signed/mok/MOK.der",
          "/var/lib/dkms/mok.pub",
          "/etc/pki/akmods/certs/public_key.der");

  private final List<String> images;
  private final List<UnifiedImage> unified;

  /**
   * A survey.
   *
   * @param images the paths of kernels that a boot loader starts
   * @param unified the unified kernel images
   */
  public SecureBootSurvey(List<String> images, List<UnifiedImage> unified) {
    this.images = List.copyOf(images);
    this.unified = List.copyOf(unified);
  }

  /** The question for the kernels' heads and for keys. */
  public GuestfishScript question() {
    GuestfishScript script = new GuestfishScript();
    images.forEach(image -> script.read(image, image, UnifiedKernel.HEAD_BYTES));
    OWNER_KEYS.forEach(key -> script.ask(key, "is-file", key));
    return script;
  }

  /** What an operator should know. */
  public List<String> warnings(GuestfishAnswers answers) {
    List<String> warnings = new ArrayList<>();
    images.stream()
        .filter(image -> answers.has(image) && !UnifiedKernel.isSigned(answers.bytes(image)))
        .forEach(image -> warnings.add(unsigned(image)));
    unified.stream()
        .filter(image -> !image.signed())
        .forEach(image -> warnings.add(unsigned(image.path())));
    OWNER_KEYS.stream()
        .filter(answers::isTrue)
        .forEach(
            key ->
                warnings.add(
                    "%s is a key of the machine's owner, whose enrolment stays in the old machine's NVRAM: with Secure Boot, what it has signed, such as modules of DKMS, is refused until it is enrolled again (mokutil --import)"
                        .formatted(key)));
    return warnings;
  }

  private static String unsigned(String image) {
    return Printable.guestLine(
        "%s is not signed, and the machine has Secure Boot, which refuses such a kernel: sign it, start another one, or take Secure Boot from the domain"
            .formatted(image));
  }
}
