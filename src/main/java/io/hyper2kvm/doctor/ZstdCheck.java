package io.hyper2kvm.doctor;

import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** qemu-img really writes a qcow2 compressed with zstd; some builds of new versions do not. */
final class ZstdCheck implements Check {

  private static final String SUBJECT = "zstd";
  private static final int BYTES = 1 << 20;

  @Override
  public List<Finding> run(Host host) {
    if (host.find("qemu-img").isEmpty()) {
      return List.of(Finding.fail(SUBJECT, "not tried without qemu-img", "install qemu-utils"));
    }
    Path raw = host.scratch().resolve("zstd.raw");
    Path qcow2 = host.scratch().resolve("zstd.qcow2");
    try {
      Files.write(raw, new byte[BYTES]);
      host.toolUser().give(raw);
      host.toolUser().makeFile(qcow2);
      ToolResult result =
          host.run(
              "qemu-img",
              QemuImg.convert(raw.toString(), "qcow2", qcow2, "zstd", 1),
              host.patience());
      if (result.exitCode() == 0 && Files.isRegularFile(qcow2)) {
        return List.of(Finding.ok(SUBJECT, "qemu-img writes it"));
      }
      return List.of(bad(Host.tail(result.stderrTail())));
    } catch (IOException e) {
      return List.of(bad(Host.tail(String.valueOf(e.getMessage()))));
    }
  }

  private static Finding bad(String reason) {
    return Finding.fail(
        SUBJECT,
        "qemu-img does not write it: " + reason,
        "install QEMU 5.1 or later, or write compression_type: zlib in every manifest that"
            + " compresses");
  }
}
