import { BOUNDS } from "../bounds.ts";
import { mebibytes, type Part } from "../report.ts";
import { growth, measureOwnSynth, measureSynth } from "../synth.ts";

/** Generated job types that are synthesized; the bounds of time and memory hold for the last number. */
const TYPES = [50, 100, 200] as const;

export const synth: Part = {
  title: "Terraform from bundles that are built, a process each",
  measure: async (report) => {
    const own = await measureOwnSynth();
    const ownSeconds = report.atMost("own synth", own.wallMs / 1_000, BOUNDS.ownSynthSeconds);
    report.line(`the repository's ${own.types} job types, in seconds: ${ownSeconds}`);
    const syntheses = await measureSynth(TYPES);
    for (const { types, wallMs, cpuMs, maxRssBytes } of syntheses) {
      const [wall, cpu] = [wallMs, cpuMs].map((ms) => (ms / 1_000).toFixed(2));
      report.line(`${types} generated: ${wall} s, ${cpu} s of CPU, ${mebibytes(maxRssBytes)}`);
    }
    const largest = syntheses.at(-1);
    if (largest === undefined) throw new Error("the syntheses gave no readings");
    const { types, wallMs, maxRssBytes } = largest;
    const seconds = report.atMost(`synth of ${types}, seconds`, wallMs / 1_000, BOUNDS.synthSeconds);
    report.line(`${types} generated, in seconds: ${seconds}`);
    report.line(`${types} generated, in GB: ${report.atMost(`synth of ${types}, GB`, maxRssBytes / 1e9, BOUNDS.synthGigabytes)}`);
    const ratio = report.atMost("synth growth", growth(syntheses), BOUNDS.synthGrowth);
    const [first, last] = [TYPES.slice(0, 2), TYPES.slice(1)].map((range) => range.join(" to "));
    report.line(`CPU of a further type, from ${last} beside ${first}: ${ratio}`);
  },
};
