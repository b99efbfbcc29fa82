import type { Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { BATCH_ID, inventedSuite } from "./invented-suite.ts";

const suite = inventedSuite();
let page: Page;
afterEach(async () => await page.context().close());

const open = async (address: string, ready: string): Promise<void> => {
  page = await suite.pages.open(address);
  await page.locator(ready).first().waitFor();
};
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const inDialog = (name: string | RegExp) => page.getByRole("dialog").getByRole("button", { name });
const path = (): string => `${new URL(page.url()).pathname}${new URL(page.url()).search}`;

describe("from the overview, in three clicks", () => {
  it("an operator sees what failed, why, and does it again", async () => {
    await open("/", ".count-failed b");
    await page.locator("article[aria-label=etl] .count-failed").click();
    expect(path()).toBe("/jobs?type=etl&status=FAILED");
    await page.locator(`a[data-job="${suite.story.failed.id}"]`).click();
    await page.locator(".why-summary").waitFor();
    expect(await page.locator(".why").innerText()).toContain("trying again cannot help");
    await button("Retry").click();
    await inDialog("Retry").click();
    await page.locator(".status-queued").first().waitFor();
    expect(suite.api.done).toEqual([`/jobs/${suite.story.failed.id}/retry`]);
    await page.goBack();
    await page.locator(".status-failed").first().waitFor();
  });

  it("pauses a type for a reason, and resumes another", async () => {
    await open("/types/document", ".number");
    await button("Pause").click();
    await page.getByRole("dialog").getByRole("textbox").fill("the printer burns");
    await inDialog("Pause").click();
    await page.locator(".notice-warn").waitFor();
    await button("Resume").click();
    await inDialog("Resume").click();
    await button("Pause").waitFor();
    expect(suite.api.done).toEqual(['/job-types/document/pause {"reason":"the printer burns"}', "/job-types/document/resume"]);
  });
});

describe("a list", () => {
  it("has its filters in the address, with a step back for each", async () => {
    await open("/jobs", ".job-row");
    await button("Failed").click();
    await page.locator("#tag").fill("team:risk");
    await page.keyboard.press("Enter");
    await page.locator(".tag-button").waitFor();
    expect(path()).toBe("/jobs?status=FAILED&tag=team%3Arisk");
    await page.goBack();
    await page.locator(".tag-button").waitFor({ state: "detached" });
    expect(path()).toBe("/jobs?status=FAILED");
  });

  it("retries what is selected, after a question", async () => {
    await open("/jobs?status=FAILED&type=etl", ".job-row");
    const count = await page.locator(".job-row").count();
    await page.getByLabel("Select all shown").check();
    await button(`Retry ${count}`).click();
    await inDialog("Leave as it is").click();
    expect(suite.api.done).toEqual([]);
    await button(`Retry ${count}`).click();
    await inDialog(`Retry ${count}`).click();
    await page.locator(".selection").waitFor({ state: "detached" });
    expect(suite.api.done).toHaveLength(count);
  });

  it("is gone through, selected in and opened by keys", async () => {
    await open("/jobs", ".job-row");
    for (const key of ["j", "j", "k", "j", "x"]) await page.keyboard.press(key);
    const id = suite.api.jobs[1]!.id;
    await page.locator(`a[data-job="${id}"]:focus`).waitFor();
    expect(await page.locator(".selection b").innerText()).toBe("1 job selected");
    await page.keyboard.press("Enter");
    await page.locator(".timeline").waitFor();
    expect(path()).toBe(`/jobs/${id}`);
    await page.keyboard.press("Escape");
    await page.locator(".job-row").first().waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.keyboard.type(BATCH_ID);
    await page.keyboard.press("Enter");
    await page.locator(".stack").waitFor();
    expect(path()).toBe(`/batches/${BATCH_ID}`);
  });
});

describe("a job that is shown", () => {
  it("changes by itself, and is cancelled after a question", async () => {
    const { running } = suite.story;
    await open(`/jobs/${running.id}`, ".progress");
    suite.api.jobs = suite.api.jobs.map((job) =>
      job.id === running.id ? { ...job, progress: { fraction: 0.9, message: "almost" } } : job,
    );
    await page.getByText("90% almost").waitFor();
    await button("Cancel").click();
    await inDialog("Cancel the job").click();
    await page.getByText("Asked to stop").waitFor();
    expect(suite.api.done).toEqual([`/jobs/${running.id}/cancel`]);
  });

  it("tells what the workers of its type said last, where they do not start", async () => {
    await open(`/jobs/${suite.story.waiting.id}`, ".why .log");
    expect(await page.getByRole("log", { name: "What its workers said last" }).innerText()).toContain("ERR_MODULE_NOT_FOUND");
    expect(await page.locator(".why").innerText()).toContain("TasksDoNotStart");
  });
});

describe("what goes wrong is told in one sentence", () => {
  it.each([
    [403, { message: "The security token included in the request is expired" }, /^Your credentials have expired/],
    [403, { message: "Forbidden" }, /^You may not do this/],
    [500, { code: "InternalError", detail: "something is broken" }, /^The job types could not be read: Something is broken\.$/],
  ])("%d %j", async (status, body, sentence) => {
    suite.api.failure = { status, body };
    await open("/", ".notice-bad");
    expect(await page.locator(".notice-bad").first().innerText()).toMatch(sentence);
    suite.api.failure = undefined;
    await page.reload();
    await page.locator(".card").first().waitFor();
    expect(await page.locator(".notice-bad").count()).toBe(0);
  });
});
