import { spawnSync } from "node:child_process";

/** Whether a program is installed. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0;
}

/** Whether Python is there, as the example needs it. */
export function hasPython(): boolean {
  return runsInPython("import sys; assert sys.version_info >= (3, 10)");
}

export function hasPythonPackage(name: string): boolean {
  return runsInPython(`import ${name}`);
}

function runsInPython(code: string): boolean {
  return spawnSync("python3", ["-c", code], { stdio: "ignore" }).status === 0;
}
