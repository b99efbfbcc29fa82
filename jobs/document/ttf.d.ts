/** A font as a file beside the bundle: its URL, relative to the module that imports it. */
declare module "*.ttf" {
  const url: string;
  export default url;
}
