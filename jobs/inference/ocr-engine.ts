import { createRequire } from "node:module";
import path from "node:path";
import tesseract from "tesseract.js";
import type { Page } from "./page-image.ts";

export interface Recognition {
  readonly text: string;
  /** Mean over the words, 0 to 100. */
  readonly confidence: number;
}

export interface RecognitionSettings {
  readonly signal: AbortSignal;
  /** Called with the share of the page that has been read, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

/** The models of the data package that fit the LSTM engine alone; they are a quarter of the size of the others. */
const MODELS = "4.0.0_best_int";

/** Starting an engine takes as long as reading a small page, so a thread keeps its own for the jobs that follow. */
const engines = new Map<string, Promise<tesseract.Worker>>();
let onProgress: RecognitionSettings["onProgress"] = () => {};

/**
 * Reads a page with this thread's engine for the language. A thread runs one job at a time, so calls must not overlap.
 *
 * @param language a language whose data package, `@tesseract.js-data/<language>`, is installed.
 * @throws the signal's reason once it is aborted.
 */
export async function recognise(page: Page, language: string, settings: RecognitionSettings): Promise<Recognition> {
  const { signal } = settings;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  onProgress = settings.onProgress;
  try {
    // An engine that is still starting is not disturbed by an abort: the next job will need it.
    const engine = await Promise.race([startedEngine(language), aborted.promise]);
    try {
      const { data } = await Promise.race([engine.recognize(portableGreymap(page)), aborted.promise]);
      return { text: data.text, confidence: data.confidence };
    } catch (error) {
      // The engine hears no signal, and after an error of its own its state is unknown: the next job starts another one.
      engines.delete(language);
      await engine.terminate();
      throw error;
    }
  } catch (error) {
    // The engine rejects with strings.
    throw typeof error === "string" ? new Error(`the OCR engine failed: ${error}`) : error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    onProgress = () => {};
  }
}

async function startedEngine(language: string): Promise<tesseract.Worker> {
  const engine = engines.get(language) ?? startEngine(language);
  engines.set(language, engine);
  try {
    return await engine;
  } catch (error) {
    engines.delete(language);
    throw error;
  }
}

async function startEngine(language: string): Promise<tesseract.Worker> {
  // `createWorker` never settles when the language data cannot be read; its error handler is told.
  const failed = Promise.withResolvers<never>();
  const dataPackage = createRequire(import.meta.url).resolve(`@tesseract.js-data/${language}/package.json`);
  const started = tesseract.createWorker(language, tesseract.OEM.LSTM_ONLY, {
    langPath: path.join(path.dirname(dataPackage), MODELS),
    // The container's file system is read-only.
    cacheMethod: "none",
    logger: ({ status, progress }) => {
      if (status === "recognizing text") onProgress(progress);
    },
    errorHandler: failed.reject,
  });
  return await Promise.race([started, failed.promise]);
}

/** The plainest of image files: nothing is left for the engine to decode, or to get wrong. */
function portableGreymap({ width, height, pixels }: Page): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);
}
