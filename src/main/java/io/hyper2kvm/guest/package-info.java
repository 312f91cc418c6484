/**
 * Pure transformations of what lies inside a guest: texts and archives in, new content and the
 * evidence for each change out. Nothing here runs a tool, touches a file or knows how a guest is
 * opened; that belongs to the stages.
 */
package io.hyper2kvm.guest;
