package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ova.container.Container;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.ova.container.MemberName;
import io.hyper2kvm.text.Printable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the members with their sums, each while it is read for another reason, if it is. */
final class SumCheck {

  /** Warnings about one OVA. */
  static final int MOST_WARNINGS = 50;

  private final Path source;
  private final Container container;
  private final Map<Member, Set<SumList.Sum>> open = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private final Set<String> compared = new LinkedHashSet<>();

  private SumCheck(Path source, Container container) {
    this.source = source;
    this.container = container;
  }

  /** No sums at all. */
  static SumCheck none(Path source, Container container) {
    return new SumCheck(source, container);
  }

  /** The sums of a manifest that is a member itself. */
  static SumCheck of(Path source, Container container, Member manifest, SumList list) {
    SumCheck check = new SumCheck(source, container);
    for (String line : list.unknown()) {
      check.warn(
          "%s has a line that is no checksum: %s".formatted(Printable.of(manifest.name()), line));
    }
    for (SumList.Sum sum : list.sums()) {
      String name = manifest.folder() + sum.name();
      boolean inside = MemberName.problem(name).isEmpty();
      var member = inside ? container.find(MemberName.normal(name)) : Optional.<Member>empty();
      if (member.isPresent()) {
        check.open.computeIfAbsent(member.get(), key -> new LinkedHashSet<>()).add(sum);
      } else {
        check.warn(
            "%s has a checksum of %s, which is not in the OVA"
                .formatted(Printable.of(manifest.name()), Printable.of(sum.name())));
      }
    }
    return check;
  }

  private void warn(String warning) {
    if (warnings.size() < MOST_WARNINGS) {
      warnings.add(warning);
    } else if (warnings.size() == MOST_WARNINGS) {
      warnings.add("the manifest of checksums has more lines that could not be used");
    }
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** The names of the members that were compared, and are as their sums say. */
  List<String> compared() {
    return List.copyOf(compared);
  }

  boolean covers(Member member) {
    return open.containsKey(member);
  }

  /** A member's content, compared with its sums when it was read to its end. */
  InputStream open(Member member) throws IOException {
    InputStream in = container.open(member);
    return open.containsKey(member) ? new Digested(in, member) : in;
  }

  /** Reads what has sums and was not read yet. */
  void rest() throws IOException {
    List<Member> left = new ArrayList<>(open.keySet());
    left.sort(Comparator.comparingLong(Member::offset));
    for (Member member : left) {
      try (InputStream in = open(member)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  private void compare(Member member, Map<SumList.Sum, MessageDigest> digests) {
    digests.forEach(
        (sum, digest) -> {
          String found = HexFormat.of().formatHex(digest.digest());
          if (!found.equals(sum.digits())) {
            throw OvaRefusals.wrongSum(source, member.name(), sum.algorithm(), found, sum.digits());
          }
        });
    open.remove(member);
    compared.add(member.name());
  }

  private final class Digested extends FilterInputStream {
    private final Member member;
    private final Map<SumList.Sum, MessageDigest> digests = new LinkedHashMap<>();
    private boolean ended;

    Digested(InputStream in, Member member) {
      super(in);
      this.member = member;
      for (SumList.Sum sum : open.get(member)) {
        try {
          digests.put(sum, MessageDigest.getInstance(sum.algorithm()));
        } catch (NoSuchAlgorithmException e) {
          throw new IllegalStateException("every Java has " + sum.algorithm(), e);
        }
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while hashing " + member.name());
      }
      int n = super.read(buffer, offset, length);
      if (n > 0) {
        digests.values().forEach(digest -> digest.update(buffer, offset, n));
      } else if (n < 0 && !ended) {
        ended = true;
        compare(member, digests);
      }
      return n;
    }

    @Override
    public long skip(long bytes) throws IOException {
      return readNBytes((int) Math.min(bytes, 1 << 16)).length;
    }
  }
}
