package io.yunpipe.internal.source;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.SortedTree;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The files below a folder that a rule takes. Links to files are followed, to folders not. */
final class TreeItems implements ItemSource {
  private final Path root;
  private final SortedTree tree;
  private final Predicate<String> taken;
  private final String ruleShown;
  private long folderLinks;

  private TreeItems(Path root, SortedTree tree, Predicate<String> taken, String ruleShown) {
    this.root = root;
    this.tree = tree;
    this.taken = taken;
    this.ruleShown = ruleShown;
  }

  static TreeItems folder(Path folder) {
    return new TreeItems(
        folder, new SortedTree(folder, false, Integer.MAX_VALUE), name -> true, "no file");
  }

  static TreeItems glob(GlobPattern glob) {
    return new TreeItems(
        glob.base(),
        new SortedTree(glob.base(), glob.namesHidden(), glob.depth()),
        glob::matches,
        "no file that matches " + Quoted.of(glob.rest()));
  }

  @Override
  public @Nullable SourceItem next() {
    for (SortedTree.Entry entry = tree.next(); entry != null; entry = tree.next()) {
      InvalidInputException problem = entry.problem();
      if (problem != null) {
        return SourceItem.broken(entry.name(), problem);
      }
      if (!entry.folder() && taken.test(entry.name())) {
        try {
          StampedFile file = StampedFile.orFolderLink(entry.path());
          if (file != null) {
            return SourceItem.of(entry.name(), file);
          }
          folderLinks++;
        } catch (InvalidInputException e) {
          return SourceItem.broken(entry.name(), e);
        }
      }
    }
    return null;
  }

  @Override
  public String nothing() {
    StringBuilder text =
        new StringBuilder("the folder ").append(Quoted.of(root)).append(" has ").append(ruleShown);
    if (tree.hiddenSkipped() > 0) {
      text.append("; hidden ones were not taken: ").append(tree.hiddenSkipped());
    }
    if (folderLinks > 0) {
      text.append("; links to folders were not followed: ").append(folderLinks);
    }
    return text.toString();
  }
}
