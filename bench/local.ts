import { measureLocalSpeed } from "./local-speed.ts";

/** `npm run bench:local`: how long people wait on their own machine, on one that does nothing else. Exits 1 where a bound is missed. */

const BOUNDS = { demo: 20, start: 5, test: 180 } as const;
const NAMES = { demo: "npm run demo, nothing built before", start: "npm start, all built before", test: "npm test" } as const;

const measured = await measureLocalSpeed();
for (const name of ["demo", "start", "test"] as const) {
  const isMissed = measured[name] > BOUNDS[name];
  console.log(`${isMissed ? "missed: " : ""}${NAMES[name]}, in seconds: ${measured[name].toFixed(1)} (at most ${BOUNDS[name]})`);
  if (isMissed) process.exitCode = 1;
}
