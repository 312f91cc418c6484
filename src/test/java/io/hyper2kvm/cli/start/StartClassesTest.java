package io.hyper2kvm.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartClassesTest {

  /** Says whether it was initialized. */
  static final class Initialized {
    static {
      System.setProperty("h2k.test.initialized", "true");
    }
  }

  @TempDir Path folder;
  private final List<String> asked = new ArrayList<>();
  private final ClassLoader loader =
      new ClassLoader(StartClassesTest.class.getClassLoader()) {
        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
          asked.add(name);
          return super.loadClass(name);
        }
      };

  private Path list(String... names) throws Exception {
    Files.write(folder.resolve("hyper2kvm.jsa.classes"), List.of(names));
    return Files.createFile(folder.resolve("hyper2kvm.jsa"));
  }

  @Test
  void classesOfTheListAreLoadedInItsOrder() throws Exception {
    StartClasses.load(list("java.util.zip.CRC32C", Initialized.class.getName()), loader);
    assertThat(asked).containsExactly("java.util.zip.CRC32C", Initialized.class.getName());
  }

  @Test
  void noClassIsInitialized() throws Exception {
    StartClasses.load(list(Initialized.class.getName()), loader);
    assertThat(asked).containsExactly(Initialized.class.getName());
    assertThat(System.getProperty("h2k.test.initialized")).isNull();
  }

  @Test
  void whatIsNoClassIsPassedOver() throws Exception {
    StartClasses.load(list("no.such.Class", "", "a b", "[", "java.util.List"), loader);
    assertThat(asked).contains("no.such.Class").endsWith("java.util.List");
  }

  @Test
  void listIsBesideTheFileThatALinkLeadsTo() throws Exception {
    Path archive = list("java.util.List");
    Files.createDirectories(folder.resolve("program"));
    Path link = Files.createSymbolicLink(folder.resolve("program/hyper2kvm.jsa"), archive);
    StartClasses.load(link, loader);
    assertThat(asked).containsExactly("java.util.List");
  }

  @Test
  void withoutAListNothingIsLoaded() throws Exception {
    Path archive = Files.createFile(folder.resolve("alone.jsa"));
    StartClasses.load(archive, loader);
    StartClasses.load(folder.resolve("none.jsa"), loader);
    assertThat(asked).isEmpty();
  }
}
