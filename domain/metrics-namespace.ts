/** The CloudWatch namespace of this system's own metrics, of the Lambdas and of the workers alike. */
export const METRICS_NAMESPACE = "AutoscalingJobQueues";

/** Powertools' own variable: an environment has a namespace of its own, as two of one account must not count together. */
export const METRICS_NAMESPACE_VARIABLE = "POWERTOOLS_METRICS_NAMESPACE";

/** The namespace that this Lambda or container writes to. @default {@link METRICS_NAMESPACE}, on one machine */
export function metricsNamespace(variables: NodeJS.ProcessEnv = process.env): string {
  return variables[METRICS_NAMESPACE_VARIABLE] || METRICS_NAMESPACE;
}
