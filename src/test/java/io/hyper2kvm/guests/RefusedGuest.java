package io.hyper2kvm.guests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test that shows that a kind of guest is refused, and why; a row of docs/guests.md. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RefusedGuest {

  /** The distribution, such as {@code openSUSE}; any, if it does not matter. */
  String distribution() default "any";

  String storage() default "any";

  String boot() default "any";

  String network() default "any";

  /** The failure code, and in a few words when it is given. */
  String reason();
}
