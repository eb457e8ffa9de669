export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

/** What Prometheus' text format holds (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function readSamples(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (name === undefined) return []
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
    return {
      name,
      labels: Object.fromEntries(pairs.map(([, key = '', text = '']) => [key, text])),
      value: Number(value)
    }
  })
}

export const scrape = async (origin: string): Promise<Sample[]> =>
  readSamples(await (await fetch(`${origin}/metrics`)).text())

/** The value of the one sample that has these labels; undefined for none. */
export function sampleOf(samples: Sample[], name: string, labels: Record<string, string> = {}) {
  const found = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text)
  )
  if (found.length > 1) throw new Error(`there are ${found.length} samples of ${name}`)
  return found[0]?.value
}
