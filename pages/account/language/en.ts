/** What the account page says besides, in English. */
export const en = {
  yourAccount: 'Your account',
  checking: 'Finding out whether you are signed in…',

  identifier: 'Email or username',
  password: 'Password',
  noAccount: 'No account yet?',
  makeOne: 'Create one',
  haveAccount: 'Already have an account?',
  createAccount: 'Create an account',
  moreAboutYou: 'More about you (optional)',
  signedOutHere: 'You are signed out.',
  signedOutEverywhere: 'You are signed out on all devices.',
  signedOutElsewhere: 'You signed out in another tab.',
  signOutUnfinished:
    'The service could not be reached, so this browser may still be signed in. Try again before you leave it to somebody else.',
  signOutAgain: 'Sign out again',

  username: 'Username',
  email: 'Email',
  first_name: 'First name',
  last_name: 'Last name',
  number_phone: 'Phone number',
  usernameHint: 'Letters, digits and @ . + - _',

  joined: 'Joined',
  lastSignIn: 'Last sign-in',
  administration: 'Administration',

  picture: 'Picture',
  pictureNote: 'Others see it beside your name.',
  profile: 'Profile',
  profileNote: 'Who you are here. You can sign in by your username as well as by your email.',
  undo: 'Discard changes',
  nothingToSave: 'There is nothing to save: you have changed nothing.',
  changedMeanwhile: (fields: string) =>
    `Your profile was changed in another tab or on another device: ${fields}. Choose which value to keep, then save.`,
  changedTo: (value: string) => `Changed meanwhile to “${value}”.`,
  clearedMeanwhile: 'Emptied meanwhile.',
  keepMine: 'Keep mine',
  takeTheirs: 'Take theirs',
  choiceFor: (field: string) => `${field}: which value to keep`,

  changePassword: 'Change password',
  currentPassword: 'Current password',
  newPassword: 'New password',
  passwordNote: 'Afterwards only this browser stays signed in; all other devices have to sign in again.',
  passwordChanged: 'Your password is changed. All other devices are signed out.',

  sessions: 'Sessions',
  sessionsNote: 'Sign out of this browser, or of every device where you are signed in, this one included.',
  signOutEverywhere: 'Sign out everywhere',

  data: 'Your data',
  dataNote:
    'Everything that the service keeps about you: your profile as JSON, and with your picture as a zip file.',
  downloadZip: 'Download as zip',
  downloadJson: 'Download JSON alone',
  collecting: 'Collecting your data…',
  downloaded: (name: string) => `${name} is downloaded.`,
  pictureMissing: 'Your picture could not be fetched; the zip file says so.',
  pictureMissingFile: (url: string) =>
    `The picture was not fetched when this file was made. It should be at ${url}\n`,

  deleteAccount: 'Delete account',
  deleteNote: 'This can’t be undone.',
  deleteOpen: 'Delete account…',
  deleteTitle: 'Delete your account?',
  deleteWhat: 'This will be gone at once, and for good:',
  deleteProfile: (username: string) => `your profile, ${username}`,
  deletePicture: 'your picture, in all its sizes',
  deleteSessions: 'your sessions on all devices',
  deleteAdvice: 'Download your data first if you want to keep it.',
  deleteConfirm: (username: string) => `Type your username, ${username}, to confirm`,
  deleteNow: 'Delete my account',

  goodbye: (username: string) => `Goodbye, ${username}`,
  goodbyeText: 'Your account is deleted, with your picture and all sessions.',
  newAccount: 'Create a new account',

  unsavedTitle: 'You have unsaved changes',
  unsavedText: 'If you sign out now, what you typed and did not save is lost.',
  stay: 'Stay here',
  leaveUnsaved: 'Sign out without saving',

  signInAgain: 'Sign in again',
  interrupted: {
    ended: 'Your session has ended. Sign in again to go on; what you typed is kept.',
    'signed-out-elsewhere':
      'You signed out in another tab while something here was not saved. Sign in again to go on with it.',
    'somebody-else':
      'Somebody else signed in in another tab. Sign in again as yourself to go on with what you typed.'
  },
  interruptedUser: (username: string) =>
    `This page is ${username}’s. If somebody else signs in, it starts anew.`,
  giveUp: 'Leave without saving',
  tryAgain: 'Try again'
}

export type AccountMessages = typeof en
