import { mkdirSync, writeFileSync } from 'node:fs'
import type { Random } from '../../test/hostile/seeded.ts'
import {
  applyName,
  contentOf,
  type FileChange,
  type FolderNode,
  type Node,
  type Written
} from './disk-model.ts'

/** What of the things that were not synced a power cut left. */
export const REMAINS = ['nothing', 'everything', 'names', 'contents', 'some'] as const

export type Remains = (typeof REMAINS)[number]

/** What a disk writes whole or not at all, in bytes. */
const SECTOR = 512

/** Makes the folder as the disk has it after the power cut. */
export function rebuild(folder: string, node: FolderNode, remains: Remains, random: Random): void {
  mkdirSync(folder, { recursive: true })
  const names = new Map(node.synced)
  for (const one of node.unsynced) if (keepsName(remains, random)) applyName(names, one)
  for (const [name, child] of names) rebuildNode(`${folder}/${name}`, child, remains, random)
}

function rebuildNode(path: string, node: Node, remains: Remains, random: Random): void {
  if (node.kind === 'folder') rebuild(path, node, remains, random)
  else writeFileSync(path, contentOf(node.synced, keptOf(node.unsynced, remains, random)), { mode: 0o600 })
}

function keepsName(remains: Remains, random: Random): boolean {
  if (remains === 'some') return random.below(2) === 0
  return remains === 'everything' || remains === 'names'
}

function keptOf(changes: FileChange[], remains: Remains, random: Random): FileChange[] {
  if (remains === 'nothing' || remains === 'names') return []
  if (remains !== 'some') return changes
  const chance = random.below(101)
  return changes
    .flatMap((one) => ('length' in one ? one : sectorsOf(one)))
    .filter(() => random.below(100) < chance)
}

function sectorsOf({ offset, bytes }: Written): FileChange[] {
  const sectors: FileChange[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + SECTOR - ((offset + from) % SECTOR))
    sectors.push({ offset: offset + from, bytes: bytes.subarray(from, to) })
    from = to
  }
  return sectors
}
