/** What both pages say, in English. Another language has the same keys, which its type holds. */
export const en = {
  save: 'Save',
  saving: 'Saving…',
  saved: 'Saved.',
  cancel: 'Cancel',
  close: 'Close',
  loading: 'Loading…',
  language: 'Language',
  signIn: 'Sign in',
  signOut: 'Sign out',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  show: 'Show',
  hide: 'Hide',
  slow: 'The service takes long to answer. Still waiting…',
  unreachable: 'The service can’t be reached. Check your connection; what you typed is kept. Then try again.',
  unavailable: 'The service can’t do this right now. What you typed is kept; try again in a moment.',
  failed: 'Something went wrong on the server. What you typed is kept; try again.',
  throttled: (seconds: number) => `Too many tries. Wait ${seconds} seconds, then try again.`,
  sessionEnded: 'You were signed out. Sign in again to go on.'
}

export type Messages = typeof en
