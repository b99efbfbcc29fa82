/** Names of environment variables that are not a job type's to set: this system's, AWS's, Node's and the system's own. */
const TAKEN_PREFIXES = ["JOB_", "JOBS_", "AWS_", "ECS_", "LAMBDA_", "POWERTOOLS_", "NODE_", "NPM_", "UV_", "LD_", "DYLD_", "_"];
const TAKEN = [
  "PATH",
  "HOME",
  "TMPDIR",
  "PWD",
  "OLDPWD",
  "SHLVL",
  "SHELL",
  "USER",
  "LOGNAME",
  "HOSTNAME",
  "LOG_LEVEL",
  "TRACEPARENT",
  "TRACESTATE",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "FORCE_COLOR",
  "NO_COLOR",
];

export const VARIABLE_RULE = `1 to 128 letters, digits and underscores, a letter first, and none of this system's, AWS's or Node's names (${TAKEN_PREFIXES.map((prefix) => `${prefix}*`).join(", ")}, ${TAKEN.join(", ")})`;

/** Whether a job type may have a variable of this name. */
export function isFreeVariable(name: string): boolean {
  const upper = name.toUpperCase();
  return (
    /^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name) &&
    !TAKEN.includes(upper) &&
    !TAKEN_PREFIXES.some((prefix) => upper.startsWith(prefix))
  );
}
