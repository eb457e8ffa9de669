import t from 'tap'
import { isIssuedSince } from '../../../src/tokens/claims.ts'

t.test('a token of ours is current while its epoch is the user’s, whatever its second', async (t) => {
  t.equal(isIssuedSince(0, { token_epoch: 0, iat: 1 }), true)
  t.equal(isIssuedSince(5000, { token_epoch: 5000, iat: 1 }), true)
  for (const token_epoch of [0, 4999, 5001, '5000', null, true, [5000], Number.NaN])
    t.equal(isIssuedSince(5000, { token_epoch, iat: 999_999 }), false, String(token_epoch))
})

t.test('a token from elsewhere is current where nothing was revoked, or in a later second', async (t) => {
  t.equal(isIssuedSince(0, {}), true)
  t.equal(isIssuedSince(5000, { iat: 6 }), true)
  t.equal(isIssuedSince(4999, { iat: 5 }), true, 'the whole second lies after')
  for (const iat of [5, 4, 4.9, undefined, null, '6', Number.NaN])
    t.equal(isIssuedSince(5000, { iat }), false, String(iat))
})
