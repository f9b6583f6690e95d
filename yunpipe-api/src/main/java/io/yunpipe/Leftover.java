package io.yunpipe;

/**
 * Something that no living pipeline owns any more.
 *
 * @param kind what it is, such as {@code SQS queue}
 * @param name its name
 * @param why why it is taken for a leftover
 * @param removable whether it can be removed without losing data
 */
public record Leftover(String kind, String name, String why, boolean removable) {}
