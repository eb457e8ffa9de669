import t from 'tap'
import { addressGroup } from '../../src/address-group.ts'

t.test(
  'an IPv4 address stands for itself, however it is shown; an IPv6 address for its /64; neither for its port',
  async (t) => {
    const cases: [address: string, group: string][] = [
      ['192.0.2.7', '192.0.2.7'],
      ['::ffff:192.0.2.7', '192.0.2.7'],
      ['::FFFF:192.0.2.7', '192.0.2.7'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['2001:db8:1:2::', '2001:db8:1:2::/64'],
      ['2001:DB8:0001:2::ffff', '2001:db8:1:2::/64'],
      ['2001:db8::1', '2001:db8:0:0::/64'],
      ['2001:db8::5:6:7:8:9', '2001:db8:0:5::/64'],
      ['::1', '0:0:0:0::/64'],
      ['::', '0:0:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
      ['192.0.2.7:50123', '192.0.2.7'],
      ['[2001:db8:1:2:3:4:5:6]:443', '2001:db8:1:2::/64'],
      ['[::ffff:192.0.2.7]:443', '192.0.2.7'],
      ['2001:db8:1:2:3:4:5:443', '2001:db8:1:2::/64'],
      ['not an address', 'not an address'],
      ['', '']
    ]
    for (const [address, group] of cases) t.equal(addressGroup(address), group, address)
  }
)
