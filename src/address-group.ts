import { isIPv6 } from 'node:net'

/** An IPv4 address that a dual-stack socket shows as IPv6 (RFC 4291, 2.5.5.2). */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** An address with a port, as some proxies write it in `X-Forwarded-For`. */
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+)|\[(.*)\]):\d+$/

/**
 * What limits by address count together: an IPv4 address; of IPv6 the /64 that one customer has at least (RFC 6177), whose
 * addresses are there for the taking.
 */
export function addressGroup(text: string): string {
  const [, ipv4, ipv6] = WITH_PORT.exec(text) ?? []
  const address = ipv4 ?? ipv6 ?? text
  const mapped = MAPPED.exec(address)?.[1]
  if (mapped) return mapped
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return address
  // `::` stands for as many zeros as are missing.
  const [head = '', tail] = bare.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const groups =
    tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
