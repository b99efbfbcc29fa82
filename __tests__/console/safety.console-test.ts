import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import type { Job } from "../../cli/console/page/data/types.ts";
import { complaints } from "./console-page.ts";
import { inventedSuite } from "./invented-suite.ts";

const suite = inventedSuite(20);
const EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

it("shows what jobs, errors and logs say as text, whatever it is", async () => {
  const [job] = suite.api.jobs;
  const evil = {
    ...job,
    ...{ status: "FAILED", input: { [EVIL]: EVIL }, tags: { [EVIL]: EVIL }, owner: EVIL, error: { code: EVIL, message: EVIL } },
    attempts: [{ attempt: 1, endedAt: job!.createdAt, outcome: EVIL, error: { code: EVIL, message: EVIL }, worker: EVIL }],
  } as unknown as Job;
  suite.api.jobs = [evil];
  suite.api.why.set(evil.id, { code: "Ended", summary: EVIL, nextStep: EVIL, facts: { [EVIL]: EVIL }, unread: [EVIL] });
  for (const address of [`/jobs/${evil.id}`, "/jobs", "/"]) {
    const page = await suite.pages.open(address);
    await page.locator(".why, .job-row, .card").first().waitFor();
    expect(await page.locator("img, main script").count()).toBe(0);
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(complaints.get(page)).toEqual([]);
    await page.context().close();
  }
});

it("shows marks that turn the direction of text as codes, and lets no long word widen the page", async () => {
  const [job] = suite.api.jobs;
  const message = `\u202egnp.exe${"x".repeat(900)}`;
  const failed = {
    ...job,
    status: "FAILED",
    input: { message },
    error: { code: "HandlerError", message },
    attempts: [],
  } as unknown as Job;
  suite.api.jobs = [failed];
  suite.api.why.set(failed.id, { code: "Ended", summary: message, nextStep: "", facts: { errorMessage: message } });
  const page = await suite.pages.open(`/jobs/${failed.id}`, { viewport: { width: 360, height: 740 } });
  await page.locator(".why").waitFor();
  const shown = await page.locator("main").innerText();
  expect(shown).not.toContain("\u202e");
  expect(shown.split("\\u202egnp.exe").length).toBeGreaterThanOrEqual(5);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  await page.context().close();
});

it("keeps the token out of the address and the history, and works in another tab", async () => {
  const page = await suite.pages.open("/jobs?status=QUEUED");
  await page.locator(".job-row").first().waitFor();
  expect(new URL(page.url()).search).toBe("?status=QUEUED");
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.locator(".job-row").first().waitFor();
  await page.context().close();
});

it("answers no page of another origin, frames in none, and tells it nothing", async () => {
  const { port, token } = suite.pages.server;
  const console_ = `http://127.0.0.1:${port}`;
  const attacks = `
    const told = [];
    const tell = (name) => (promise) => promise.then((r) => told.push(name + " " + r.type + " " + r.status), () => told.push(name + " refused"));
    await Promise.all([
      tell("read")(fetch("${console_}/api/jobs", { credentials: "include" })),
      tell("read with the header")(fetch("${console_}/api/jobs", { headers: { "x-console-token": "${token}" } })),
      tell("cancel")(fetch("${console_}/api/jobs/etl_1/cancel", { method: "POST", mode: "no-cors", credentials: "include" })),
    ]);
    return told;`;
  const evil = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<iframe src="${console_}/?token=${token}"></iframe><script src="${console_}/assets/x.js"></script>`);
  });
  await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
  // The one who runs the console has it open in the same browser.
  const own = await suite.pages.open("/");
  await own.locator(".card").first().waitFor();
  const page = await own.context().newPage();
  for (const host of ["localhost", "127.0.0.1"]) {
    await page.goto(`http://${host}:${(evil.address() as AddressInfo).port}/`);
    const told = (await page.evaluate(`(async () => {${attacks}})()`)) as string[];
    expect(told.toSorted()).toEqual(["cancel refused", "read refused", "read with the header refused"]);
    const frame = page.frames().find((one) => one.parentFrame() !== null);
    expect(await frame?.locator(".card").count()).toBe(0);
  }
  expect(suite.api.done).toEqual([]);
  evil.closeAllConnections();
  evil.close();
  await own.context().close();
});
