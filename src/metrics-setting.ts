/** Where Prometheus asks for numbers. */
export interface MetricsSetting {
  host: string
  /** 0 for any that is free. */
  port: number
}

/** Marks what the system refuses to the port of metrics, beside the service's own. */
export const METRICS_LISTENER = 'metrics'
