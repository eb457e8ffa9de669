/** What a scenario is given. */
export interface ScenarioOptions {
  /** `full` for a run by hand, `ci` for one that takes a minute at most. */
  size: 'full' | 'ci'
  /** What its random choices begin with; the same seed makes the same ones. */
  seed: number
  /** An empty folder of its own, removed afterwards. */
  folder: string
  /** Tells whoever watches how far it is. */
  say(text: string): void
}

export interface Outcome {
  /** What was done and found, such as `{ cycles: 200, losses: 0 }`, in the order in which it is shown. */
  counts: Record<string, number>
  /** The same of each kind of fault, by its name: a table, with a row for each. */
  faults?: Record<string, Record<string, number>>
  /** What must not have happened and did, a sentence each; empty where all is well. */
  failures: string[]
}

/** One kind of fault, made on a service that runs as a process of its own. */
export interface Scenario {
  /** As `--only` names it. */
  name: string
  /** One sentence for the report. */
  title: string
  run(options: ScenarioOptions): Promise<Outcome>
}
