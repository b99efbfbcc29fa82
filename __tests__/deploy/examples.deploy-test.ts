import { cp, glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { installProvider } from "./provider-version.ts";
import { Terraform, terraformEnvironment } from "./terraform.ts";

const { cliConfigurations, tools, logFolder } = inject("deployment");
const terraform = (cliConfiguration: string): Terraform =>
  new Terraform({
    binary: tools.terraform,
    environment: terraformEnvironment(process.env, cliConfiguration),
    log: path.join(logFolder, "terraform-examples.log"),
  });

let copies: string;
let files: string[];
beforeAll(async () => {
  copies = await mkdtemp(path.join(tmpdir(), "examples-"));
  files = [];
  for await (const file of glob("examples/**/*.tf")) files.push(file);
  files.sort();
});
afterAll(async () => {
  await rm(copies, { recursive: true, force: true });
});

/** What provider 5.100.0, which stands in where no newer one is at hand, says of a runtime that is newer than itself. */
const NEWER_RUNTIME = /^aws_lambda_function[.]subscriber: expected runtime to be one of .*, got nodejs24[.]x$/;

/** What docs/events.md shows is from these files, word for word (`__tests__/docs/events.test.ts`). */
describe("the Terraform of the examples", () => {
  it("is valid and formatted, each folder by itself", async () => {
    expect(files.map((file) => path.dirname(file))).toEqual([
      "examples/lambda-subscriber",
      "examples/subscriber",
      "examples/subscriber/reader-role",
    ]);
    for (const file of files) {
      const where = path.join(copies, path.dirname(file).replaceAll("/", "-"));
      await cp(file, path.join(where, path.basename(file)));
      expect(await terraform(cliConfigurations.mirror).unformatted(where), file).toEqual([]);
      const installed = await installProvider(where, cliConfigurations, terraform);
      const problems = (await installed.terraform.validate(where)).map(({ address, summary }) => `${address}: ${summary}`);
      const isTooOld = installed.instead !== undefined && file.includes("lambda");
      expect(problems, file).toEqual(isTooOld ? [expect.stringMatching(NEWER_RUNTIME)] : []);
    }
  });
});
