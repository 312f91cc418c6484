/** What {@code hyper2kvm init} makes of a site: its questions, its configuration, its folders. */
package io.hyper2kvm.cli.site;
