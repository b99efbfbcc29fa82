import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { UsageError } from "../cli-error.ts";
import type { Cli } from "../verb.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** What a value stands for: itself, `@file` the file's content, and `-` what comes in. @throws UsageError */
export async function readText(option: string, given: string, { stdin }: Pick<Cli, "stdin">): Promise<string> {
  if (given === "-") return await readInput(option, stdin);
  if (!given.startsWith("@")) return given;
  return await readUtf8(option, given.slice(1));
}

/** All that comes in. @throws UsageError where it is a terminal, at which a person would wait as well. */
export async function readInput(option: string, stdin: NodeJS.ReadStream): Promise<string> {
  if (stdin.isTTY === true) throw new UsageError(`${option} is "-", but nothing is piped in`);
  return await text(stdin);
}

async function readUtf8(option: string, file: string): Promise<string> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    throw new UsageError(`${option} names ${file}, which cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  try {
    // Without a byte order mark, which some editors write.
    return UTF8.decode(content);
  } catch {
    throw new UsageError(`${option} names ${file}, which is not text in UTF-8`);
  }
}
