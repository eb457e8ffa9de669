import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'
import { type OpenedPages, openPages } from './open-pages.ts'
import { PASSWORD } from './people.ts'

export interface OpenedAdmin extends OpenedPages {
  /** The page at a view, such as `#/audit`, once somebody has signed in on it. */
  openAs(t: Test, username: string, hash?: string, options?: BrowserContextOptions): Promise<Page>
}

/** The service with a superuser, who is called `root`, and the administrators' page. */
export async function openAdmin(t: Test, env: Record<string, string> = {}): Promise<OpenedAdmin> {
  const folder = mkdtempSync(join(tmpdir(), 'admin-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'password')
  writeFileSync(file, PASSWORD, { mode: 0o600 })
  const opened = await openPages(t, {
    ADMIN_EMAIL: 'root@example.com',
    ADMIN_USERNAME: 'root',
    ADMIN_PASSWORD_FILE: file,
    ...env
  })
  return {
    ...opened,
    async openAs(t, username, hash = '', options = {}) {
      const page = await opened.open(t, `/admin/${hash}`, options)
      await signInOn(page, username, options.locale?.startsWith('es'))
      return page
    }
  }
}

export async function signInOn(page: Page, username: string, isSpanish = false): Promise<void> {
  const form = page.locator('form', { has: page.locator('[name=password]') })
  await form.locator('[name=name]').fill(username)
  await form.locator('[name=password]').fill(PASSWORD)
  await form.getByRole('button', { name: isSpanish ? 'Iniciar sesión' : 'Sign in' }).click()
}
