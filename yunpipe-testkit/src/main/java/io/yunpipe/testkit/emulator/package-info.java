/** Emulators and other programs that tests run beside themselves. */
@NullMarked
package io.yunpipe.testkit.emulator;

import org.jspecify.annotations.NullMarked;
