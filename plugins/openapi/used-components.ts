type Json = Record<string, unknown>

const REFERENCE = /"#\/components\/schemas\/(\w+)"/g

/** Components without the schemas that no path comes to. */
export function usedComponents(components: unknown, paths: Json): Json {
  const { schemas = {}, ...rest } = components as { schemas?: Json }
  const used = new Set<string>()
  const follow = (value: unknown) => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(REFERENCE)) {
      if (used.has(name)) continue
      used.add(name)
      follow(schemas[name])
    }
  }
  follow(paths)
  return { ...rest, schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))) }
}
