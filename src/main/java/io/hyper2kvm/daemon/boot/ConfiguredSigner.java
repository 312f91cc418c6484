package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.value.SigningConfig;
import io.hyper2kvm.signature.KeyRefusedException;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Who signs outputs and reports, as the configuration says. */
public final class ConfiguredSigner {

  private static final Logger LOG = LogManager.getLogger(ConfiguredSigner.class);

  private ConfiguredSigner() {}

  /**
   * Reads the key.
   *
   * @return empty where none is configured
   * @throws IOException when it cannot be used; the message names the file and says what to do
   */
  public static Optional<Signer> of(DaemonConfig config) throws IOException {
    SigningConfig signing = config.output().signing();
    if (signing.key().isEmpty()) {
      return Optional.empty();
    }
    Path file = signing.key().get();
    try {
      return Optional.of(new Signer(SigningKey.read(file), signing.builderId()));
    } catch (KeyRefusedException e) {
      throw new IOException("signing_key %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Says by which key, never anything of it. */
  static void log(Optional<Signer> signer) {
    signer.ifPresent(
        who ->
            LOG.info(
                "signs keyid={} algorithm={} builder={}",
                who.key().id(),
                who.key().algorithm(),
                who.builderId()));
  }
}
