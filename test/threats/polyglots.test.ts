import sharp from 'sharp'
import t from 'tap'
import { buildTestApp } from '../helper.ts'
import { MARKER, polyglots, TRACES } from '../hostile/polyglots.ts'

/**
 * Files that are a picture and a page, a program or an archive as well (multica issue 3022, strapi issue 23088): refused, or
 * drawn anew without the payload; whatever is served, a browser runs none of it, under a name that the server chose.
 */
const NAMES: [name: string, type: string][] = [
  ['x.html', 'text/html'],
  ['x.svg', 'image/svg+xml'],
  ['x.jpg.php', 'application/x-httpd-php'],
  ['x.jar', 'application/java-archive'],
  ['../../x.js', 'text/javascript'],
  ['x.xml', 'application/xhtml+xml'],
  ['x.jpg', 'image/jpeg']
]

const SAFE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin'
}
const TYPES: Record<string, string> = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp' }

const hasTrace = (bytes: Buffer) => TRACES.filter((trace) => bytes.includes(trace, 0, 'latin1'))

t.test(
  'a polyglot is refused, or loses its payload; it is served as a picture and nothing else',
  async (t) => {
    const { signUp, update, call, pictures, uploads } = await buildTestApp(t)
    const ada = await signUp()
    let [refused, stored] = [0, 0]
    for (const [kind, files] of Object.entries(await polyglots())) {
      // One of each way; all of them are tried one layer below.
      const ways = new Map(files.map(([name, bytes]) => [name.replace(/^\S+ /, ''), { name, bytes }]))
      for (const [index, { name, bytes }] of [...ways.values()].entries()) {
        const [fileName, type] = NAMES[index % NAMES.length] ?? ['x', '']
        t.ok(bytes.includes(MARKER))
        const response = await update(ada, { form: [['avatar', { bytes, name: fileName, type }]] })
        t.strictSame(uploads(), [])
        if (response.statusCode === 400) {
          refused++
          continue
        }
        t.equal(response.statusCode, 200, `${kind}, ${name}: ${response.body}`)
        stored++
        const url: string = response.json().avatar
        const [, ending = ''] = /^\/media\/avatars\/[0-9a-f]{32}\.(jpg|png|webp)$/.exec(url) ?? []
        t.ok(ending, `${url} is the server’s choice`)
        t.equal(pictures().filter((one) => !one.includes('@')).length, 1)
        for (const path of [url, url.replace(/\.\w+$/, '@64.webp')]) {
          const { statusCode, headers, rawPayload } = await call('GET', path)
          t.equal(statusCode, 200)
          t.match(headers, { ...SAFE, 'content-type': path === url ? TYPES[ending] : 'image/webp' })
          t.strictSame(hasTrace(rawPayload), [], `${kind}, ${name}`)
          t.ok((await sharp(rawPayload).metadata()).width)
        }
      }
    }
    t.ok(refused > 5 && stored > 5, `${refused} refused, ${stored} stored`)
  }
)

t.test('what a browser would run, and is no picture, is refused under any name', async (t) => {
  const { signUp, update, pictures, uploads } = await buildTestApp(t)
  const ada = await signUp()
  const script = '<script>alert(1)</script>'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${script}</svg>`
  const files = [
    svg,
    `<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg.replace(script, '&x;')}`,
    `\ufeff  \n${svg}`,
    `<!-- ${'-'.repeat(5000)} -->${svg}`,
    `<html>${script}</html>`,
    `GIF89a/*${script}*/=1;`,
    `%PDF-1.4\n${script}`,
    'II*\0',
    `push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'https://example.com/x.png'\npop graphic-context`,
    '%!PS\n(x) run',
    '/* XPM */\nstatic char *x[] = { "1 1 1 1", "a c #000000", "a" };',
    'P6 1 1 255 abc',
    'P1 1 1 1',
    '#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\nabcd',
    'SIMPLE  =                    T'.padEnd(80) + 'END'.padEnd(2800),
    'width height 1 1\n0,0,0'
  ]
  for (const text of files) {
    for (const [name, type] of NAMES) {
      const form: Parameters<typeof update>[1]['form'] = [
        ['avatar', { bytes: Buffer.from(text), name, type }]
      ]
      t.equal((await update(ada, { form })).statusCode, 400, `${name}: ${text.slice(0, 30)}`)
    }
  }
  const compressed = Buffer.from(
    await new Response(new Blob([svg]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
  )
  t.equal((await update(ada, { form: [['avatar', { bytes: compressed, name: 'x.svgz' }]] })).statusCode, 400)
  t.strictSame([pictures(), uploads()], [[], []])
})

t.test('a name of a user gets into no drawing as markup', async (t) => {
  const { signUp, call, sql } = await buildTestApp(t)
  const ada = await signUp()
  for (const name of [
    '<script>alert(1)</script>',
    '"/><b',
    '&lt;',
    "'onload='",
    ']]>',
    '\u0000x',
    '{{7*7}}'
  ]) {
    sql('update users set first_name = ?, last_name = ? where id = ?', name, name, ada.id)
    const { headers } = await call('GET', `/api/avatars/${ada.id}/`)
    const drawn = await call('GET', String(headers.location))
    t.equal(drawn.statusCode, 200, name)
    t.match(drawn.headers, { ...SAFE, 'content-type': 'image/svg+xml' })
    t.notMatch(drawn.body, /script|<b|onload|&|\{\{/, name)
  }
  for (const name of ['%3Cb%3E-1.svg', '%22%2F-1.svg', '%26lt-1.svg', "'x'-1.svg"])
    t.equal((await call('GET', `/media/placeholders/${name}`)).statusCode, 404, name)
})
