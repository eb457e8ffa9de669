import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Instruction, pairsOf, readDockerfile, type Stage } from './dockerfile.ts'
import { makeRootFolder, type RootFolder } from './root-folder.ts'

/** What a Dockerfile's last stage has come to. */
export interface Image {
  root: RootFolder
  workdir: string
  env: Record<string, string>
  user: string
  entrypoint: string[]
  healthcheck: string[]
  volumes: string[]
}

/**
 * Does what a Dockerfile says, in folders: for machines without a container's engine.
 * @param context what `COPY` sees, after `.dockerignore`
 * @throws where a stage begins with anything but Node, and at an instruction that isn't known here
 */
export function buildImage(context: string, folder: string): Image {
  const built = new Map<string | undefined, Image>()
  let last: Image | undefined
  for (const [index, stage] of readDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8')).entries()) {
    last = buildStage(stage, context, join(folder, `stage-${index}`), built)
    built.set(stage.name, last)
  }
  if (!last) throw new Error('there is no stage')
  return last
}

function buildStage(
  stage: Stage,
  context: string,
  path: string,
  built: Map<string | undefined, Image>
): Image {
  if (!/^node:24[.\d]*-slim$/.test(stage.base)) throw new Error(`unknown base: ${stage.base}`)
  const root = makeRootFolder(path)
  const image: Image = {
    root,
    workdir: '/',
    env: {},
    user: '0',
    entrypoint: [],
    healthcheck: [],
    volumes: []
  }
  for (const one of stage.instructions) perform(one, image, context, built)
  return image
}

function perform(
  { name, words }: Instruction,
  image: Image,
  context: string,
  built: Map<string | undefined, Image>
): void {
  switch (name) {
    case 'WORKDIR':
      image.workdir = words
      mkdirSync(join(image.root.path, words), { recursive: true })
      break
    case 'ENV':
      Object.assign(image.env, pairsOf(words))
      break
    case 'RUN':
      image.root.build(['/bin/sh', '-c', words], image.workdir)
      break
    case 'COPY':
      copy(words, image, context, built)
      break
    case 'USER':
      image.user = words
      break
    case 'VOLUME':
      image.volumes.push(words)
      break
    case 'ENTRYPOINT':
      image.entrypoint = JSON.parse(words)
      break
    case 'HEALTHCHECK':
      image.healthcheck = JSON.parse(words.slice(words.indexOf('CMD') + 'CMD'.length))
      break
    case 'LABEL':
    case 'EXPOSE':
      break
    default:
      throw new Error(`unknown instruction: ${name} ${words}`)
  }
}

/** Files into a folder, a folder's contents into a folder. */
function copy(words: string, image: Image, context: string, built: Map<string | undefined, Image>): void {
  const [, from, list = ''] = /^(?:--from=(\S+) )?(.+)$/.exec(words) ?? []
  const sources = list.split(' ')
  const target = sources.pop() ?? ''
  const origin = from === undefined ? context : built.get(from)?.root.path
  if (origin === undefined) throw new Error(`there is no stage ${from}`)
  const into = join(image.root.path, target.startsWith('/') ? target : join(image.workdir, target))
  for (const source of sources) {
    const path = join(origin, source)
    if (!existsSync(path)) throw new Error(`COPY finds no ${source}`)
    const isFile = target.endsWith('/')
    const to = isFile ? join(into, source) : into
    mkdirSync(dirname(to), { recursive: true })
    cpSync(path, to, { recursive: true, verbatimSymlinks: true })
  }
}
