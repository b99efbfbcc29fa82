/** recheck in JavaScript alone: the package's main file would start a native program or Java where it finds them. */
declare module "recheck/lib/browser.js" {
  const recheck: Pick<typeof import("recheck"), "checkSync">;
  export = recheck;
}
