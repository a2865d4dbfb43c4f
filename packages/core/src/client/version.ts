/** This package's version. Written by `.ci/packages/metadata.mjs`: reading the manifest would fail in a bundle. */
export const version = "0.1.0";
