import { describe, expect, it } from "vitest";
import { startSettings } from "../../local/start-settings.ts";

describe("the settings of npm start", () => {
  it("have defaults", () => {
    expect(startSettings([], {})).toEqual({ port: 3_000, speed: 1, watch: false });
  });

  it("come from the command line and PORT", () => {
    expect(startSettings(["--speed", "60", "--max-workers=3", "--watch"], { PORT: "0" })).toEqual({
      port: 0,
      speed: 60,
      maxWorkers: 3,
      watch: true,
    });
  });

  it("let an option's value be left out", () => {
    expect(startSettings(["--inspect", "--watch"], {})).toMatchObject({ inspect: "", watch: true });
    expect(startSettings(["--keep"], {})).toMatchObject({ keep: ".local/kept" });
    expect(startSettings(["--keep=mine"], {})).toMatchObject({ keep: "mine" });
    expect(startSettings(["--inspect=report"], {})).toMatchObject({ inspect: "report", watch: false });
  });

  it("are none when help is asked for", () => {
    expect(startSettings(["--help"], {})).toBeUndefined();
  });

  it.each([
    [["--speed", "fast"], {}, '--speed is "fast"; allowed: a number from 0.01 to 1000'],
    [["--speed", "0"], {}, '--speed is "0"'],
    [["--max-workers", "1.5"], {}, '--max-workers is "1.5"; allowed: a whole number from 1 to 1000'],
    [[], { PORT: "99999" }, 'PORT is "99999"; allowed: a whole number from 0 to 65535'],
    [
      ["--spede", "3"],
      {},
      'the command line is "--spede 3"; allowed: --speed N, --max-workers N, --inspect[=TYPE], --keep[=FOLDER], --watch, --help',
    ],
  ])("refuse %j %j in one sentence", (args, variables, message) => {
    expect(() => startSettings(args, variables)).toThrow(message);
  });
});
