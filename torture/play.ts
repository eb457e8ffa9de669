import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome, Scenario, ScenarioOptions } from './harness/scenario.ts'

/** Runs a scenario in a folder of its own; what it throws is a failure. */
export async function play(scenario: Scenario, options: Omit<ScenarioOptions, 'folder'>): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), `torture-${scenario.name}-`))
  try {
    return await scenario.run({ ...options, folder })
  } catch (error) {
    const sentence = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { counts: {}, failures: [`The scenario itself failed: ${sentence}`] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
