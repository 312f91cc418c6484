package io.hyper2kvm.guest.selinux;

import java.util.Objects;
import java.util.Optional;

/**
 * The label that a file gets after it was written from outside, where no kernel of the guest's gave
 * it one.
 *
 * @param label the label to set; empty when the file keeps what it has
 * @param rule {@code selinux.kept}, {@code selinux.policy} or {@code selinux.folder}
 * @param reason where the label comes from
 * @param doubt why the label may not be the right one; empty when it is
 */
public record LabelDecision(
    Optional<SecurityContext> label, String rule, String reason, Optional<String> doubt) {

  private static final String KEPT = "selinux.kept";
  private static final String POLICY = "selinux.policy";
  private static final String FOLDER = "selinux.folder";

  public LabelDecision {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(doubt, "doubt");
  }

  /**
   * A file as it is after the fixes.
   *
   * @param path its absolute path
   * @param kind its kind
   * @param before the label it had before the fixes; empty when it had none or was not there
   * @param now the label it has
   */
  public record File(
      String path, FileKind kind, Optional<SecurityContext> before, Optional<SecurityContext> now) {

    public File {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(now, "now");
    }

    /** The folder it is in; the root folder is in itself. */
    public String folder() {
      int slash = path.lastIndexOf('/');
      return slash <= 0 ? "/" : path.substring(0, slash);
    }
  }

  /**
   * Decides.
   *
   * @param folder the label of the folder that the file is in; empty when it has none
   */
  public static LabelDecision of(
      File file, Optional<SecurityContext> folder, FileContexts contexts) {
    if (file.now().isPresent()) {
      return new LabelDecision(Optional.empty(), KEPT, "", Optional.empty());
    }
    if (file.before().isPresent()) {
      return new LabelDecision(
          file.before(), KEPT, "the label that it had; it was written anew", Optional.empty());
    }
    PolicyLabel policy = contexts.lookup(file.path(), file.kind());
    if (policy.label().isPresent()) {
      SecurityContext label = policy.label().get();
      return folder.filter(other -> other.hasRange() != label.hasRange()).isPresent()
          ? ofFolder(
              folder,
              policy.reason(),
              Optional.of(
                  "%s gives %s, which has not the form of the guest's labels, such as %s"
                      .formatted(policy.reason(), label, folder.get())))
          : new LabelDecision(
              policy.label(), POLICY, policy.reason(), elsewhere(file.folder(), folder, contexts));
    }
    return ofFolder(
        folder, policy.reason(), policy.known() ? Optional.empty() : Optional.of(policy.reason()));
  }

  /** Whether the guest's policy names the label. */
  public boolean isPolicys() {
    return rule.equals(POLICY);
  }

  /** What the guest's kernel gives a new file that its policy does not speak of. */
  private static LabelDecision ofFolder(
      Optional<SecurityContext> folder, String reason, Optional<String> doubt) {
    return folder.isPresent()
        ? new LabelDecision(folder, FOLDER, "its folder's label: " + reason, doubt)
        : new LabelDecision(
            Optional.empty(),
            FOLDER,
            reason,
            Optional.of(doubt.orElse(reason) + "; its folder has no label"));
  }

  /** The label on the folder shows whether the guest is labelled by this policy. */
  private static Optional<String> elsewhere(
      String path, Optional<SecurityContext> folder, FileContexts contexts) {
    PolicyLabel ofFolder = contexts.lookup(path, FileKind.DIRECTORY);
    return folder
        .filter(
            has -> ofFolder.label().filter(label -> !label.type().equals(has.type())).isPresent())
        .map(
            has ->
                "its folder is labelled %s, where the policy (%s) says %s"
                    .formatted(has, ofFolder.reason(), ofFolder.label().get()));
  }
}
