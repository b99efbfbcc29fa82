/** An error of AWS's own services, in one sentence. @param what was to be done, such as `read the logs`. */
export function awsSentence(what: string, error: unknown): string {
  const { name, message } = error as Error;
  const said = message.replace(/\s+/g, " ").replace(/[.]$/, "");
  if (/expired/i.test(`${name} ${said}`)) return `your AWS credentials have expired: log in again to ${what}`;
  if (/AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden/i.test(name)) return `you may not ${what}: ${said}`;
  if (/Credentials|Token|SignatureDoesNotMatch/i.test(name)) return `AWS does not take your credentials, to ${what}: ${said}`;
  if (/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|TimeoutError|NetworkingError/.test(`${name} ${codeOf(error)}`)) {
    return `AWS was not reached, to ${what}: ${said || codeOf(error)}`;
  }
  return `AWS refused to ${what}: ${name}: ${said}`;
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? "");
}
