type CleanUp = () => unknown;

const cleanUps: CleanUp[] = [];

/**
 * Has something be done after the tests of the file that runs. For what several files import: an `afterAll` there would be registered by the
 * first of them alone, where files share a process.
 */
export function afterFile(cleanUp: CleanUp): void {
  cleanUps.push(cleanUp);
}

/** Does what there is to do so far. */
export async function cleanUpFile(): Promise<void> {
  await Promise.all(cleanUps.splice(0).map(async (cleanUp) => await cleanUp()));
}
