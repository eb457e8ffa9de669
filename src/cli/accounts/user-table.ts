import type { User } from '../../users/user.ts'
import { columnLine, measureColumns } from '../columns.ts'
import { printable } from '../printable.ts'

const HEADER = ['id', 'username', 'email', 'active', 'staff', 'superuser', 'joined', 'last login']

/** A table's lines, a page at a time. Columns are as wide as the first page needs them. */
export async function* tableLines(pages: AsyncIterable<User[]>): AsyncIterable<string> {
  let widths: number[] | undefined
  for await (const page of pages) {
    const rows = page.map(cells)
    if (!widths) {
      widths = measureColumns([HEADER, ...rows])
      yield columnLine(HEADER, widths)
    }
    yield rows.map((row) => columnLine(row, widths ?? [])).join('')
  }
}

const cells = (user: User): string[] => [
  String(user.id),
  printable(user.username),
  printable(user.email),
  yesOrNo(user.isActive),
  yesOrNo(user.isStaff),
  yesOrNo(user.isSuperuser),
  minutes(user.dateJoined),
  user.lastLogin === null ? 'never' : minutes(user.lastLogin)
]

const yesOrNo = (value: boolean) => (value ? 'yes' : 'no')

/** Epoch milliseconds → `2024-01-15 10:30`, in UTC. */
const minutes = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ')
