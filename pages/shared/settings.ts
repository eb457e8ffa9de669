import type { PageSettings } from '../../plugins/pages/page-settings.ts'

/** What the service told the page, in its head. */
export const settings: PageSettings = JSON.parse(
  document.querySelector<HTMLMetaElement>('meta[name=settings]')?.content ?? '{}'
)

/** Where the service is, as the page was fetched from it: all that is in front of `/account/` or `/admin/`. */
export const baseUrl = location.origin + location.pathname.replace(/\/[^/]+\/$/, '')
