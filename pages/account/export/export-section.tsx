import { useState } from 'preact/hooks'
import type { User } from '../../shared/client.ts'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { Notice } from '../../shared/components/notice.tsx'
import { Section } from '../components/section.tsx'
import { useAccountSubmit } from '../components/use-account-submit.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { refresh } from '../session/account.ts'
import { download } from './download.ts'
import { profileFile } from './profile-file.ts'

/** What the service has of its user, to take along. */
export function ExportSection({ user }: { user: User }) {
  const messages = useAccountMessages()
  const [isPictureMissing, setPictureMissing] = useState(false)

  async function latest(): Promise<User> {
    setPictureMissing(false)
    return (await refresh()) ?? user
  }

  const zip = useAccountSubmit(async () => {
    const current = await latest()
    // Few take it along: its code comes when somebody does.
    const { makeArchive } = await import('./archive.ts')
    const archive = await makeArchive(current, messages.pictureMissingFile)
    download(archive.zip, `${current.username}.zip`)
    setPictureMissing(archive.isPictureMissing)
  })
  const json = useAccountSubmit(async () => {
    const current = await latest()
    download(profileFile(current), `${current.username}.json`)
  })

  return (
    <Section title={messages.data} note={messages.dataNote}>
      <FormStatus submission={zip} success={messages.downloaded(`${user.username}.zip`)} />
      {isPictureMissing && <Notice kind="error">{messages.pictureMissing}</Notice>}
      <FormStatus submission={json} success={messages.downloaded(`${user.username}.json`)} />
      <div class="buttons">
        <button
          type="button"
          class="secondary"
          aria-busy={zip.isBusy ? 'true' : undefined}
          onClick={() => {
            json.touch()
            zip.submit()
          }}
        >
          {messages.downloadZip}
        </button>
        <button
          type="button"
          class="secondary outline"
          aria-busy={json.isBusy ? 'true' : undefined}
          onClick={() => {
            zip.touch()
            json.submit()
          }}
        >
          {messages.downloadJson}
        </button>
      </div>
    </Section>
  )
}
