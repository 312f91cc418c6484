package io.hyper2kvm.image.ova.container;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** What holds an OVA's files. Used by one thread. */
public interface Container extends Closeable {

  /** What it is, in a word for the report: {@code tar}, {@code tar.gz}, {@code folder}, … */
  String kind();

  /** Whether a member's bytes stand in a file as they are, so that QEMU can read them there. */
  boolean inPlace();

  /** Whether all that is in it belongs to one OVA. */
  boolean holdsOneOva();

  /**
   * The file of that name, a normal one.
   *
   * @throws io.hyper2kvm.image.ImageRefusedException when something else stands under the name
   */
  Optional<Member> find(String name);

  /** The files directly in a folder, by name; the folder ends in {@code /} or is empty. */
  List<Member> in(String folder);

  /** The names that may be descriptions: they end in {@code .ovf}. */
  List<Member> descriptions();

  /** A member's content from its start, exactly its size. Ends the stream opened before. */
  InputStream open(Member member) throws IOException;
}
