import { basename, dirname } from 'node:path'

/** One thing that a process did to a file, not yet known to be on the disk. */
export type FileChange = Written | { length: number }

export interface Written {
  offset: number
  bytes: Buffer
}

export interface FileNode {
  kind: 'file'
  /** What a power cut leaves at least. */
  synced: Buffer
  unsynced: FileChange[]
}

/** One change of a folder's names. A rename is one: both names change together. */
export interface NameChange {
  add?: { name: string; node: Node }
  remove?: string
}

export interface FolderNode {
  kind: 'folder'
  synced: Map<string, Node>
  unsynced: NameChange[]
  /** As running processes see it. */
  current: Map<string, Node>
}

export type Node = FileNode | FolderNode

export const newFile = (): FileNode => ({ kind: 'file', synced: Buffer.alloc(0), unsynced: [] })

export const newFolder = (): FolderNode => ({
  kind: 'folder',
  synced: new Map(),
  unsynced: [],
  current: new Map()
})

/** A disk that has on it what was synced, and perhaps what was not (fsync(2)): names by the sync of their folder. */
export function createDiskModel(root: string) {
  const top = newFolder()

  function find(path: string): Node | undefined {
    if (path === root) return top
    if (!path.startsWith(`${root}/`)) return undefined
    let node: Node | undefined = top
    for (const name of path.slice(root.length + 1).split('/'))
      node = node?.kind === 'folder' ? node.current.get(name) : undefined
    return node
  }

  function folderOf(path: string): FolderNode {
    const node = find(dirname(path))
    if (node?.kind !== 'folder') throw new Error(`${path} is in no folder that was recorded`)
    return node
  }

  function fileAt(path: string): FileNode {
    const node = find(path)
    if (node?.kind !== 'file') throw new Error(`${path} was not recorded`)
    return node
  }

  function change(folder: FolderNode, { add, remove }: NameChange): void {
    if (remove !== undefined) folder.current.delete(remove)
    if (add) folder.current.set(add.name, add.node)
    folder.unsynced.push({ ...(add && { add }), ...(remove !== undefined && { remove }) })
  }

  const add = (path: string, node: Node) => change(folderOf(path), { add: { name: basename(path), node } })

  return {
    top,
    find,
    add,
    link: (from: string, to: string) => add(to, fileAt(from)),
    remove: (path: string) => change(folderOf(path), { remove: basename(path) }),

    rename(from: string, to: string): void {
      if (dirname(from) !== dirname(to)) throw new Error('renames between folders are not modelled')
      change(folderOf(to), { remove: basename(from), add: { name: basename(to), node: fileAt(from) } })
    },

    write: (path: string, offset: number, bytes: Buffer) =>
      void fileAt(path).unsynced.push({ offset, bytes }),
    truncate: (path: string, length: number) => void fileAt(path).unsynced.push({ length }),

    /** Begins a sync of what was written so far. The answer ends it: then that is on the disk. */
    beginSync(path: string): () => void {
      const node = find(path)
      if (!node) return () => {}
      const taken = new Set<unknown>(node.unsynced)
      return () => {
        if (node.kind === 'file') {
          const [done, rest] = divide(node.unsynced, taken)
          node.synced = contentOf(node.synced, done)
          node.unsynced = rest
        } else {
          const [done, rest] = divide(node.unsynced, taken)
          for (const one of done) applyName(node.synced, one)
          node.unsynced = rest
        }
      }
    }
  }
}

function divide<T>(all: T[], taken: Set<unknown>): [taken: T[], rest: T[]] {
  return [all.filter((one) => taken.has(one)), all.filter((one) => !taken.has(one))]
}

export type DiskModel = ReturnType<typeof createDiskModel>

export function applyName(names: Map<string, Node>, { add, remove }: NameChange): void {
  if (remove !== undefined) names.delete(remove)
  if (add) names.set(add.name, add.node)
}

/** What a file holds after these changes; where it grew past what was written, zeros. */
export function contentOf(before: Buffer, changes: readonly FileChange[]): Buffer {
  const lengths = changes.map((one) => ('length' in one ? one.length : one.offset + one.bytes.length))
  const room = Buffer.alloc(Math.max(before.length, ...lengths))
  before.copy(room)
  let length = before.length
  for (const one of changes) {
    if ('length' in one) {
      room.fill(0, Math.min(one.length, length))
      length = one.length
    } else {
      one.bytes.copy(room, one.offset)
      length = Math.max(length, one.offset + one.bytes.length)
    }
  }
  return room.subarray(0, length)
}
