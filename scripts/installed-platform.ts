import type { PackagePlatform } from "./image-packages.ts";

/** The platform that npm installed this checkout's packages for: the one that runs this. */
export function installedPlatform(): PackagePlatform {
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  // Only Linux has C libraries to choose from; elsewhere the name does not matter.
  return { os: process.platform, cpu: process.arch, libc: header.glibcVersionRuntime === undefined ? "musl" : "glibc" };
}
