/**
 * Every reason to refuse a manifest, one class for each rule, and the schema check before them. The
 * rules judge the tree of {@code parse}; none of them stops at the first problem.
 */
package io.hyper2kvm.manifest.rules;
