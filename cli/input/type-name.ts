const TYPE_NAME = /^[a-z](?:-?[a-z0-9])*$/;

/** Whether a text is the name of a job type rather than an ID: that has an underscore. */
export function isTypeName(text: string): boolean {
  return TYPE_NAME.test(text);
}
