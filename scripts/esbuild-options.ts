import type { BuildOptions } from "esbuild";

/**
 * ESM for Node 24. Main fields `module,main` pick the SDK's ES modules, which tree-shake: 424 KB against 755 KB for five
 * clients. Some dependencies are CommonJS and call `require` of Node's own modules, so the bundle brings one.
 */
export const NODE_BUNDLE = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  mainFields: ["module", "main"],
  outExtension: { ".js": ".mjs" },
  minify: true,
  keepNames: false,
  legalComments: "none",
  // A font that is imported stands beside the bundle; the import gives its URL, relative to the bundle.
  loader: { ".ttf": "file" },
  assetNames: "assets/[name]-[hash]",
  logLevel: "warning",
  banner: { js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);' },
} as const satisfies BuildOptions;
