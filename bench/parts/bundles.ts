import { BOUNDS } from "../bounds.ts";
import { measureBundles } from "../bundles.ts";
import type { Part } from "../report.ts";

export const bundles: Part = {
  title: "Lambda bundles, beside a bundle of nothing but the SDK clients and commands they use",
  measure: async (report) => {
    for (const { name, bytes, sdkOnlyBytes, loadMs, sdkOnlyLoadMs, tracesBytes } of await measureBundles()) {
      const size = report.atMost(`${name} bytes`, bytes / sdkOnlyBytes, BOUNDS.bundleBytes);
      const load = report.atMost(`${name} load time`, loadMs / sdkOnlyLoadMs, BOUNDS.bundleLoad);
      report.line(`${name.padEnd(12)} ${bytes} / ${sdkOnlyBytes} bytes: ${size}`);
      report.line(`${"".padEnd(12)} ${loadMs.toFixed(0)} / ${sdkOnlyLoadMs.toFixed(0)} ms to load: ${load}`);
      if (tracesBytes > 0) {
        const traces = report.atMost(`${name} bytes of traces`, tracesBytes, BOUNDS.tracesBytes);
        report.line(`${"".padEnd(12)} apart, read where an exporter of spans is named, in bytes: ${traces}`);
      }
    }
  },
};
