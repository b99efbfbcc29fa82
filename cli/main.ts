#!/usr/bin/env node
import { run } from "./run.ts";

process.exitCode = await run(process.argv.slice(2), process);
// What waits for more, such as a terminal that is read, is not waited for.
process.exit();
