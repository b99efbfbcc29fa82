import { mutateModules } from "./mutate-modules.ts";

/**
 * The child program of a mutant: `node probe-child.ts <sources> <probes>`, both as JSON. It prints the breaches that each probe
 * found, as JSON, in its last line.
 */
const [sources, names] = process.argv.slice(2).map((argument) => JSON.parse(argument)) as [Record<string, string>, string[]];
mutateModules(sources);
const { runProbe } = await import("./probes.ts");
const breaches: unknown[] = [];
for (const name of names) breaches.push(await runProbe(name));
console.log(`\n${JSON.stringify(breaches)}`);
// A mutant may leave behind what keeps a process alive.
process.exit(0);
