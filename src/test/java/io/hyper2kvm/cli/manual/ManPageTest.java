package io.hyper2kvm.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class ManPageTest {

  private static final LocalDate DAY = LocalDate.of(2026, 1, 24);

  @Command(
      name = "tool",
      customSynopsis = "tool FILE [--level N]",
      description = {
        "Does one thing. And says so.",
        "",
        ".hidden files and C:\\ stay as they are: 100%%."
      },
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {"0:done", "1:not done"},
      footer = {"", "Examples:", "  tool a-b.yaml \\", "    --level 2", "  .tool"})
  static final class Tool implements Runnable {
    @Parameters(paramLabel = "FILE", description = "What is read")
    private String file;

    @Option(
        names = {"-l", "--level"},
        paramLabel = "N",
        description = "How much, \"a lot\" or 'little'")
    private int level;

    @Option(names = "--quiet", description = "Say nothing")
    private boolean quiet;

    @Option(names = "--secret", hidden = true, description = "Not for users")
    private boolean secret;

    @Override
    public void run() {}
  }

  @Command(name = "sub", description = "Is below.", customSynopsis = "tool sub")
  static final class Sub implements Runnable {
    @Override
    public void run() {}
  }

  private final CommandLine tool = new CommandLine(new Tool()).addSubcommand("sub", new Sub());
  private final String page = new ManPage(tool).text(DAY, "1.0");

  @Test
  void headNamesDateAndVersion() {
    assertThat(page).startsWith(".TH TOOL 1 2026-01-24 \"hyper2kvm 1.0\" hyper2kvm\n");
  }

  @Test
  void nameIsTheFirstSentence() {
    assertThat(page).contains(".SH \"NAME\"\ntool \\- does one thing\n");
  }

  @Test
  void lineThatLooksLikeAMacroIsText() {
    assertThat(page).contains("\n\\&.hidden files and C:\\e stay as they are: 100%.\n");
  }

  @Test
  void optionHasItsNamesAndItsValue() {
    assertThat(page)
        .contains(".TP\n.BI \"\\-l, \\-\\-level=\" \"N\"\nHow much, \"a lot\" or 'little'\n");
  }

  @Test
  void switchHasNoValue() {
    assertThat(page).contains(".TP\n.BR \"\\-\\-quiet\"\nSay nothing\n");
  }

  @Test
  void hiddenOptionIsLeftOut() {
    assertThat(page).doesNotContain("secret");
  }

  @Test
  void argumentIsExplained() {
    assertThat(page).contains(".SH \"ARGUMENTS\"\n.TP\n.BR \"FILE\"\nWhat is read\n");
  }

  @Test
  void exitCodesAreListed() {
    assertThat(page)
        .contains(".SH \"EXIT STATUS\"\n.TP\n.B \"0\"\ndone\n.TP\n.B \"1\"\nnot done\n");
  }

  @Test
  void examplesAreCopiedAsTheyAre() {
    assertThat(page).contains(".nf\ntool a\\-b.yaml \\e\n  \\-\\-level 2\n\\&.tool\n.fi\n");
  }

  @Test
  void emptyLineBeginsAParagraph() {
    assertThat(page).contains("Does one thing. And says so.\n.PP\n\\&.hidden");
  }

  @Test
  void sourceHasNoLongLine() {
    assertThat(page.lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void eachCommandHasAPageThatTheOthersName() {
    List<ManPage> all = ManPage.all(tool);
    assertThat(all).extracting(ManPage::fileName).containsExactly("tool.1", "tool-sub.1");
    assertThat(page).contains(".BR \"tool\\-sub\" \"(1)\"");
    assertThat(all.get(1).text(DAY, "1.0")).contains(".SH \"SEE ALSO\"\n.BR \"tool\" \"(1)\"");
  }

  @Test
  void textIsTheSameAtEachCall() {
    assertThat(new ManPage(tool).text(DAY, "1.0")).isEqualTo(page);
  }
}
