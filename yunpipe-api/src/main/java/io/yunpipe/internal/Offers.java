package io.yunpipe.internal;

import io.yunpipe.Inputs;
import io.yunpipe.internal.RunPlan.SourceSpec;
import io.yunpipe.internal.Submission.Offer;
import io.yunpipe.internal.Submission.Part;
import io.yunpipe.internal.source.Grouping;
import io.yunpipe.internal.source.ItemGroup;
import io.yunpipe.internal.source.SourceItem;
import io.yunpipe.internal.source.SourceReader;
import io.yunpipe.internal.source.Sources;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Inputs as a submission takes them, grouped where the plan says so. */
final class Offers implements Iterator<Offer>, AutoCloseable {
  private final SourceReader reader;
  private final @Nullable Grouping groups;

  Offers(Inputs inputs, RunPlan plan, ObjectStore store) {
    reader = Sources.open(inputs, store);
    String pattern = plan.groupBy();
    groups =
        pattern == null ? null : new Grouping(reader, Pattern.compile(pattern), plan.groupSize());
  }

  @Override
  public boolean hasNext() {
    return groups == null ? reader.hasNext() : groups.hasNext();
  }

  @Override
  public Offer next() {
    if (groups == null) {
      SourceItem item = reader.next();
      return new Offer(item.name(), List.of(part(item, lastPart(item.name()))));
    }
    ItemGroup group = groups.next();
    List<Part> parts = new ArrayList<>();
    for (SourceItem item : group.items()) {
      parts.add(part(item, item.name()));
    }
    return new Offer(group.key(), parts);
  }

  @Override
  public void close() {
    reader.close();
  }

  private static Part part(SourceItem item, String name) {
    Optional<ObjectInfo> stored = item.stored();
    return stored.isPresent()
        ? new Part(
            name, null, new InputRef(name, stored.get().key(), stored.get().size(), "", null))
        : new Part(name, item.content(), null);
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Returns how inputs can be found again by another program, or null if they cannot. */
  static @Nullable SourceSpec source(Inputs inputs) {
    if (inputs instanceof Inputs.Folder folder) {
      return new SourceSpec("folder", List.of(absolute(folder.path())));
    }
    if (inputs instanceof Inputs.Files files) {
      return new SourceSpec("files", files.paths().stream().map(Offers::absolute).toList());
    }
    if (inputs instanceof Inputs.Glob glob) {
      return new SourceSpec("glob", List.of(absolute(Path.of(glob.pattern()))));
    }
    if (inputs instanceof Inputs.Zip zip) {
      return new SourceSpec("zip", List.of(absolute(zip.path())));
    }
    if (inputs instanceof Inputs.Several several) {
      List<SourceSpec> parts = new ArrayList<>();
      for (Inputs part : several.parts()) {
        SourceSpec spec = source(part);
        if (spec == null) {
          return null;
        }
        parts.add(spec);
      }
      return new SourceSpec("several", List.of(), parts);
    }
    return inputs instanceof Inputs.Prefix prefix
        ? new SourceSpec("prefix", List.of(prefix.prefix()))
        : null;
  }

  static Inputs inputs(SourceSpec source) {
    String first = source.paths().isEmpty() ? "" : source.paths().get(0);
    return switch (source.kind()) {
      case "several" -> Inputs.several(source.parts().stream().map(Offers::inputs).toList());
      case "folder" -> Inputs.folder(Path.of(first));
      case "glob" -> Inputs.glob(first);
      case "zip" -> Inputs.zip(Path.of(first));
      case "prefix" -> Inputs.prefix(first);
      default -> Inputs.files(source.paths().stream().map(Path::of).toList());
    };
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }
}
