package io.hyper2kvm.guest.initramfs;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import io.hyper2kvm.guest.initramfs.modules.ModuleStore;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether an initramfs can load what the guest needs, by reading it.
 *
 * @param evidence each module that can be loaded, dependencies too: its path in the initramfs, or
 *     {@code built-in}
 * @param missing each module that cannot: why not
 */
public record InitramfsVerdict(Map<String, String> evidence, Map<String, String> missing) {

  /** The evidence for what the kernel itself has. */
  public static final String BUILT_IN = "built-in";

  /** Copies the maps, in their order. */
  public InitramfsVerdict {
    evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
  }

  /** Whether nothing is missing. */
  public boolean isComplete() {
    return missing.isEmpty();
  }

  /** As {@link #verify(InitramfsContents, KernelModules, String, Collection)}, for virtio. */
  public static InitramfsVerdict verify(
      InitramfsContents contents, KernelModules rootModules, String kernel)
      throws InitramfsFormatException {
    return verify(contents, rootModules, kernel, KernelModules.VIRTIO);
  }

  /**
   * Every required module must be built in, or be there with all that it needs where the init of
   * this initramfs finds it, and have something in there that loads it: an alias, by which udev or
   * the like loads it for a device, or a list of modules to load.
   *
   * @throws InitramfsFormatException if the initramfs' own index is damaged, or its directories are
   *     no directories
   */
  public static InitramfsVerdict verify(
      InitramfsContents contents,
      KernelModules rootModules,
      String kernel,
      Collection<String> required)
      throws InitramfsFormatException {
    Objects.requireNonNull(kernel, "kernel");
    var store = ModuleStore.of(contents, rootModules, kernel);
    Map<String, String> files = store.files();
    var evidence = new LinkedHashMap<String, String>();
    var missing = new LinkedHashMap<String, String>();
    for (String written : required) {
      String name = ModuleFile.normalized(written);
      if (rootModules.isBuiltin(name)) {
        evidence.put(name, BUILT_IN);
      } else if (rootModules.module(name).isEmpty() && !files.containsKey(name)) {
        missing.put(name, "this kernel has no such module");
      } else {
        store.whyNotLoaded(name).ifPresent(reason -> missing.put(name, reason));
      }
    }
    var needed = new LinkedHashSet<String>(required.size());
    required.forEach(name -> needed.add(ModuleFile.normalized(name)));
    needed.addAll(rootModules.closure(needed));
    for (String name : needed) {
      if (evidence.containsKey(name) || missing.containsKey(name)) {
        continue;
      }
      if (!files.containsKey(name)) {
        missing.put(name, "not in the initramfs");
        continue;
      }
      Optional<String> reason = store.whyNotFound(name);
      if (reason.isPresent()) {
        missing.put(name, reason.get());
      } else {
        evidence.put(name, files.get(name));
      }
    }
    return new InitramfsVerdict(evidence, missing);
  }
}
