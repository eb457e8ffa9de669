import { useEffect, useState } from 'preact/hooks'
import { Dialog } from '../../shared/components/dialog.tsx'
import { LanguageChoice } from '../../shared/components/language-choice.tsx'
import { Notice } from '../../shared/components/notice.tsx'
import { explain } from '../../shared/explain.ts'
import type { User } from '../api/user.ts'
import { AuditView } from '../audit/audit-view.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { StatusView } from '../status/status-view.tsx'
import { UserView } from '../user/user-view.tsx'
import { usersMemory } from '../users/users-memory.ts'
import { UsersView } from '../users/users-view.tsx'
import { announce, announcement } from './announcement.ts'
import { LeaveDialog } from './leave-dialog.tsx'
import { beforeLeaving, shownHash } from './navigation.ts'
import { auditHref, parseRoute, type Route, STATUS_HREF } from './route.ts'
import { hasEnded, session, signOut } from './session.ts'
import { SignInForm } from './sign-in.tsx'
import { useTitle } from './use-title.ts'

/** What is around every view. */
export function Frame({ who }: { who: User }) {
  const route = parseRoute(shownHash.use())
  const place = route.view === 'user' ? `user ${route.id}` : route.view
  useArrival(place)
  return (
    <>
      <Header who={who} view={route.view} />
      <main class="container">
        <Announcements />
        <View key={place} route={route} who={who} />
      </main>
      <LeaveDialog />
      <SignedOutDialog />
    </>
  )
}

function View({ route, who }: { route: Route; who: User }) {
  switch (route.view) {
    case 'users':
      return <UsersView q={route.q} by={route.by} />
    case 'user':
      return <UserView id={Number(route.id)} who={who} />
    case 'audit':
      return <AuditView user={route.user} />
    case 'status':
      return <StatusView />
    case 'nowhere':
      return <Nowhere />
  }
}

/** Whoever goes elsewhere begins at its heading, and not with what was said elsewhere. */
function useArrival(place: string): void {
  const [first] = useState(place)
  const [hasMoved, setMoved] = useState(false)
  useEffect(() => {
    if (place === first && !hasMoved) return
    setMoved(true)
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
    scrollTo(0, place === 'users' ? usersMemory.scrollY : 0)
  }, [place])
}

function Announcements() {
  const current = announcement.use()
  return (
    <div class="announcements" role="status">
      {current && <p class={`notice ${current.kind}`}>{current.text}</p>}
    </div>
  )
}

function Nowhere() {
  const messages = useAdminMessages()
  useTitle(messages.nowhere)
  return (
    <>
      <h1 tabIndex={-1}>{messages.nowhere}</h1>
      <a href={usersMemory.href}>{messages.toUsers}</a>
    </>
  )
}

function Header({ who, view }: { who: User; view: Route['view'] }) {
  const messages = useAdminMessages()
  const links = [
    { href: usersMemory.href, text: messages.users, isHere: view === 'users', isNear: view === 'user' },
    { href: auditHref(), text: messages.audit, isHere: view === 'audit' },
    { href: STATUS_HREF, text: messages.status, isHere: view === 'status' }
  ]
  const leave = () =>
    signOut().catch((error: unknown) =>
      announce(explain(error, messages).sentence ?? messages.failed, 'error')
    )
  return (
    <header class="top">
      <div class="container">
        <strong>{messages.administration}</strong>
        <nav aria-label={messages.views}>
          {links.map(({ href, text, isHere, isNear }) => (
            <a key={text} href={href} aria-current={isHere ? 'page' : isNear ? 'true' : undefined}>
              {text}
            </a>
          ))}
        </nav>
        <div class="who">
          <LanguageChoice />
          <a href="../account/" title={messages.toAccount}>
            {who.username}
          </a>
          <button type="button" class="link" onClick={() => beforeLeaving(() => void leave())}>
            {messages.signOut}
          </button>
        </div>
      </div>
    </header>
  )
}

/** Asks for the sign-in over what is on the page, which stays. */
function SignedOutDialog() {
  const messages = useAdminMessages()
  if (!hasEnded.use()) return null
  const giveUp = () => {
    hasEnded.set(false)
    session.set({ kind: 'out' })
  }
  return (
    <Dialog title={messages.signIn} closeLabel={messages.close} onClose={() => beforeLeaving(giveUp)}>
      <Notice kind="info">{messages.sessionEnded}</Notice>
      <SignInForm />
    </Dialog>
  )
}
