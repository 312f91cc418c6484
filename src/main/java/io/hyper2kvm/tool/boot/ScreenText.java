package io.hyper2kvm.tool.boot;

/**
 * The text on the guest's screen.
 *
 * @param text its lines from the top
 * @param exact read from video memory; otherwise by OCR, with its mistakes
 */
record ScreenText(String text, boolean exact) {

  static final ScreenText EMPTY = new ScreenText("", true);
}
