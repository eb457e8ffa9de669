/** Of a parsed body: its numbers as they were written, by the field's name. */
const WRITTEN = Symbol('numbers as they were written')

/**
 * Keeps how the numbers of a body's own fields were written, because a number as JavaScript has it may be another one
 * (9007199254740993 becomes 9007199254740992, 1e400 Infinity). Bodies without any, which most are, are not looked at.
 * @param text the JSON that the body was parsed from
 * @throws {RangeError} where it is nested too deep
 */
export function keepWrittenNumbers(body: unknown, text: string): void {
  if (typeof body !== 'object' || body === null) return
  if (!Object.values(body).some((value) => typeof value === 'number')) return
  const found: { holder: unknown; name: string; source: string }[] = []
  let root: unknown
  JSON.parse(text, function (this: unknown, name: string, value: unknown, context?: { source?: string }) {
    if (typeof value === 'number') found.push({ holder: this, name, source: context?.source ?? '' })
    // The outermost value comes last.
    root = value
    return value
  })
  const own = found.filter(({ holder }) => holder === root)
  Reflect.set(body, WRITTEN, new Map(own.map(({ name, source }) => [name, source])))
}

/** The text of a number in a body, of an integer all its digits; undefined where that would be another number than was sent. */
export function numberAsText(body: object, name: string, value: number): string | undefined {
  const written: ReadonlyMap<string, string> | undefined = Reflect.get(body, WRITTEN)
  const source = written?.get(name)
  // A part of a form that came as JSON.
  if (source === undefined) return isKept(value) ? String(value) : undefined
  if (/^-?\d+$/.test(source)) return source === '-0' ? '0' : source
  const text = String(value)
  return isSameNumber(source, text) ? text : undefined
}

/** Whether a number can be the one that was sent, as far as that can be told without knowing how it was written. */
const isKept = (value: number) => Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i

function isSameNumber(one: string, other: string): boolean {
  const [a, b] = [readDecimal(one), readDecimal(other)]
  return a !== undefined && b !== undefined && a.digits === b.digits && a.exponent === b.exponent
}

/** A decimal number as its digits, without noughts at their ends, and the power of ten that they are multiplied by. */
function readDecimal(text: string): { digits: string; exponent: number } | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  if (whole === '') return undefined
  const all = withoutLeading(whole + fraction)
  const digits = withoutTrailing(all)
  if (digits === '') return { digits: '0', exponent: 0 }
  return { digits: sign + digits, exponent: Number(exponent) - fraction.length + all.length - digits.length }
}

function withoutLeading(digits: string): string {
  let start = 0
  while (digits[start] === '0') start++
  return digits.slice(start)
}

function withoutTrailing(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '0') end--
  return digits.slice(0, end)
}
