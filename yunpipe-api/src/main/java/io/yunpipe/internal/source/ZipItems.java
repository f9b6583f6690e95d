package io.yunpipe.internal.source;

import io.yunpipe.internal.archive.ArchiveLimits;
import io.yunpipe.internal.archive.ZipEntries;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A zip's files; hidden ones, and what macOS adds about others, are not taken. */
final class ZipItems implements ItemSource {
  private static final String MAC_EXTRAS = "__MACOSX/";

  private final Path zip;
  private final ZipEntries entries;
  private long skipped;

  ZipItems(Path zip, ArchiveLimits limits) {
    this.zip = zip;
    this.entries = ZipEntries.open(zip, limits);
  }

  @Override
  public @Nullable SourceItem next() {
    while (entries.hasNext()) {
      ZipEntries.Entry entry = entries.next();
      if (!RelativeName.hidden(entry.name()) && !entry.name().startsWith(MAC_EXTRAS)) {
        return SourceItem.of(entry.name(), entry);
      }
      skipped++;
    }
    return null;
  }

  @Override
  public String nothing() {
    return "the zip "
        + Quoted.of(zip)
        + " has no file"
        + (skipped > 0 ? "; hidden ones were not taken: " + skipped : "");
  }

  @Override
  public void close() {
    entries.close();
  }
}
