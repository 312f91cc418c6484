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

  /** The digits by algorithm of the members that were not compared yet. */
  private final Map<Member, Map<String, String>> open = new LinkedHashMap<>();

  private final List<String> warnings = new ArrayList<>();
  private final Set<String> compared = new LinkedHashSet<>();

  private SumCheck(Path source, Container container) {
    this.source = source;
    this.container = container;
  }

  /** No sums yet. */
  static SumCheck none(Path source, Container container) {
    return new SumCheck(source, container);
  }

  /** The sums of a manifest that is a member itself, beside those of other manifests. */
  void add(Member manifest, SumList list) {
    for (String problem : list.problems()) {
      warn("%s, %s".formatted(Printable.of(manifest.name()), problem));
    }
    for (SumList.Sum sum : list.sums()) {
      Optional<Member> member = find(manifest, sum.name());
      String where = "%s, line %d".formatted(Printable.of(manifest.name()), sum.line());
      if (member.isEmpty()) {
        warn(
            "%s has a checksum of %s, which is not in the OVA"
                .formatted(where, Printable.of(sum.name().strip())));
      } else if (member.get().equals(manifest)) {
        warn(where + " has a checksum of the manifest itself, which none can hold: passed over");
      } else if (isSignature(manifest, member.get())) {
        warn(
            "%s has a checksum of %s, which is signed after it: passed over"
                .formatted(where, Printable.of(member.get().name())));
      } else {
        add(member.get(), sum, where);
      }
    }
  }

  private void add(Member member, SumList.Sum sum, String where) {
    Map<String, String> sums = open.computeIfAbsent(member, key -> new LinkedHashMap<>());
    String other = sums.putIfAbsent(sum.algorithm(), sum.digits());
    if (other != null && !other.equals(sum.digits())) {
      throw OvaRefusals.contradiction(
          source, where, member.name(), sum.algorithm(), other, sum.digits());
    }
  }

  private static boolean isSignature(Member manifest, Member member) {
    return member.name().equals(Companions.stem(manifest.name()) + ".cert");
  }

  /**
   * The file that a manifest means. Its names are relative to it; some writers have them relative
   * to the top of the OVA, in percent encoding, with blanks around them or with Windows'
   * separators.
   */
  private Optional<Member> find(Member manifest, String written) {
    Set<String> names = new LinkedHashSet<>(List.of(written, written.strip()));
    names.add(Hrefs.decoded(written.strip()));
    names.add(written.strip().replace('\\', '/'));
    for (String folder : new LinkedHashSet<>(List.of(manifest.folder(), ""))) {
      for (String name : names) {
        String whole = folder + name;
        String normal = MemberName.problem(whole).isEmpty() ? MemberName.normal(whole) : "";
        Optional<Member> found = normal.isEmpty() ? Optional.empty() : container.find(normal);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private void warn(String warning) {
    if (warnings.size() < MOST_WARNINGS) {
      warnings.add(warning);
    } else if (warnings.size() == MOST_WARNINGS) {
      warnings.add("the manifests of checksums have more lines that could not be used");
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

  private void compare(Member member, Map<String, MessageDigest> digests) {
    Map<String, String> wanted = open.get(member);
    digests.forEach(
        (algorithm, digest) -> {
          String found = HexFormat.of().formatHex(digest.digest());
          if (!found.equals(wanted.get(algorithm))) {
            throw OvaRefusals.wrongSum(
                source, member.name(), algorithm, found, wanted.get(algorithm));
          }
        });
    open.remove(member);
    compared.add(member.name());
  }

  private final class Digested extends FilterInputStream {
    private final Member member;
    private final Map<String, MessageDigest> digests = new LinkedHashMap<>();
    private boolean ended;

    Digested(InputStream in, Member member) {
      super(in);
      this.member = member;
      for (String algorithm : open.get(member).keySet()) {
        try {
          digests.put(algorithm, MessageDigest.getInstance(algorithm));
        } catch (NoSuchAlgorithmException e) {
          throw new IllegalStateException("every Java has " + algorithm, e);
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
