package io.hyper2kvm.tool.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Reads a growing pcap file of the guest's network card and finds the IPv4 address that the guest
 * uses: the source of an IP packet or of an ARP packet from its MAC address.
 */
final class CaptureFile {

  private static final int FILE_HEADER = 24;
  private static final int PACKET_HEADER = 16;
  private static final int LONGEST_PACKET = 1 << 16;
  private static final int BATCH = 1 << 18;
  private static final int ETHERNET = 14;

  private final Path file;
  private final byte[] mac = new byte[6];
  private long position = FILE_HEADER;

  CaptureFile(Path file, String mac) {
    this.file = file;
    for (int i = 0; i < 6; i++) {
      this.mac[i] = (byte) Integer.parseInt(mac.substring(3 * i, 3 * i + 2), 16);
    }
  }

  /** Bytes written so far, so that a flood can be stopped. */
  long size() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** The guest's address, if one of the packets since the last call shows it. */
  Optional<String> poll() throws IOException {
    if (size() <= position) {
      return Optional.empty();
    }
    ByteBuffer batch = ByteBuffer.allocate(BATCH).order(ByteOrder.nativeOrder());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.position(position);
      while (batch.hasRemaining() && channel.read(batch) > 0) {
        // until the batch is full or the file ends
      }
    }
    batch.flip();
    while (batch.remaining() >= PACKET_HEADER) {
      int length = batch.getInt(batch.position() + 8);
      if (length < 0 || length > LONGEST_PACKET) {
        throw new IOException("the packet capture is damaged at byte " + position);
      }
      if (batch.remaining() < PACKET_HEADER + length) {
        break;
      }
      byte[] packet = new byte[length];
      batch.get(batch.position() + PACKET_HEADER, packet);
      batch.position(batch.position() + PACKET_HEADER + length);
      position += PACKET_HEADER + length;
      Optional<String> address = sourceAddress(packet);
      if (address.isPresent()) {
        return address;
      }
    }
    return Optional.empty();
  }

  private Optional<String> sourceAddress(byte[] packet) {
    if (packet.length < ETHERNET + 20) {
      return Optional.empty();
    }
    for (int i = 0; i < mac.length; i++) {
      if (packet[6 + i] != mac[i]) {
        return Optional.empty();
      }
    }
    int type = (packet[12] & 0xff) << 8 | packet[13] & 0xff;
    int at =
        switch (type) {
          case 0x0800 -> ETHERNET + 12;
          case 0x0806 -> ETHERNET + 14;
          default -> -1;
        };
    if (at < 0 || packet[at] == 0) {
      // 0.0.0.0 is a guest that still asks, or probes whether an address is free.
      return Optional.empty();
    }
    return Optional.of(
        "%d.%d.%d.%d"
            .formatted(
                packet[at] & 0xff,
                packet[at + 1] & 0xff,
                packet[at + 2] & 0xff,
                packet[at + 3] & 0xff));
  }
}
