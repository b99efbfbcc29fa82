import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { LAMBDAS } from "../../domain/routes.ts";
import { loadEnvironment } from "../../environments/load.ts";

it("reserves executions for every Lambda, as many as the documents tell", async () => {
  const { reservedConcurrency } = (await loadEnvironment({ JOBS_ENVIRONMENT: "prod" })).lambda;
  expect(Object.keys(reservedConcurrency).sort()).toEqual([...LAMBDAS].sort());
  const reserved = Object.values(reservedConcurrency).reduce((sum, count) => sum + count, 0);
  expect(await readFile("docs/deploy.md", "utf8")).toContain(`\`prod\` reserves ${reserved}, so its quota`);
  for (const document of ["docs/deploy.md", "docs/adopt.md", "CHANGELOG.md"]) {
    expect(await readFile(document, "utf8")).toMatch(new RegExp(`\\b${reserved + 100}\\b`));
  }
});
