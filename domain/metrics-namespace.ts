/** The CloudWatch namespace of this system's own metrics, those of the Lambdas and of the workers alike. */
export const METRICS_NAMESPACE = "AutoscalingJobQueues";
