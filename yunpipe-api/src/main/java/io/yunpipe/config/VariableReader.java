package io.yunpipe.config;

import com.typesafe.config.ConfigObject;
import io.yunpipe.Algorithm;
import io.yunpipe.Variable;
import org.jspecify.annotations.Nullable;

/** Reads variables that a workflow may set. */
final class VariableReader {
  private VariableReader() {}

  static void read(Fields in, String key, Algorithm.Builder to) {
    if (in.value(key) instanceof ConfigObject) {
      Fields block = in.block(key);
      if (block != null) {
        block.keysInOrder().forEach(name -> readNamed(block, name, to));
      }
      return;
    }
    for (Fields.Item item : in.list(key)) {
      if (item.value() instanceof ConfigObject) {
        readEntry(in, item, to);
      } else {
        String name = in.text(item, "a variable's name");
        if (name != null) {
          in.make(item, () -> to.addVariable(new Variable(name, false, null)));
        }
      }
    }
  }

  private static void readNamed(Fields block, String name, Algorithm.Builder to) {
    if (!(block.value(name) instanceof ConfigObject)) {
      String value = block.text(name);
      block.attempt(name, () -> to.addVariable(new Variable(name, false, value)));
      return;
    }
    Fields entry = block.block(name);
    if (entry != null) {
      add(entry, name, to);
    }
  }

  private static void readEntry(Fields in, Fields.Item item, Algorithm.Builder to) {
    Fields entry = in.block(item);
    if (entry == null) {
      return;
    }
    String name = entry.text("name");
    if (name == null) {
      entry.problem("name is not set");
    }
    add(entry, name, to);
  }

  private static void add(Fields entry, @Nullable String name, Algorithm.Builder to) {
    boolean required = entry.flag("required", false);
    String value = entry.text("default");
    entry.finish();
    if (name != null) {
      entry.attempt("name", () -> to.addVariable(new Variable(name, required, value)));
    }
  }
}
