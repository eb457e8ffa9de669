/** What the administrators' page says, in English. */
export const en = {
  administration: 'Administration',
  views: 'Views',
  users: 'Users',
  audit: 'Audit log',
  status: 'Status',
  toAccount: 'Your account',
  toUsers: 'All users',
  nowhere: 'There is nothing here',
  tryAgain: 'Try again',
  refresh: 'Refresh',

  signInHint: 'Sign in as an administrator.',
  emailOrUsername: 'Email or username',
  password: 'Password',
  noStaff: (username: string) =>
    `You are signed in as ${username}, who is no administrator. Sign in as somebody else on the account page, or ask an administrator to make you staff.`,

  unsavedTitle: 'Leave without saving?',
  unsaved: 'What you changed here is not saved yet. If you leave, it is lost.',
  stay: 'Stay',
  discard: 'Leave and lose it',

  searchUsers: 'Search',
  searchBy: 'By',
  searchPlaceholder: 'How it begins',
  searchFields: { '': 'Username, email or id', username: 'Username', email: 'Email', id: 'Id' },
  usersNewest: 'Users, newest first',
  usersFound: (q: string) => `Users who match “${q}”`,
  usersShown: (count: number) => (count === 1 ? 'One user is shown.' : `${count} users are shown.`),
  noMatch: (q: string) => `Nobody’s begins with “${q}”.`,
  noUsers: 'There are no users yet.',
  pages: 'Pages',
  previousPage: 'Previous',
  nextPage: 'Next',
  pageNumber: (number: number) => `Page ${number}`,

  fields: {
    id: 'Id',
    username: 'Username',
    email: 'Email',
    first_name: 'First name',
    last_name: 'Last name',
    number_phone: 'Phone',
    avatar: 'Picture',
    date_joined: 'Joined',
    last_login: 'Last sign-in',
    is_active: 'Active',
    is_staff: 'Staff',
    is_superuser: 'Superuser'
  },
  name: 'Name',
  state: 'State',
  active: 'Active',
  inactive: 'Inactive',
  staff: 'Staff',
  superuser: 'Superuser',
  never: 'Never',
  none: 'None',
  notKnown: 'Not known',

  userNumber: (id: number) => `User ${id}`,
  noSuchUser: (id: number) => `There is no user ${id}, or no longer.`,
  factsAndActions: 'Facts and actions',
  facts: 'Facts',
  edit: 'Edit',
  undo: 'Undo changes',
  nothingChanged: 'Nothing was changed, so there is nothing to save.',
  changesSaved: (username: string) => `The changes of ${username} are saved.`,
  changedBy: (actor: string, when: string, fields: string) =>
    `Not saved: ${actor} changed this meanwhile (${when}): ${fields}.`,
  changedMeanwhile: (username: string, fields: string) =>
    fields
      ? `Not saved: ${username} was changed meanwhile, not by an administrator: ${fields}.`
      : `Not saved: ${username} was changed meanwhile.`,
  compareAndSave: 'What it is now stands beneath each field. Save once more to put yours in its place.',
  saveAgain: 'Nothing of yours is touched by it: save once more.',
  nowIs: (value: string) => (value === '' ? 'Is blank now' : `Is now: ${value}`),

  sessions: 'Sessions',
  sessionsOf: (username: string) => `Sessions of ${username}`,
  noSessions: 'No sessions.',
  begun: 'Began',
  lastUsed: 'Last used',
  until: 'Until',
  ended: 'Ended',
  expired: 'Expired',
  goesOn: 'Goes on',

  actions: 'Actions',
  refusals: {
    peer: 'Only superusers can change staff and superusers.',
    own: 'This is you. What is yours you change on the account page.',
    rights: 'Only superusers decide who is staff.',
    oneself: 'This is you: you can’t deactivate or delete yourself here, or change your own rights.'
  },
  deeds: {
    activate: {
      label: 'Activate',
      done: (username: string) => `${username} is active again.`
    },
    deactivate: {
      label: 'Deactivate',
      done: (username: string) => `${username} is deactivated and signed out everywhere.`
    },
    'sign-out': {
      label: 'End all sessions',
      done: (username: string) => `All sessions of ${username} have ended.`
    },
    'grant-staff': {
      label: 'Make staff',
      done: (username: string) => `${username} is staff now.`
    },
    'revoke-staff': {
      label: 'Take staff rights away',
      done: (username: string) => `${username} is no longer staff.`
    },
    'remove-avatar': {
      label: 'Remove picture',
      done: (username: string) => `The picture of ${username} is removed.`
    }
  },
  questions: {
    deactivate: (username: string) =>
      `${username} can’t sign in until activated again. All their sessions end now.`,
    'sign-out': (username: string) => `${username} has to sign in again on every device.`,
    'remove-avatar': (username: string) => `The picture of ${username} is deleted. It can’t be brought back.`
  },
  deleteUser: 'Delete user…',
  deleteTitle: (username: string) => `Delete ${username}`,
  deleteWarning: (username: string) =>
    `The account of ${username} is deleted for good, with its picture and its sessions. Nobody can bring it back.`,
  typeUsername: (username: string) => `Type ${username} to confirm`,
  notTheUsername: (username: string) => `This is not it. Type ${username}, exactly.`,
  deleteForGood: 'Delete for good',
  deleted: (username: string) => `${username} is deleted.`,

  recentActs: 'Recent acts of administrators',
  actsUpon: (username: string) => `Acts upon ${username}`,
  allActs: 'All of them',
  noActs: 'No acts.',
  when: 'When',
  act: 'Act',
  whom: 'Upon',
  byWhom: 'By',
  changes: 'Changes',
  outcome: 'Outcome',
  address: 'From',
  acts: {
    update: 'Edited',
    activate: 'Activated',
    deactivate: 'Deactivated',
    end_sessions: 'Sessions ended',
    grant_staff: 'Made staff',
    revoke_staff: 'Staff rights taken',
    remove_avatar: 'Picture removed',
    delete: 'Deleted'
  },
  outcomes: { done: 'Done', refused: 'Refused', begun: 'Begun' },
  outcomeHints: {
    done: 'It was done.',
    refused: 'It was refused; nothing was changed.',
    begun: 'Nobody could write down what came of it: it may have happened.'
  },
  before: 'Before:',
  after: 'After:',
  yes: 'yes',
  no: 'no',
  empty: 'blank',
  filterByUser: 'Id of the user',
  filter: 'Filter',
  showAll: 'Show all',

  health: 'Health',
  parts: { database: 'Database', pictures: 'Picture store' },
  healths: { ok: 'OK', away: 'Away' },
  version: 'Version',
  runningSince: 'Running since',
  storage: 'Storage',
  avatars: 'Pictures',
  actsInLog: 'Acts in the audit log',
  databaseSize: 'Size of the database',
  databaseFree: 'Room left for the database',
  mediaFree: 'Room left for pictures',
  about: (number: string) => `about ${number}`,

  imports: 'Imports',
  noImports: 'Nothing has been imported.',
  dryRun: 'Dry run',
  picturesOf: 'Pictures',
  tokensOf: 'Tokens',
  findings: 'Findings',
  finding: 'Finding',
  details: 'Details',
  userId: 'User there',
  importCounts: {
    read: 'read',
    created: 'created',
    changed: 'changed',
    unchanged: 'unchanged',
    left_out: 'left out',
    deleted_here: 'deleted here before',
    copied: 'copied',
    present: 'here already',
    missing: 'missing',
    dropped: 'dropped',
    live: 'live',
    ended: 'ended',
    known: 'known already',
    expired: 'expired'
  },
  findingKinds: {
    invalid: 'Invalid',
    id_taken: 'Id is taken',
    username_taken: 'Username is taken',
    email_taken: 'Email is taken',
    conflict: 'Changed there and here',
    deleted_here: 'Deleted here',
    gone_from_django: 'Gone there',
    missing_picture: 'Picture missing',
    over_long: 'Too long',
    password_unusable: 'Password can’t be used'
  },
  findingOutcomes: {
    left_out: 'Left out',
    imported: 'Imported',
    imported_without_avatar: 'Imported without the picture',
    kept_here: 'Kept as it is here'
  }
}

export type AdminMessages = typeof en
