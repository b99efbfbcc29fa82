import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { hasProgram } from "../support/programs.ts";
import { shellBlocks } from "../support/runbooks.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runCaptured } from "./run-captured.ts";

/**
 * In place of the commands of a block: the AWS CLI checks its parameters by the services' models before it calls, and nobody is there whom it
 * could reach. `--cli-binary-format` is of its version 2 alone, and means what version 1 does anyway.
 */
const CHECKED = `
aws() {
  local args=()
  for arg in "$@"; do case $arg in --cli-binary-format | raw-in-base64-out) ;; *) args+=("$arg") ;; esac; done
  command aws "\${args[@]}" > /dev/null 2> error
  grep -q "Could not connect to the endpoint URL" error || echo "aws $*: $(cat error)" >> wrong
  echo "$1 $2" >> checked
  echo arn:aws:dynamodb:us-east-1:444455556666:table/answer
}
terraform() { echo output; }
npm() { echo output; }
curl() { :; }
jq() { echo value; }
echo '{}' > event.json
`;

describe.runIf(hasProgram("aws"))("the AWS CLI's commands of docs/operations.md", () => {
  it("have parameters that the services take", async () => {
    const cwd = await temporaryFolder("checked");
    const { AWS_PROFILE: _, ...variables } = process.env;
    const nobody = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_MAX_ATTEMPTS: "1", AWS_DEFAULT_REGION: "us-east-1" };
    const environment = { ...variables, ...nobody, id: "document_01JCQ8N6V4W2X9Y7Z5T3R1P0MK" };
    for (const block of shellBlocks(await readFile("docs/operations.md", "utf8"))) {
      const { stderr } = await runCaptured("bash", ["-c", `${CHECKED}${block}`], { cwd, environment });
      expect(stderr, block).toBe("");
    }
    expect(await readFile(path.join(cwd, "wrong"), "utf8").catch(() => "")).toBe("");
    const checked = await readFile(path.join(cwd, "checked"), "utf8");
    expect(checked.split("\n").length).toBeGreaterThan(25);
    expect(checked).toContain("ce get-cost-and-usage\n");
  });
});
