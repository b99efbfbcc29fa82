import { afterAll } from "vitest";
import { cleanUpFile } from "./after-file.ts";

// Vitest runs this for each test file, also where they share a process, and what is registered first is done last.
afterAll(cleanUpFile);
