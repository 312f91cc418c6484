/** Man pages, made of the same models as the commands' help. */
package io.hyper2kvm.cli.manual;
