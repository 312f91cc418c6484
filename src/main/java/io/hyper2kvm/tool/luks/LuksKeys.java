package io.hyper2kvm.tool.luks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All keys that the configuration names, in its order.
 *
 * @param keys what is configured
 * @param credentials the folder with systemd's credentials; empty where systemd gave none
 */
public record LuksKeys(List<LuksKey> keys, Optional<Path> credentials) {

  /** The environment variable in which systemd names the folder of a service's credentials. */
  public static final String CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY";

  /** None at all. */
  public static final LuksKeys NONE = new LuksKeys(List.of(), Optional.empty());

  public LuksKeys {
    keys = List.copyOf(keys);
    Objects.requireNonNull(credentials, "credentials");
  }

  /**
   * The configured keys of a process.
   *
   * @param environment the process's own, in which systemd names the folder of the credentials
   */
  public static LuksKeys of(List<LuksKey> keys, Map<String, String> environment) {
    return new LuksKeys(
        keys,
        Optional.ofNullable(environment.get(CREDENTIALS_DIRECTORY))
            .filter(folder -> folder.startsWith("/"))
            .map(Path::of));
  }

  /**
   * The keys that may be tried for a volume, in the order in which they are.
   *
   * @param vmName the VM's name
   * @param names what the volume is called
   */
  public List<LuksKey> matching(String vmName, Collection<String> names) {
    return keys.stream().filter(key -> key.isFor(vmName, names)).toList();
  }

  /**
   * Reads a key.
   *
   * @throws IOException when it cannot be used; the message says why, without any part of the key
   */
  public KeyFile read(LuksKey key) throws IOException {
    return KeyFile.read(place(key));
  }

  private Path place(LuksKey key) throws IOException {
    if (key.file().isPresent()) {
      return key.file().get();
    }
    String name = key.credential().orElseThrow();
    return credentials
        .map(folder -> folder.resolve(name))
        .orElseThrow(
            () ->
                new IOException(
                    "systemd gave this process no credentials (LoadCredential=%s:… in the unit)"
                        .formatted(name)));
  }
}
