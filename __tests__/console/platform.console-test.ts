import { afterAll, beforeAll, expect, it } from "vitest";
import { connect } from "../../cli/connect.ts";
import { consoleLogs } from "../../cli/console/console-logs.ts";
import type { ReadLogs } from "../../cli/console/handle-request.ts";
import { JobsClient } from "../../client/jobs-client.ts";
import { type CliPlatform, startCliPlatform } from "../cli/cli-platform.ts";
import { consolePages } from "./console-page.ts";

let platform: CliPlatform;
let client: JobsClient;
let logs: ReadLogs;
beforeAll(async () => {
  platform = await startCliPlatform(["canary"]);
  client = new JobsClient({ url: platform.api });
  logs = consoleLogs(connect(platform.api, {}, platform), client, {});
});
afterAll(async () => await platform.stop());
const pages = consolePages(
  () => platform.api,
  async (...asked) => await logs(...asked),
);

it("shows a job of the platform on this machine to its end, why it failed and what it logged, and does it again", async () => {
  const failed = await client.addAndWait("canary", { op: "fail", message: "no <i>luck</i>", permanent: true });
  const page = await pages.open("/");
  await page.locator("article[aria-label=canary] .count-failed").click();
  await page.locator(`a[data-job="${failed.id}"]`).click();
  await page.getByText("no <i>luck</i>").first().waitFor();
  await page.locator(".why-summary").waitFor();
  await page.locator(".log").first().waitFor();
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Retry" }).click();
  await page.getByText("Does again").waitFor();
  const again = page.url().split("/").at(-1) ?? "";
  expect((await client.wait(again)).retryOf).toBe(failed.id);
  await page.locator(".title-row .status-failed").waitFor();
  await page.context().close();
});

it("reads what the workers of a type said last, and nothing of a type that has none", async () => {
  await client.addAndWait("canary", { op: "echo", value: 1 });
  const [first = ""] = await logs("canary", AbortSignal.timeout(10_000));
  expect(JSON.parse(first)).toMatchObject({ service: "worker", timestamp: expect.any(String) });
  expect(await logs("document", AbortSignal.timeout(10_000))).toEqual([]);
});

it("pauses the type and resumes it", async () => {
  const page = await pages.open("/types/canary");
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("a look at the disk");
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await page.getByText("a look at the disk").waitFor();
  const waiting = await client.add("canary", { op: "echo", value: 1 });
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
  expect((await client.wait(waiting)).status).toBe("SUCCEEDED");
  await page.context().close();
});
