import { useEffect, useRef } from 'preact/hooks'
import { Goodbye } from './deletion/goodbye.tsx'
import { type Account, account } from './session/account.ts'
import { Welcome } from './sign-in/welcome.tsx'
import { SignedIn } from './signed-in.tsx'
import { NotFoundOut, Starting } from './starting.tsx'
import { TopBar } from './top-bar.tsx'

export function AccountPage() {
  const current = account.use()
  useFocusOnChange(current.kind)
  return (
    <>
      <TopBar isSignedIn={current.kind === 'signed-in'} />
      <Content account={current} />
    </>
  )
}

function Content({ account }: { account: Account }) {
  switch (account.kind) {
    case 'starting':
      return <Starting />
    case 'unknown':
      return <NotFoundOut error={account.error} />
    case 'signed-out':
      return <Welcome how={account.how} />
    case 'signed-in':
      // Of another user nothing is left.
      return <SignedIn key={account.user.id} user={account.user} interruption={account.interruption} />
    case 'deleted':
      return <Goodbye username={account.username} />
  }
}

/** Where the page becomes another one, who does not see it is told: the focus goes to its title. */
function useFocusOnChange(kind: Account['kind']): void {
  const before = useRef(kind)
  useEffect(() => {
    const isFirst = before.current === kind || before.current === 'starting'
    before.current = kind
    if (!isFirst) document.querySelector<HTMLElement>('h1[tabindex]')?.focus()
  }, [kind])
}
