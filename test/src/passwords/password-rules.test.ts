import t from 'tap'
import { findPasswordProblems } from '../../../src/passwords/password-rules.ts'

const SHORT = 'This password is too short. It must contain at least 8 characters.'
const COMMON = 'This password is too common.'
const NUMERIC = 'This password is entirely numeric.'
const similar = (to: string) => `The password is too similar to the ${to}.`

t.test('each of Django’s validators has its say, in its order', async (t) => {
  const ada = {
    username: 'ada.lovelace',
    email: 'countess@lovelace.example',
    firstName: 'Augusta',
    lastName: 'King'
  }
  const cases: [password: string, problems: string[]][] = [
    ['correct horse 42', []],
    ['Str0ng-Pass!', []],
    ['ab', [SHORT]],
    ['😀😀😀😀😀😀😀', [SHORT]],
    ['😀😀😀😀😀😀😀😀', []],
    ['password', [COMMON]],
    ['PassWord1', [COMMON]],
    [' password1 ', [COMMON]],
    ['12345678', [COMMON, NUMERIC]],
    ['1', [SHORT, COMMON, NUMERIC]],
    ['98127364501', [NUMERIC]],
    ['٣٠٠١٢٣٤٥٦٧٨', [NUMERIC]],
    ['ada.lovelace', [similar('username')]],
    ['lovelace99', [similar('username')]],
    ['ecalevol1', [similar('username')]],
    ['Augusta77', [similar('first name')]],
    ['countess!', [similar('email address')]],
    ['a long sentence about a king and his horse', []]
  ]
  for (const [password, problems] of cases)
    t.strictSame(await findPasswordProblems(password, ada), problems, password)
})

t.test('without an owner nothing is similar', async (t) => {
  t.strictSame(await findPasswordProblems('ada.lovelace', {}), [])
  t.strictSame(await findPasswordProblems('ada.lovelace', { username: '', email: undefined }), [])
})
