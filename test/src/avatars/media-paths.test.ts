import t from 'tap'
import { mediaKeyAt, mediaKeyFromPath, mediaPath, mediaUrlPath } from '../../../src/avatars/media-paths.ts'
import type { MediaKey } from '../../../src/avatars/media-store.ts'

const STEM = '0123456789abcdef0123456789abcdef'

t.test('paths and keys are each other’s, and URLs are Django’s', async (t) => {
  // URLs by Python 3.11: quote(path, safe="/~!*()'"), which is what Django 5.2's filepath_to_uri does.
  const all: [path: string, key: string, url: string][] = [
    ['avatars/alice.png', 'alice.png', 'avatars/alice.png'],
    [
      'avatars/alice@example.com (1).jpg',
      'alice@example.com (1).jpg',
      'avatars/alice%40example.com%20(1).jpg'
    ],
    ['avatars/100%25.png', '100%25.png', 'avatars/100%2525.png'],
    ['avatars/añil', 'añil', 'avatars/a%C3%B1il'],
    ['avatars/2024/alice.png', '%2Favatars%2F2024%2Falice.png', 'avatars/2024/alice.png'],
    ['avatar/alice.png', '%2Favatar%2Falice.png', 'avatar/alice.png'],
    ['Avatars/alice.png', '%2FAvatars%2Falice.png', 'Avatars/alice.png'],
    ['avatars', '%2Favatars', 'avatars'],
    ['foo.jpg', '%2Ffoo.jpg', 'foo.jpg'],
    [
      'profile_pics/2024/05/foo_Xy12.jpg',
      '%2Fprofile_pics%2F2024%2F05%2Ffoo_Xy12.jpg',
      'profile_pics/2024/05/foo_Xy12.jpg'
    ],
    ['users/añil.png', '%2Fusers%2Fañil.png', 'users/a%C3%B1il.png'],
    ['users/an\u0303il.png', '%2Fusers%2Fan\u0303il.png', 'users/an%CC%83il.png'],
    ['users/日本/😀.webp', '%2Fusers%2F日本%2F😀.webp', 'users/%E6%97%A5%E6%9C%AC/%F0%9F%98%80.webp'],
    ['a/100%.jpg', '%2Fa%2F100%25.jpg', 'a/100%25.jpg'],
    [
      'a b/c+d=e&f,g;h:i?j#k%l$m\'n(o)p*q!r~s[t]{u}|v^w`x"y<z>.png',
      '%2Fa b%2Fc+d=e&f,g;h:i?j#k%25l$m\'n(o)p*q!r~s[t]{u}|v^w`x"y<z>.png',
      "a%20b/c%2Bd%3De%26f%2Cg%3Bh%3Ai%3Fj%23k%25l%24m'n(o)p*q!r~s%5Bt%5D%7Bu%7D%7Cv%5Ew%60x%22y%3Cz%3E.png"
    ],
    ['placeholders/user.png', '%2Fplaceholders%2Fuser.png', 'placeholders/user.png'],
    [`avatars/${STEM}.jpg`, `${STEM}.jpg`, `avatars/${STEM}.jpg`]
  ]
  for (const [path, key, url] of all) {
    t.equal(mediaKeyFromPath(path), key, path)
    t.equal(mediaKeyAt(path), key, path)
    t.equal(mediaPath(key as MediaKey), path, path)
    t.equal(mediaUrlPath(key as MediaKey), url, path)
    t.equal(decodeURIComponent(url), path, path)
  }
})

t.test('names that look like escaped paths are nobody else’s', async (t) => {
  const paths = [
    'a/b',
    'a%2Fb',
    'a%252Fb',
    'a%25/b',
    'avatars/a%2Fb',
    'avatars/%2Fa%2Fb',
    'avatars/%252Fa%252Fb',
    '%2Fa/b',
    'avatars/%2Favatars%2F%252Fa',
    'avatars/%2Fa',
    'avatars/%2fa',
    'a'
  ]
  const keys = paths.map((path) => mediaKeyFromPath(path))
  t.equal(new Set(keys).size, paths.length)
  for (const [index, key] of keys.entries()) {
    t.equal(key && mediaPath(key), paths[index])
    t.notMatch(key, '/')
  }
})

t.test('a path that could lead elsewhere, or to what is hidden, has no key', async (t) => {
  const refused = [
    '',
    '/',
    '.',
    '..',
    '/avatars/a.png',
    '//avatars/a.png',
    'avatars/',
    'avatars//a.png',
    'users//a.png',
    'users/',
    './a.png',
    '../a.png',
    'a/../b.png',
    'a/./b.png',
    'a/..',
    'a/.',
    'avatars/..',
    'avatars/../a.png',
    '.hidden.png',
    'avatars/.hidden.png',
    'avatars/.0123.tmp',
    'users/.hidden/a.png',
    '.uploads/a.png',
    '...',
    'users/...',
    'a\\b.png',
    '..\\a.png',
    'users/\\a.png',
    'C:\\a.png',
    'a\0.png',
    'users/a.png\0',
    'a\n.png',
    'a.png\n',
    'a\t.png',
    'a\x1b[2J.png',
    'a\x7f.png',
    'a\x85.png',
    'a\ud800.png',
    'users/\udc00a.png'
  ]
  for (const path of refused) {
    t.equal(mediaKeyFromPath(path), undefined, JSON.stringify(path))
    t.equal(mediaKeyAt(path), undefined, JSON.stringify(path))
  }
})

t.test('a key is as long as a file’s name may be, in bytes', async (t) => {
  const longest: [path: string, more: string][] = [
    [`avatars/${'n'.repeat(255)}`, 'n'],
    [`avatars/${'日'.repeat(85)}`, 'n'],
    [`${'n'.repeat(252)}`, 'n'],
    [`u/${'é'.repeat(124)}`, 'é'],
    [`u/${'%'.repeat(82)}`, '%']
  ]
  for (const [path, more] of longest) {
    t.ok(mediaKeyFromPath(path), path)
    t.equal(mediaKeyFromPath(path + more), undefined, path)
  }
})

t.test('what a URL means here already is not taken by a picture from elsewhere', async (t) => {
  for (const path of [`avatars/${STEM}@64.webp`, 'placeholders/AL-3.svg', 'placeholders/-6.svg'])
    t.equal(mediaKeyFromPath(path), undefined, path)
  t.equal(mediaKeyAt(`avatars/${STEM}@64.webp`), `${STEM}@64.webp`)
  for (const path of [
    `avatars/${STEM}@63.webp`,
    `users/${STEM}@64.webp`,
    'placeholders/AL-12.svg',
    'placeholders/a/AL-3.svg'
  ])
    t.ok(mediaKeyFromPath(path), path)
})

t.test('names that were given out here are shown as they are', async (t) => {
  for (const name of [`${STEM}.jpg`, `${STEM}.webp`, `${STEM}@64.webp`])
    t.equal(mediaUrlPath(name as MediaKey), `avatars/${name}`)
})
