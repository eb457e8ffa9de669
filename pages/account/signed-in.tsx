import { client, type User } from '../shared/client.ts'
import { settings } from '../shared/settings.ts'
import { AvatarSection } from './avatar/avatar-section.tsx'
import { Section } from './components/section.tsx'
import { DeletionSection } from './deletion/deletion-section.tsx'
import { ExportSection } from './export/export-section.tsx'
import { Facts } from './facts.tsx'
import { useAccountMessages } from './language/use-account-messages.ts'
import { PasswordSection } from './password/password-section.tsx'
import { ProfileSection } from './profile/profile-section.tsx'
import { type Interruption, update } from './session/account.ts'
import { InterruptedDialog } from './session/interrupted-dialog.tsx'
import { SessionsSection } from './session/sessions-section.tsx'

interface SignedInProps {
  user: User
  interruption?: Interruption | undefined
}

/** The page of who is signed in. */
export function SignedIn({ user, interruption }: SignedInProps) {
  const messages = useAccountMessages()
  const name = [user.first_name, user.last_name].filter(Boolean).join(' ')
  return (
    <main class="container account">
      <header class="who">
        <h1 tabIndex={-1}>{name || user.username}</h1>
        <p class="note">{name ? `${user.username} · ${user.email}` : user.email}</p>
        <Facts user={user} />
        {settings.admin && (user.is_staff || user.is_superuser) && (
          <p>
            <a href="../admin/">{messages.administration}</a>
          </p>
        )}
      </header>
      <Section title={messages.picture} note={messages.pictureNote}>
        <AvatarSection client={client} user={user} onUser={(changed) => update(changed, { isOwn: true })} />
      </Section>
      <ProfileSection user={user} />
      <PasswordSection user={user} />
      <SessionsSection />
      <ExportSection user={user} />
      <DeletionSection user={user} />
      {interruption && <InterruptedDialog user={user} interruption={interruption} />}
    </main>
  )
}
