package io.yunpipe.spi;

/**
 * The workers of a stage, as last seen.
 *
 * @param alive those that run or start
 * @param launched how many this program has asked for since it began
 */
public record Staff(long alive, long launched) {}
