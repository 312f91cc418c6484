package io.hyper2kvm.stage.inspect.uki;

import io.hyper2kvm.guest.boot.UnifiedImage;
import io.hyper2kvm.guest.boot.UnifiedKernel;
import io.hyper2kvm.guest.boot.UnifiedKernel.Section;
import io.hyper2kvm.guest.kernel.ImageVersion;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the EFI programs of a guest that are unified kernel images, or addons of such: their
 * headers, and of the small sections the content. All reading is bounded.
 */
public final class UnifiedKernelSearch {

  private static final int MOST_PROGRAMS = 64;
  private static final int MOST_COMMAND_LINE = 65_536;
  private static final int MOST_RELEASE = 65_536;
  private static final int MOST_VERSION = 256;

  private final List<String> programs = new ArrayList<>();
  private final List<String> credentials = new ArrayList<>();
  private final Map<String, List<Section>> sections = new TreeMap<>();
  private final Map<String, Boolean> signed = new TreeMap<>();
  private final Map<String, UnifiedImage> images = new TreeMap<>();

  /** Takes a file of a folder that boot loaders read, by its path. */
  public void see(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".efi") && programs.size() < MOST_PROGRAMS && !programs.contains(path)) {
      programs.add(path);
    } else if (name.endsWith(".cred") && credentials.size() < MOST_PROGRAMS) {
      credentials.add(path);
    }
  }

  /** All programs that were looked into. */
  public List<String> programs() {
    return List.copyOf(programs);
  }

  /** The encrypted credentials beside the images. */
  public List<String> credentials() {
    return List.copyOf(credentials);
  }

  /** Asks for the heads of all programs. */
  public void askHeads(GuestfishScript script) {
    programs.forEach(path -> script.read(path, path, UnifiedKernel.HEAD_BYTES));
  }

  public void takeHeads(GuestfishAnswers answers) {
    for (String path : programs) {
      byte[] head = answers.bytes(path);
      List<Section> found = UnifiedKernel.sections(head);
      if (found.stream().anyMatch(it -> Set.of(".linux", ".cmdline").contains(it.name()))) {
        sections.put(path, found);
        signed.put(path, UnifiedKernel.isSigned(head));
      }
    }
  }

  /** Asks for the sections with texts, and for the kernel's head. */
  public void askSections(GuestfishScript script) {
    sections.forEach(
        (path, list) -> {
          for (int i = 0; i < list.size(); i++) {
            Section section = list.get(i);
            int most = most(section.name());
            if (most > 0) {
              script.ask(
                  path + i,
                  "pread",
                  path,
                  String.valueOf(Math.min(section.length(), most)),
                  String.valueOf(section.offset()));
            }
          }
        });
  }

  private static int most(String section) {
    return switch (section) {
      case ".cmdline" -> MOST_COMMAND_LINE;
      case ".osrel" -> MOST_RELEASE;
      case ".uname" -> MOST_VERSION;
      case ".linux" -> ImageVersion.HEAD_BYTES;
      default -> 0;
    };
  }

  public void takeSections(GuestfishAnswers answers) {
    sections.forEach((path, list) -> images.put(path, image(path, list, answers)));
  }

  private UnifiedImage image(String path, List<Section> list, GuestfishAnswers answers) {
    StringBuilder commandLine = new StringBuilder();
    String version = "";
    String stated = "";
    Map<String, String> release = Map.of();
    for (int i = 0; i < list.size(); i++) {
      String text = answers.bytesAsText(path + i).replace('\0', ' ').strip();
      switch (list.get(i).name()) {
        case ".cmdline" -> commandLine.append(text).append('\n');
        case ".uname" -> version = ImageVersion.isVersion(text) ? text : version;
        case ".osrel" -> release = UnifiedImage.release(text + "\n");
        case ".linux" -> stated = ImageVersion.of(answers.bytes(path + i)).orElse("");
        default -> {}
      }
    }
    return new UnifiedImage(
        path,
        signed.get(path),
        list,
        commandLine.toString(),
        version.isEmpty() ? stated : version,
        release);
  }

  /** What was found. */
  public UnifiedKernels found() {
    return new UnifiedKernels(List.copyOf(images.values()));
  }
}
