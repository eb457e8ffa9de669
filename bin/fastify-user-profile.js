#!/usr/bin/env node
// A checkout runs its sources as they are; the package has none, and runs what was made of them.
import { existsSync } from 'node:fs'

const sources = new URL('../src/cli/main.js', import.meta.url)
import(existsSync(sources) ? sources.href : new URL('../dist/src/cli/main.js', import.meta.url).href)
